#!/usr/bin/env bash
# Trains on the built-in images for a moment, writes the network in every form that `reste export` knows, and has each run by what reads
# such files, over the test images beside the engine. What is not on this machine (a C compiler, ONNX Runtime, a browser) is said in its
# line; a label that is another is a failure.
#
#   build/exports.sh
#
# RESTE names a built program (reste or reste.dll); without it this source tree is built. RESTE_ONNXRUNTIME names ONNX Runtime's library,
# by default the one that the tests of this tree have.
set -euo pipefail
RESTE=${RESTE:+$(realpath "$RESTE")}
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ -z "$RESTE" ]; then
    dotnet build src/Host -v quiet -nologo >&2
    RESTE=src/Host/bin/Debug/net10.0/reste.dll
fi
reste() {
    case $RESTE in
        *.dll) dotnet "$RESTE" "$@" ;;
        *) "$RESTE" "$@" ;;
    esac
}

if [ -z "${RESTE_ONNXRUNTIME:-}" ]; then
    found=$(find tests/Export.Tests/bin -name libonnxruntime.so 2> /dev/null | head -1)
    [ -z "$found" ] || export RESTE_ONNXRUNTIME=$PWD/$found
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
reste --dataset shapes --epochs 2 --limit_train 512 --limit_test 256 -b 64 --device cpu --progress none \
    --results_dir "$folder/run" > /dev/null
failed=0
export_as() {
    local said
    if ! said=$(reste export "$folder/run/checkpoint.safetensors" --output "$folder/network.$1" --verify 512 --format "$@" 2>&1); then
        echo "exports: $1: FAILED: $said"
        failed=1
        return
    fi
    # The sizes, then what came of the comparison.
    echo "exports: $*: $(sed -n '1s/^wrote [^:]*: \([0-9,]* bytes\).*/\1/p' <<< "$said"), $(sed -n 2p <<< "$said")"
}
for format in packed c onnx qonnx safetensors html; do
    export_as $format
done
export_as packed --real_layers int8 --force
[ "$failed" -eq 0 ] || exit 1
