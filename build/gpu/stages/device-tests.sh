#!/usr/bin/env bash
# Runs the tests that use the GPU, group by group; a group that passed is not run again, and one that failed comes after those that were not
# run yet.
set -euo pipefail
. build/gpu/common.sh

tests=ReSTE.Native.Engine.Tests packed=ReSTE.Native.Inference.Tests
# Group, program, the runner's filters: kinds add up to "and", several of one kind to "or".
groups=(
    "operations $tests      -namespace $tests.Operations -trait- Category=Device"
    "marked     $tests      -trait Category=Device"
    "packed     $packed   -trait Category=Device"
    "cuda       $tests      -namespace $tests.Cuda* -trait- Category=Device"
    "estimators $tests      -namespace $tests.Estimators -trait- Category=Device"
    "optimisers $tests      -namespace $tests.Optimisers -trait- Category=Device"
    "tapes      $tests      -namespace $tests.Tapes -trait- Category=Device"
    "embedding  $tests      -namespace $tests.Embedding -trait- Category=Device"
    "reference  $tests      -trait Category=Reference -trait- Category=Device"
)
# On the emulator: enough to try this script.
toy_groups=(
    "add        $tests      -class $tests.Operations.AddTests"
    "driver     $tests      -class $tests.Cuda.Driver.DriverTests"
    "packed     $packed   -method *.Many_threads_may_ask_at_once"
)
if emulated; then groups=("${toy_groups[@]}"); fi

# The counts of the runner's closing line: all, errors, failed, skipped.
total() { sed -nE "s/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\\1 \\2 \\3 \\4/p" "$1" | tail -n 1; }

run_group() {
    local group=$1 name=$2 log=$folder/$1.log code=0 all=0 errors=0 failures=0 skipped=0 verdict=passed
    shift 2
    timeout --foreground -k 5 "$(seconds_left)" "$PROGRAMS/$name" -noLogo -noColor "$@" > "$log" 2>&1 || code=$?
    read -r all errors failures skipped <<< "$(total "$log")" || true
    if [ "$code" -ne 0 ]; then verdict="failed, exit code $code"; fi
    if [ "$code" -eq 124 ]; then verdict="not finished in time"; fi
    # Skipped tests are not run tests: where all of a group skip, there was no GPU for them.
    if [ "$code" -eq 0 ] && [ "$((${all:-0} - ${skipped:-0}))" -le 0 ]; then verdict="failed, nothing ran"; fi
    printf '%s\t%s\t%s\t%s\t%s\n' "$group" "$verdict" "${all:-0}" "$((${errors:-0} + ${failures:-0}))" "${skipped:-0}" |
        tee "$folder/$group.tsv"
    if [ "$verdict" != passed ]; then
        grep -E '\[FAIL\]' "$log" | head -n 40 || tail -n 20 "$log"
        return 1
    fi
    touch "$folder/$group.ok"
}

folder=$RESULTS/device-tests
require_images
# Recorded numbers lie in the source tree and need not travel twice.
if [ ! -d "$PROGRAMS/reference-data" ]; then export RESTE_REFERENCE_DIR=${RESTE_REFERENCE_DIR:-$PWD/tests/reference-data}; fi
program "$tests" > /dev/null
program "$packed" > /dev/null
# Tests that need a GPU skip where they find none: asked first, so that skipping cannot pass for passing.
"$(program reste)" info > "$folder/info.txt"
grep -q '^cuda:0: .*ready$' "$folder/info.txt" || fail "the programs see no usable GPU: $(grep -m 1 '^cuda' "$folder/info.txt")"
new=() old=() failed=()
for line in "${groups[@]}"; do
    group=${line%% *}
    if [ -e "$folder/$group.ok" ]; then continue; elif [ -e "$folder/$group.tsv" ]; then old+=("$line"); else new+=("$line"); fi
done
for line in "${new[@]}" "${old[@]}"; do
    read -ra words <<< "$line"
    if [ "$(seconds_left)" -lt 20 ] && [ ${#failed[@]} -gt 0 ]; then echo "failed so far: ${failed[*]} (logs in $folder)"; fi
    need_seconds 20
    run_group "${words[@]}" || failed+=("${words[0]}")
done
[ ${#failed[@]} -eq 0 ] || fail "failed: ${failed[*]} (logs in $folder)"
