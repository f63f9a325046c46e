#!/usr/bin/env bash
# Interrupts a small training COUNT times at random moments, by SIGKILL, SIGTERM, SIGINT and two SIGINTs, and resumes it after each.
# Whenever a run gets to its end, its checkpoints must be those of a run that was left alone, byte for byte, and so must the rows of
# metrics.csv and the lines of metrics.jsonl, without times, those of layers.jsonl, report.html without times, the size of TensorBoard's
# file, whose records have a size each, and the step lines of logger.log, without times. After every interruption the checkpoints must be
# whole.
# Prints one line; exits 1 on any difference.
#
#   build/interruptions.sh [COUNT=200] [SEED=1]
#
# RESTE names a built program; without it one is published into build/out/reste.
set -euo pipefail
RESTE=${RESTE:+$(realpath "$RESTE")}
cd "$(dirname "$0")/.."
# Without job control a shell's children ignore SIGINT, and what this shell was told to ignore it cannot undo.
set -m
if [ $(( 0x$(sed -n 's/^SigIgn:\t//p' /proc/self/status) & 2 )) -ne 0 ]; then
    RESTE=$RESTE exec env --default-signal=INT bash build/interruptions.sh "$@"
fi

count=${1:-200} seed=${2:-1}
[[ $count =~ ^[0-9]+$ && $seed =~ ^[0-9]+$ ]] || { echo "usage: build/interruptions.sh [COUNT=200] [SEED=1]" >&2; exit 2; }
if [ -z "$RESTE" ]; then
    dotnet publish src/Host -c Release -o build/out/reste -v quiet -nologo
    RESTE=build/out/reste/reste
fi
patience=60 # seconds that a run may take to end after a signal
most_steps=10 # more step lines than that after SIGINT or SIGTERM mean that it went unheard
epochs=4 step_lines=128
network=(--device cpu --threads 1 --dataset shapes --limit_test 256 -bt 16)
training=("${network[@]}" --epochs $epochs --limit_train 256 -b 16 --lr 0.01 --cal_ind -p 1 --progress none --tensorboard)

