#!/usr/bin/env bash
# Makes the account of the kernels in kernels/README.md: for each kernel what a training step asks of it, from the launches that
# `reste bench kernels --list` records, and what the compiler made of it, from the disassembly of its image for sm_90a.
#
#   build/account.sh            writes the tables anew
#   build/account.sh --check    compares them; exit status 1 where they are stale. Another compiler than the one they name, or none, or no
#                               disassembler or emulator here: says so and passes
#
# Needs no GPU: the step is recorded on the emulator, at full batch, and not run. RESTE names a built program and EMULATOR the folder of
# its emulator; without them this source tree's are used.
set -euo pipefail
RESTE=${RESTE:+$(realpath "$RESTE")}
EMULATOR=${EMULATOR:+$(realpath "$EMULATOR")}
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
unset CUDA_VISIBLE_DEVICES RESTE_PLAIN_KERNELS RESTE_TF32 RESTE_CUDA_SYNC RESTE_EMULATOR_FAULT RESTE_EMULATOR_ORDER

page=kernels/README.md
measured=build/results/h100-2026-11-27/resnet20_1w1a.kernels.txt
models=(resnet20_1w1a vgg_small_1w1a resnet18_1w1a)    # the first in full
batch=256
images=build/out/kernels
work=build/out/account
emulator=${EMULATOR:-build/out/emulator}
reste=${RESTE:-src/Host/bin/Debug/net10.0/reste.dll}

fail() { echo "account.sh: $1" >&2; exit 1; }

# What is not there decides nothing in a check.
missing() {
    [ "$mode" = check ] || fail "$1"
    echo "account not checked: $1"
    exit 0
}

find_compiler() {
    command -v cmake > /dev/null || missing "cmake not found"
    cmake -P build/kernels.cmake > "$work/kernels.log" || fail "kernels do not compile: see $work/kernels.log"
    compiler=$(sed -n 's/^nvcc \([0-9.]*\):.*/\1/p' "$images/build.txt")
    [ -n "$compiler" ] || missing "$(head -n 1 "$images/build.txt")"
    ls "$images"/*.sm_90a.cubin > /dev/null 2>&1 || missing "nvcc $compiler makes no images for sm_90a"
}

# The one beside the compiler knows its images.
find_disassembler() {
    local nvcc
    nvcc=$(sed -n 's/^RESTE_NVCC_TRIED:INTERNAL=\(.*\) [^ ]*$/\1/p' build/out/cmake/CMakeCache.txt)
    disassembler=$(dirname "$(realpath "$nvcc")")/nvdisasm
    [ -x "$disassembler" ] || disassembler=$(command -v nvdisasm) || missing "nvdisasm not found, neither beside $nvcc nor on PATH"
}

# Some images are large, so those that have not changed are not read again.
disassemble() {
    local image code
    mkdir -p "$work/code"
    for code in "$work/code"/*.sass; do
        [ -f "$images/$(basename "$code" .sass).sm_90a.cubin" ] || rm -f "$code"
    done
    for image in "$images"/*.sm_90a.cubin; do
        code=$work/code/$(basename "$image" .sm_90a.cubin).sass
        if [ "$code" -nt "$image" ]; then continue; fi
        "$disassembler" -c "$image" > "$code.part" || fail "nvdisasm cannot read $image"
        mv "$code.part" "$code"
    done
}

record() {
    local model program=("$reste")
    [ -f "$emulator/libcuda-emulator.so" ] || missing "there is no emulator: build/build-emulator.sh"
    [ -f "$reste" ] || dotnet build src/Host -v quiet -nologo >&2 || fail "the program was not built"
    [[ $reste != *.dll ]] || program=(dotnet "$reste")
    launches=()
    for model in "${models[@]}"; do
        launches+=("$work/$model.json")
        RESTE_LIBCUDA=$emulator/libcuda-emulator.so RESTE_KERNELS=$emulator/kernels "${program[@]}" bench kernels --list --device cuda \
            --model "$model" --dataset cifar10 -b $batch --json "$work/$model.json" > "$work/record.log" 2>&1 ||
            fail "$model cannot be recorded: $(tail -n 1 "$work/record.log")"
    done
}

mode=write
if [ "${1:-}" = --check ]; then mode=check; shift; fi
[ $# -eq 0 ] || { echo "usage: build/account.sh [--check]" >&2; exit 2; }
mkdir -p "$work"
find_compiler
find_disassembler
disassemble
record
dotnet build build/account -v quiet -nologo > "$work/build.log" 2>&1 || fail "build/account was not built: see $work/build.log"
dotnet build/account/bin/Debug/net10.0/account.dll "$compiler" "$work/code" "$images/logs" "$measured" "$page" "$mode" "${launches[@]}"
