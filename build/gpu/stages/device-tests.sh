#!/usr/bin/env bash
# Runs the tests that use the GPU, group by group; a group that passed is not run again.
set -euo pipefail
. build/gpu/common.sh

tests=ReSTE.Native.Engine.Tests
host_tests=ReSTE.Native.Host.Tests
# group, program, xunit query filters (/assembly/namespace/class/method[trait]); several filters of a group add up.
groups=(
    "marked    $tests       /[Category=Device]"
    "kernels   $tests       /*/$tests.Kernels/*/*[Category!=Device]"
    "cuda      $tests       /*/$tests.Cuda*/*/*[Category!=Device]"
    "tapes     $tests       /*/$tests.Tapes/*/*[Category!=Device]"
    "reference $tests       /[Category=Reference]&[Category!=Device]"
    "training  $tests       /*/$tests.Training/*/*[Category!=Device]&[Category!=Slow]"
    "host      $host_tests  /[Category=Device]"
)
# On the emulator: enough to try this script.
toy_groups=(
    "add       $tests       /*/$tests.Kernels/AddTests"
    "cuda      $tests       /*/$tests.Cuda*/DriverTests"
)
if emulated; then groups=("${toy_groups[@]}"); fi

# The runner succeeds where a filter matches nothing, and its closing line has the counts.
total() { sed -nE "s/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\\1 \\2 \\3 \\4/p" "$1" | tail -n 1; }

run_group() {
    local group=$1 name=$2 filters=() log=$folder/$1.log code=0 filter
    shift 2
    for filter in "$@"; do filters+=(-filter "$filter"); done
    timeout -k 5 "$(seconds_left)" "$(program "$name")" -noLogo -noColor "${filters[@]}" > "$log" 2>&1 || code=$?
    read -r all errors failures skipped <<< "$(total "$log")" || true
    printf '%s\t%s\t%s\t%s\t%s\n' "$group" "$code" "${all:-0}" "$((${errors:-0} + ${failures:-0}))" "${skipped:-0}" | tee "$folder/$group.tsv"
    if [ "$code" -ne 0 ]; then
        grep -E '\[FAIL\]' "$log" | head -n 40 || tail -n 20 "$log"
        return 1
    fi
    touch "$folder/$group.ok"
}

folder=$RESULTS/device-tests
require_images
failed=()
for line in "${groups[@]}"; do
    read -ra words <<< "$line"
    if [ -e "$folder/${words[0]}.ok" ]; then continue; fi
    need_seconds 20
    run_group "${words[@]}" || failed+=("${words[0]}")
done
[ ${#failed[@]} -eq 0 ] || fail "failed: ${failed[*]} (logs in $folder)"
