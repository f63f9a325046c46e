#!/usr/bin/env bash
# Tries build/gpu-check.sh without a GPU: its quick stages on the emulator, at toy sizes, by the programs that `dotnet build` made. Shows
# that every stage finds its programs, files and flags, that a second call does nothing twice, and that another machine goes on with what
# was packed; figures mean nothing. A minute at most.
#
#   build/try-gpu-check.sh [STAGE..., default images machine device-tests kernels packed dependent-launches train]
set -euo pipefail
cd "$(dirname "$0")/.."

stages=("$@")
if [ ${#stages[@]} -eq 0 ]; then stages=(images machine device-tests kernels packed dependent-launches train); fi
fail() { echo "try-gpu-check.sh: $1" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A program of a development build, as a published one would lie in the folder.
program() {
    [ -f "$2" ] || fail "no $2: dotnet build first"
    printf '#!/bin/sh\nexec dotnet "%s" "$@"\n' "$PWD/$2" > "$PROGRAMS/$1"
    chmod +x "$PROGRAMS/$1"
}

# call EXPECTED ARGUMENT...: one call, whose exit code must be as expected.
call() {
    local expected=$1 code=0
    shift
    build/gpu-check.sh "$@" > "$work/log" 2>&1 || code=$?
    [ "$code" -eq "$expected" ] || { cat "$work/log"; fail "gpu-check.sh $*: exit code $code, not $expected"; }
}

says() { grep -q -- "$1" "$work/log" || { cat "$work/log"; fail "gpu-check.sh did not say: $1"; }; }

export PROGRAMS=$work/programs RESULTS=$work/results PACK=$work/packed/results.tar.xz EPOCHS=1
export GPU_CHECK_EMULATOR=${GPU_CHECK_EMULATOR:-build/out/emulator/libcuda-emulator.so}
[ -f "$GPU_CHECK_EMULATOR" ] || fail "no $GPU_CHECK_EMULATOR: build/build-emulator.sh first"
mkdir "$PROGRAMS"
program reste src/Host/bin/Debug/net10.0/reste.dll
program ReSTE.Native.Engine.Tests tests/Engine.Tests/bin/Debug/net10.0/ReSTE.Native.Engine.Tests.dll
program ReSTE.Native.Inference.Tests tests/Inference.Tests/bin/Debug/net10.0/ReSTE.Native.Inference.Tests.dll

call 2 no-such-stage
call 0 "${stages[@]}"
call 0 "${stages[@]}" report
for stage in "${stages[@]}"; do
    [ "$stage" = machine ] || says "== $stage: done before"
    grep -q "^| $stage | passed |" "$RESULTS/summary.md" || fail "the summary does not say that $stage passed"
done
RESULTS=$work/elsewhere SECONDS_LEFT=20 call 0 "${stages[@]}"
says "going on with the results in $PACK"
SECONDS_LEFT=20 call 130 --again device-tests
says "== device-tests: no time left for it"
echo "gpu-check.sh tried without a GPU: ${stages[*]}, report"
