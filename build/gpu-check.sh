#!/usr/bin/env bash
# Checks the CUDA path on a machine with an NVIDIA GPU and without the .NET SDK: builds the kernels, tests, sanitizes, times against
# PyTorch, trains.
#
#   build/gpu-check.sh [--again] STAGE... | all
#
#   images        compile kernels/*.cu with nvcc        kernels      every kernel of a step by itself
#   machine       what this machine is                  train        published recipes on CIFAR-10, whole, in pieces (needs DATA)
#   device-tests  the tests that use the GPU            bench-tuned  steps against PyTorch compiled
#   sanitize      compute-sanitizer on small steps      profile      time of each kernel in a step (optional)
#   bench         steps of every network and PyTorch's  report       summary.md of all of it
#   packed        packed networks, an image a call and many
#   dependent-launches   steps with them and without, and whether their bits are the same
#
# Every stage has its own limit, nine minutes at most. What passed is not run again without --again; 130 means that a stage has
# more to do: call again.
# Exit code: 0 all named stages passed, 1 one failed, 2 misuse, 130 call again.
#
#   PROGRAMS  folder of build/publish-gpu.sh's programs, default build/out/gpu/programs; a programs.tar.xz beside it is unpacked there
#   RESULTS   where results go, default build/out/gpu-results/<gpu>-<date>; name it to go on on another day
#   PACK      a .tar.xz into which each call packs results and checkpoints at its end, and from which RESULTS is unpacked where it is not
#             there: to go on on another machine; PACK_MB, default 15, is the most that it may grow to by checkpoints
#   KERNELS   where images are built and found, default build/out/gpu/kernels; while there are none, those inside the programs serve
#   SECONDS_OF  seconds a stage may take in this call, in place of its own, such as "train=500"
#   SECONDS_LEFT  seconds this call may take at most, default no limit: no stage is begun that has no time left
#   DATA      folder with the official files of CIFAR-10, for `train`; EPOCHS its length, default as published: 1000
#   BENCH_FLAGS  more flags of build/gpu/bench.py for `bench`, such as --no-tuned; BENCH_ROUNDS, BENCH_BATCHES its rounds and batch sizes
#   PYTHON    a Python with PyTorch and CUDA for `bench`, default python3;  NVCC  the compiler, default from PATH or /usr/local/cuda
#   GPU_CHECK_EMULATOR  path of libcuda-emulator.so: tries this script without a GPU, at toy sizes; its figures mean nothing
#
# The card's settings stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
. build/gpu/common.sh

# In the order of their worth, each with the seconds that it may take in one call: a lent GPU is dear, and what is left goes on in the next.
stages=(images machine device-tests sanitize bench kernels packed dependent-launches train bench-tuned profile report)
declare -A stage_seconds=([images]=90 [machine]=30 [device-tests]=120 [sanitize]=90 [bench]=120 [kernels]=60 [packed]=60
    [dependent-launches]=60 [train]=150 [bench-tuned]=240 [profile]=60 [report]=30)

known() { local stage; for stage in "${stages[@]}"; do [ "$stage" != "$1" ] || return 0; done; return 1; }

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; }