work=$(mktemp -d)
whole=$work/whole
pid=
leave() {
    if [ -n "$pid" ]; then kill -KILL "$pid" 2> /dev/null || true; fi
    [ "${failures:-0}" -gt 0 ] || rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
RANDOM=$seed
declare -A by_signal=() by_phase=() by_code=()
interruptions=0 finished=0 failures=0 runs=0 checked= pace=100

milliseconds() { echo $(( ${EPOCHREALTIME/[.,]/} / 1000 )); }
pause() { sleep "$(printf '%d.%03d' $(( $1 / 1000 )) $(( $1 % 1000 )))"; }
alive() { kill -0 "$pid" 2> /dev/null; }
metrics() { cut -d, -f1-11 "$1/metrics.csv"; }
records() { sed -E 's/"(images_per_s|seconds|time)":[^,}]*,?//g' "$1/metrics.jsonl"; }
# A page names its folder; whether the run was resumed it does not say.
report() { sed -e '/<section id="timings"/,/<\/section>/d' -e 's/<time>[^<]*<\/time>//' -e '/^<meta name="reste-run"/d' \
    -e '/^<title>/d' -e "s|$1||g" "$1/report.html"; }
events() { stat -c %s "$1/events.out.tfevents.reste"; }
steps() { sed -nE 's/^.* - INFO - (TRAINING|EVALUATING)( - Epoch: \S+)\t.*\t(loss .*)$/\1\2 \3/p' "$1/logger.log"; }
saving() { compgen -G "$run/*.safetensors.*.tmp" > /dev/null; }
lines() { { steps "$run" 2> /dev/null || true; } | wc -l; }
log_state() { stat -c '%i %s %Y' "$run/logger.log" 2> /dev/null || true; }

fail() {
    failures=$((failures + 1))
    echo "interruptions: run $runs, after interruption $interruptions ($1): $2; see $run"
}

new_run() {
    runs=$((runs + 1)) run=$work/run-$runs had_checkpoint= checked=
}

# What the run was doing when it was last heard of.
phase() {
    if [ -n "$saw_saving" ] || saving; then echo saving
    elif [ "$(log_state)" = "$log_before" ]; then echo start-up
    else
        awk '/ - INFO - (saving|resuming|training) / { p = "start-up" }
            / - INFO - lr: / || / TRAINING - Epoch/ { p = "training" } / EVALUATING - Epoch/ { p = "evaluation" }
            /^ Epoch: / { p = "saving" } /DONE/ { p = "finishing" } END { print p }' "$run/logger.log"
    fi
}

# Milliseconds that the run would take from here, roughly: the pace follows what else the machine has to do.
left() {
    local rows=0
    [ ! -e "$run/metrics.csv" ] || [ ! -e "$run/checkpoint.safetensors" ] || rows=$(( $(wc -l < "$run/metrics.csv") - 1 ))
    echo $(( (start_up + (duration - start_up) * (rows < epochs ? epochs - rows : 1) / epochs) * pace / 100 + 1 ))
}

# Sends the signals once the moment has come; fails where the run has ended by then.
interrupt() {
    local kind=$1 watches=$(( RANDOM % 4 == 0 )) begin=$(( (RANDOM * 32768 + RANDOM) % $(left) ))
    saw_saving=
    pause "$begin"
    # One in four waits for a checkpoint being written, which takes too little of the time to be hit by chance.
    if [ "$watches" -eq 1 ]; then
        until saving; do alive || return 1; done
        saw_saving=1
    fi
    kill -"${kind%% *}" "$pid" || return 1
    lines_before=$(lines)
    if [ "$kind" = "INT INT" ]; then
        pause $(( RANDOM % 30 ))
        kill -INT "$pid" || true
    fi
}

finish() {
    local until=$(( $(milliseconds) + patience * 1000 ))
    while alive && [ "$(milliseconds)" -lt "$until" ]; do sleep 0.01; done
    if alive; then
        fail "$1" "the run has not ended within $patience s"
        kill -KILL "$pid"
    fi
    code=0
    wait "$pid" 2> /dev/null || code=$?
    pid=
}

# What lies in the folder must be whole: the best checkpoint, where it is a new one, is evaluated; the other is what the next run resumes
# from.
check_folder() {
    local state
    if [ -e "$run/checkpoint.safetensors" ]; then had_checkpoint=1
    elif [ -n "$had_checkpoint" ]; then fail "$1" "the checkpoint is gone"
    fi
    state=$(stat -c '%i %Y' "$run/model_best.safetensors" 2> /dev/null) || return 0
    [ "$state" = "$checked" ] || "$RESTE" evaluate "$run/model_best.safetensors" "${network[@]}" > "$work/evaluated" 2>&1 ||
        fail "$1" "$(cat "$work/evaluated")"
    checked=$state
}

compare() {
    local name
    finished=$((finished + 1))
    for name in checkpoint.safetensors model_best.safetensors; do
        cmp -s "$whole/$name" "$run/$name" || fail "$1" "$name differs from that of the run left alone"
    done
    cmp -s <(metrics "$whole") <(metrics "$run") || fail "$1" "metrics.csv differs from that of the run left alone"
    cmp -s <(records "$whole") <(records "$run") || fail "$1" "metrics.jsonl differs from that of the run left alone"
    cmp -s "$whole/layers.jsonl" "$run/layers.jsonl" || fail "$1" "layers.jsonl differs from that of the run left alone"
    cmp -s <(report "$whole") <(report "$run") || fail "$1" "report.html differs from that of the run left alone"
    [ ! -e "$run/signs.json" ] || fail "$1" "signs.json is left"
    [ "$(events "$whole")" -eq "$(events "$run")" ] || fail "$1" "TensorBoard's file has another size than that of the run left alone"
    cmp -s <(steps "$whole") <(steps "$run") || fail "$1" "the step lines of logger.log differ from those of the run left alone"
    ! compgen -G "$run/*.tmp" > /dev/null || fail "$1" "a temporary file is left"
    [ "$failures" -gt 0 ] || rm -rf "$run"
    new_run
}

table() {
    local -n counts=$1
    local key text=
    for key in $(printf '%s\n' "${!counts[@]}" | tr ' ' '+' | sort); do text+="${text:+, }${key//+/ } ${counts[${key//+/ }]}"; done
    echo "${text:-none}"
}

began=$(milliseconds)
"$RESTE" "${training[@]}" --results_dir "$whole" > "$work/out" 2>&1 ||
    { cat "$work/out"; echo "interruptions: the run left alone failed"; exit 1; }
duration=$(( $(milliseconds) - began ))
start_up=$(( duration - $(awk -F, 'NR > 1 { seconds += $12 } END { printf "%d", 1000 * seconds }' "$whole/metrics.csv") ))
[ "$(steps "$whole" | wc -l)" -eq "$step_lines" ] || { echo "interruptions: logger.log has not $step_lines step lines"; exit 1; }

new_run
kinds=(KILL TERM INT "INT INT")
while [ "$interruptions" -lt "$count" ]; do
    kind=${kinds[RANDOM % 4]}
    resume=()
    [ ! -e "$run/checkpoint.safetensors" ] || resume=(--resume)
    log_before=$(log_state)
    "$RESTE" "${training[@]}" --results_dir "$run" "${resume[@]}" > "$work/out" 2> "$work/err" &
    pid=$!
    hit=
    # The shell would tell of every child that was killed.
    interrupt "$kind" 2> /dev/null && hit=1
    finish "$kind" 2> /dev/null
    if [ -z "$hit" ]; then
        pace=$(( pace > 25 ? pace * 85 / 100 : pace ))
    else
        pace=$(( pace < 400 ? pace * 105 / 100 + 1 : pace ))
        interruptions=$((interruptions + 1))
        phase=$(phase)
        signal=SIG${kind/ INT/ twice}
        by_signal[$signal]=$(( ${by_signal[$signal]:-0} + 1 ))
        by_phase[$phase]=$(( ${by_phase[$phase]:-0} + 1 ))
        by_code[$code]=$(( ${by_code[$code]:-0} + 1 ))
    fi
    case ${hit:-0}$kind$code in
        ?*0 | 1KILL137 | 1TERM143 | 1INT*130) ;;
        *) fail "$kind" "exit code $code: $(cat "$work/err")" ;;
    esac
    ! grep -q 'error' "$work/err" || fail "$kind" "$(grep error "$work/err")"
    [ -z "$hit" ] || [ $(( $(lines) - lines_before )) -le "$most_steps" ] ||
        fail "$kind" "the run went on for $(( $(lines) - lines_before )) steps"
    check_folder "$kind"
    [ "$code" -ne 0 ] || compare "$kind"
done

echo "interruptions: $interruptions ($(table by_signal)); hit: $(table by_phase); exit codes: $(table by_code);" \
    "$finished finished runs compared, $failures failures; seed $seed, $(( ($(milliseconds) - began) / 1000 )) s"
[ "$failures" -eq 0 ]
