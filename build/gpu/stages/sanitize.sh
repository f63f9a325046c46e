#!/usr/bin/env bash
# Runs small training steps and a packed network under compute-sanitizer's tools; each must find nothing.
set -euo pipefail
. build/gpu/common.sh

tools=(memcheck racecheck synccheck initcheck)
models=(resnet20_1w1a "resnet20_1w1a --a32" resnet20 packed)
batch=2

step() {
    if [ "$model" = packed ]; then
        "$@" "$reste" bench packed "$packed" --device "$DEVICE" --batch "$batch" --steps 1 --warmup 1
    else
        "$@" "$reste" bench step --device "$DEVICE" --model $model --batch "$batch" --steps 1 --warmup 1
    fi
}

# The tool's exit code tells its findings from its own troubles: 99 is ours, chosen below.
check() {
    local log=$1 tool=$2 code=0
    step timeout --foreground -k 5 "$(seconds_left)" compute-sanitizer --tool "$tool" --target-processes all --error-exitcode 99 \
        > "$log" 2>&1 || code=$?
    summary=$(grep -E '(ERROR|RACECHECK) SUMMARY' "$log" | tail -n 1 | sed 's/^=* *//')
    if [ "$code" -eq 0 ] && grep -qE '(ERROR SUMMARY: 0 errors|RACECHECK SUMMARY: 0 hazards)' <<< "$summary"; then return 0; fi
    if [ "$code" -eq 124 ]; then summary="not finished in time"; fi
    if [ -z "$summary" ]; then
        summary="did not run: $(grep -m 1 -iE 'not supported|error|unable|cannot' "$log" || tail -n 1 "$log")"
        summary=${summary//========= /}
    fi
    return 1
}

# Without a GPU there is nothing to sanitize: this shows that the command lines are right.
check_plain() { summary="step runs, not sanitized"; step > "$1" 2>&1 || { summary="the step fails: $(tail -n 1 "$1")"; return 1; }; }

reste=$(program reste)
require_images
folder=$RESULTS/sanitize
checker=check
if ! command -v compute-sanitizer > /dev/null; then
    emulated || fail "no compute-sanitizer on the PATH: it comes with CUDA"
    checker=check_plain
fi
packed=$folder/resnet20_1w1a.bnn
if [ ! -e "$packed" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    pack_network resnet20_1w1a "$work" > "$folder/pack.log" 2>&1 || fail "no packed network: $(tail -n 1 "$folder/pack.log")"
    mv "$work/resnet20_1w1a.bnn" "$packed"
fi
failed=()
for model in "${models[@]}"; do
    for tool in "${tools[@]}"; do
        name=$tool.${model// --/-}
        if [ -e "$folder/$name.ok" ]; then continue; fi
        need_seconds 30
        verdict=ok
        $checker "$folder/$name.log" "$tool" || { verdict=FAILED; failed+=("$name"); }
        printf '%s\t%s\t%s\n' "$name" "$verdict" "$summary" | tee "$folder/$name.tsv"
        if [ "$verdict" = ok ]; then touch "$folder/$name.ok"; fi
    done
done
[ ${#failed[@]} -eq 0 ] || fail "not clean: ${failed[*]} (logs in $folder)"