read_arguments() {
    again=no wanted=()
    while [ $# -gt 0 ]; do
        case $1 in
            --again) again=yes ;;
            all) wanted+=("${stages[@]}") ;;
            -h | --help) usage; exit 0 ;;
            *) known "$1" || { echo "gpu-check.sh: no stage '$1'; there are: ${stages[*]}, all" >&2; exit 2; }; wanted+=("$1") ;;
        esac
        shift
    done
    [ ${#wanted[@]} -gt 0 ] || { usage >&2; exit 2; }
}

# One name for the GPU, fit for a folder: "NVIDIA H200" becomes h200.
find_gpu() {
    if emulated; then gpu=emulator; return; fi
    command -v nvidia-smi > /dev/null ||
        fail "no NVIDIA GPU here: nvidia-smi not found (GPU_CHECK_EMULATOR=libcuda-emulator.so tries the script without one)"
    local name
    name=$(nvidia-smi -i 0 --query-gpu=name --format=csv,noheader 2>&1) || fail "no usable NVIDIA GPU: $(head -n 1 <<< "$name")"
    gpu=$(tr '[:upper:]' '[:lower:]' <<< "${name#NVIDIA }" | sed -E 's/[^a-z0-9]+/-/g; s/^-|-$//g')
}

# Stages are programs of their own and get all they need from here.
choose_folders() {
    absolute() { mkdir -p "$1" && (cd "$1" && pwd); }
    export PROGRAMS=${PROGRAMS:-$PWD/build/out/gpu/programs}
    unpack_programs
    RESULTS=$(absolute "${RESULTS:-build/out/gpu-results/$gpu-$(date +%Y-%m-%d)}")
    KERNELS=$(absolute "${KERNELS:-build/out/gpu/kernels}")
    export RESULTS GPU_NAME=$gpu DEVICE=cuda
    if [ -n "${PACK:-}" ] && [ -f "$PACK" ]; then unpack_results; fi
    if emulated; then
        RESTE_LIBCUDA=$(realpath "$GPU_CHECK_EMULATOR")
        KERNELS=$(dirname "$RESTE_LIBCUDA")/kernels
        export RESTE_LIBCUDA DEVICE=${GPU_CHECK_DEVICE:-cuda}
    else
        export RESTE_REQUIRE_GPU=1
    fi
    export KERNELS
}

# Once for every archive: programs of an earlier one would be measured in its place.
unpack_programs() {
    local archive=$PROGRAMS.tar.xz sum
    [ -f "$archive" ] || return 0
    sum=$(cksum < "$archive")
    if [ -x "$PROGRAMS/reste" ] && [ "$(cat "$PROGRAMS/.archive" 2> /dev/null)" = "$sum" ]; then return; fi
    rm -rf "$PROGRAMS"
    mkdir -p "$PROGRAMS"
    tar -C "$PROGRAMS" --strip-components=1 -xJf "$archive" || fail "$archive cannot be unpacked"
    echo "$sum" > "$PROGRAMS/.archive"
}

unpack_results() {
    local from
    if [ -e "$RESULTS/stages.tsv" ]; then return; fi
    from=$(mktemp -d)
    tar -C "$from" -xJf "$PACK" || fail "$PACK cannot be unpacked: remove it to begin anew"
    cp -a "$from/results/." "$RESULTS/"
    if [ -d "$from/run" ]; then mkdir -p "$RESULTS.run" && cp -a "$from/run/." "$RESULTS.run/"; fi
    rm -rf "$from"
    echo "going on with the results in $PACK"
}

# Results, and the folders of trainings that are not finished, the small ones first, while there is room for them.
pack() {
    local parts run room=$((${PACK_MB:-15} << 20)) bytes
    [ -n "${PACK:-}" ] || return 0
    parts=$(mktemp -d)
    ln -s "$RESULTS" "$parts/results"
    mkdir "$parts/run"
    while read -r bytes run; do
        if [ -e "$RESULTS/train/$(basename "$run")/finished" ]; then continue; fi
        room=$((room - bytes))
        if [ "$room" -ge 0 ]; then ln -s "$run" "$parts/run/"; else echo "no room for $run ($bytes bytes) in $PACK"; fi
    done < <(if [ -d "$RESULTS.run" ]; then du -bs "$RESULTS.run"/*/ | sort -n; fi)
    mkdir -p "$(dirname "$PACK")"
    XZ_OPT=-2 tar -C "$parts" -chJf "$PACK.new" results run && mv "$PACK.new" "$PACK"
    rm -rf "$parts"
    echo "packed: $PACK ($(stat -c %s "$PACK") bytes)"
}

# Runs a stage under its time limit. Job control gives it a process group and signals of its own: a program started in the background would
# otherwise ignore the interrupt that makes it save and stop.
run_bounded() {
    local stage=$1 limit=$2 code=0
    set -m
    DEADLINE=$(($(date +%s) + limit)) env --default-signal=INT timeout -k 10 $((limit + 10)) bash "build/gpu/stages/$stage.sh" < /dev/null &
    running=$!
    set +m
    wait "$running" || code=$?
    end_group
    return "$code"
}

# A stage that was stopped leaves its programs time to save; what then still runs of its process group is ended.
end_group() {
    local try
    for try in $(seq 40); do kill -0 -- "-$running" 2> /dev/null || break; sleep 0.5; done
    kill -KILL -- "-$running" 2> /dev/null || true
    running=
}

# Whatever stopped us: one SIGTERM, and time to save. More would end a training unsaved.
stop() {
    if [ -n "$running" ]; then kill -TERM "$running" 2> /dev/null || true; wait "$running" || true; end_group; fi
    pack
    exit "$1"
}

time_left() { echo $((${SECONDS_LEFT:-100000} - SECONDS)); }

# Images that were built on another machine, or removed since, are none. What is quick is done each time: the machine may be another.
is_done() {
    [ -e "$RESULTS/$1.done" ] || return 1
    case $1 in
        images) has_images ;;
        machine | report) return 1 ;;
    esac
}

run_stage() {
    local stage=$1 limit=${stage_seconds[$1]} start=$SECONDS code=0 of reserve=20 least=30
    for of in ${SECONDS_OF:-}; do [ "${of%%=*}" != "$stage" ] || limit=${of#*=}; done
    if [ "$again" = yes ]; then rm -rf "$RESULTS/$stage.done" "$RESULTS/$stage" "$RESULTS/$stage.log"; fi
    if is_done "$stage"; then echo "== $stage: done before"; return 0; fi
    # The quick ones live on what the others leave.
    case $stage in machine | report) reserve=0 least=5 ;; esac
    if [ "$(($(time_left) - reserve))" -lt "$limit" ]; then limit=$(($(time_left) - reserve)); fi
    if [ "$limit" -lt "$least" ]; then echo "== $stage: no time left for it"; return 130; fi
    echo "== $stage"
    mkdir -p "$RESULTS/$stage"
    run_bounded "$stage" "$limit" > >(tee -a "$RESULTS/$stage.log") 2>&1 || code=$?
    printf '%s\t%s\t%s\t%s\n' "$stage" "$code" "$((SECONDS - start))" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >> "$RESULTS/stages.tsv"
    case $code in
        0) touch "$RESULTS/$stage.done" ;;
        130) echo "== $stage: more to do, call again" ;;
        124 | 137) echo "== $stage: failed, not finished after $((SECONDS - start)) s" ;;
        *) echo "== $stage: failed with exit code $code" ;;
    esac
    rmdir "$RESULTS/$stage" 2> /dev/null || true
    return "$code"
}

running=
trap 'stop 143' TERM HUP
trap 'stop 130' INT

read_arguments "$@"
find_gpu
choose_folders
echo "results: $RESULTS"
failed=() unfinished=()
for stage in "${wanted[@]}"; do
    code=0
    run_stage "$stage" || code=$?
    case $code in
        0) ;;
        130) unfinished+=("$stage") ;;
        *) failed+=("$stage") ;;
    esac
done
pack
if [ ${#unfinished[@]} -gt 0 ]; then echo "gpu-check.sh: call again for: ${unfinished[*]}"; fi
if [ ${#failed[@]} -gt 0 ]; then echo "gpu-check.sh: failed: ${failed[*]}"; exit 1; fi
if [ ${#unfinished[@]} -gt 0 ]; then exit 130; fi
