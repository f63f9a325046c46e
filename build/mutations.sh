#!/usr/bin/env bash
# Reads COUNT damaged files, a quarter each bare safetensors files, whole training checkpoints, PyTorch's files, and CIFAR batches and
# archives, as many packed networks as a quarter, and for a hundred of them one JPEG and one Parquet file, which take as long as many of
# those: flipped bits, other bytes, cut ends, pieces removed and copied, the same for a COUNT. Each must be read or refused in one line
# within a second, a JPEG within ten and a Parquet file within sixty, with no more memory than its size allows. Prints one line; exits 1 on
# a crash, a hang, or memory set aside on a header's word.
#
#   build/mutations.sh [COUNT=100000]
set -euo pipefail
cd "$(dirname "$0")/.."

count=${1:-100000}
[[ $count =~ ^[1-9][0-9]*$ ]] || { echo "usage: build/mutations.sh [COUNT=100000]" >&2; exit 2; }
quarter=$(( (count + 3) / 4 ))
patience=$(( 300 + count / 50 )) # seconds: a test that hangs is ended

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
for project in Engine Data Inference Images; do
    export RESTE_MUTATIONS=$quarter
    [ "$project" != Images ] || RESTE_MUTATIONS=$(( count / 100 > 300 ? count / 100 : 300 ))
    dotnet build "tests/$project.Tests" -v quiet -nologo > "$log.build" || { cat "$log.build"; rm -f "$log.build"; exit 1; }
    rm -f "$log.build"
    code=0
    timeout -s KILL "$patience" "tests/$project.Tests/bin/Debug/net10.0/ReSTE.Native.$project.Tests" -noColor \
        -class '*.SafetensorsMutationTests' -class '*.CheckpointMutationTests' -class '*.TorchMutationTests' \
        -class '*.PackedMutationTests' -class '*.CifarMutationTests' -class '*.JpegMutationTests' -class '*.ShardMutationTests' \
        > "$log.$project" 2>&1 || code=$?
    if [ "$code" -ne 0 ]; then
        failed=1
        cat "$log.$project"
        echo "mutations: the tests of $project ended with $code$([ "$code" -ne 137 ] || echo ": killed after $patience s")"
    fi
    cat "$log.$project" >> "$log"
    rm -f "$log.$project"
done

# Each test says "<what>, seed N: ..." of its part, or "in all: ..." of several.
awk -v asked="$count" -v failed="$failed" '
    / read, [0-9]+ refused/ && (/, seed [0-9]+: / || /^ *in all: /) {
        for (i = 2; i <= NF; i++) {
            if ($i ~ /^read/) read += $(i - 1)
            if ($i ~ /^refused/) refused += $(i - 1)
            if ($(i - 1) == "slowest" && $i > slowest) slowest = $i
            if ($(i - 1) == "allocation" && $i > largest) largest = $i
        }
    }
    END {
        mutated = read + refused
        verdict = failed ? "FAILED" : mutated < asked ? "only " mutated " of " asked : "no crash, no hang"
        printf "mutations: %d mutated, %d read, %d refused, slowest %.1f ms, largest allocation %.2f times the file; %s\n",
            mutated, read, refused, slowest, largest, verdict
        exit failed || mutated < asked
    }' "$log"
