#!/usr/bin/env bash
# Trains ResNet-20 for a few steps and prints one SHA-256 of all weights, statistics and optimiser states for each form, estimator and
# device: the CPU at every vector width that this machine has, and the CUDA emulator. A change that should change no number leaves
# every sum as it was.
#
#   build/same-bits.sh            prints the sums, in the form of build/same-bits.txt
#   build/same-bits.sh --check    compares them with build/same-bits.txt where the vector width exists and the C library (for the
#                                 emulator also the compiler) is the same; exit status 1 on a difference
#
# RESTE names a built program, an older one too (reste or reste.dll), and EMULATOR the folder of its emulator (default
# build/out/emulator); without RESTE this source tree is built.
set -euo pipefail
RESTE=${RESTE:+$(realpath "$RESTE")}
EMULATOR=${EMULATOR:+$(realpath "$EMULATOR")}
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
unset CUDA_VISIBLE_DEVICES RESTE_CUDA_SYNC RESTE_EMULATOR_FAULT RESTE_EMULATOR_ORDER

known=build/same-bits.txt
summer=build/out/same-bits
emulator=${EMULATOR:-build/out/emulator}
row_format='%-5s %-9s %-10s %-18s %-12s %s'
# Two epochs, so that the exponent of ReSTE moves on; two whole batches and a smaller last one in each.
training=(--dataset shapes --epochs 2 --lr 0.01 --seed 7 --progress none)
cpu_images=(--limit_train 80 --limit_test 16 -b 32 -bt 16)
emulator_images=(--limit_train 20 --limit_test 8 -b 8 -bt 8)

fail() { echo "same-bits: $1" >&2; exit 1; }

reste() {
    case $RESTE in
        *.dll) dotnet "$RESTE" "$@" ;;
        *) "$RESTE" "$@" ;;
    esac
}

build_programs() {
    if [ -z "$RESTE" ]; then
        dotnet build src/Host -v quiet -nologo >&2 || fail "the program was not built"
        [ -n "$EMULATOR" ] || build/build-emulator.sh >&2 || true
        RESTE=src/Host/bin/Debug/net10.0/reste.dll
    fi
    if [ ! "$summer/same-bits.dll" -nt build/same-bits.cs ]; then
        dotnet build build/same-bits.cs -o "$summer" -v quiet -nologo >&2 || fail "build/same-bits.cs was not built"
    fi
}

# The powers of the scalar paths and of the emulator come from it.
c_library() {
    local version
    version=$(getconf GNU_LIBC_VERSION 2> /dev/null | tr ' ' -) || version=$(ldd --version 2>&1 | sed -n 's/^Version /musl-/p')
    echo "${version:-unknown}-$(uname -m)"
}

# The compiler that the emulator was built with.
emulator_compiler() {
    local path
    path=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$emulator/CMakeCache.txt" 2> /dev/null) || true
    if [ -z "$path" ]; then echo unknown
    elif "$path" --version | grep -qi clang; then echo "clang++-$("$path" -dumpversion)"
    else echo "g++-$("$path" -dumpfullversion)"
    fi
}

# Which devices this machine has, each with the setting that asks for it: the widest vectors first.
declare -A setting=()
devices=()
find_devices() {
    local switch width
    for switch in DOTNET_NOLOGO=1 DOTNET_EnableAVX512=0 DOTNET_EnableAVX2=0 DOTNET_EnableHWIntrinsic=0; do
        width=$(export "${switch?}"; reste info | sed -nE 's/^vectors: +([a-z0-9]+).*/\1/p')
        [ -n "$width" ] || fail "$RESTE info does not tell the width of vectors"
        [ "$width" != none ] || width=scalar
        [ -z "${setting[cpu-$width]:-}" ] || continue
        setting[cpu-$width]=$switch
        devices+=("cpu-$width")
    done
    if [ -f "$emulator/libcuda-emulator.so" ]; then devices+=(emulator); fi
}

# The sum of one run: sum_of FORM ESTIMATOR DEVICE.
sum_of() {
    local flags=() run=$work/run
    case $1 in
        1w1a) flags=(--model resnet20_1w1a --estimator "$2") ;;
        1w32a) flags=(--model resnet20_1w1a --a32 --estimator "$2") ;;
        real) flags=(--model resnet20) ;;
        *) fail "$1 is no form" ;;
    esac
    rm -rf "$run"
    if [ "$3" = emulator ]; then
        RESTE_LIBCUDA=$emulator/libcuda-emulator.so RESTE_KERNELS=$emulator/kernels reste --device cuda "${emulator_images[@]}" \
            "${training[@]}" "${flags[@]}" --results_dir "$run" > "$work/log" 2>&1
    else
        (export "${setting[$3]}"; reste --device cpu --threads 2 "${cpu_images[@]}" "${training[@]}" "${flags[@]}" --results_dir "$run") \
            > "$work/log" 2>&1
    fi || fail "$1 $2 on $3: $(tail -1 "$work/log")"
    dotnet "$summer/same-bits.dll" "$run/checkpoint.safetensors"
}

print_all() {
    local device form estimator with sum
    # shellcheck disable=SC2059
    printf "# $row_format\n" form estimator device "C library" compiler "SHA-256 of all tensors of checkpoint.safetensors"
    for device in "${devices[@]}"; do
        with=-
        [ "$device" != emulator ] || with=$compiler
        for form in "1w1a ReSTE" "1w1a STE" "1w32a ReSTE" "1w32a STE" "real -"; do
            read -r form estimator <<< "$form"
            sum=$(sum_of "$form" "$estimator" "$device")
            # shellcheck disable=SC2059
            printf "  $row_format\n" "$form" "$estimator" "$device" "$library" "$with" "$sum"
        done
    done
}

# Why a row cannot be compared: why_not DEVICE LIBRARY COMPILER; nothing where it can.
why_not() {
    if [ "$2" != "$library" ]; then echo "the C library is $library"
    elif [[ " ${devices[*]} " != *" $1 "* ]]; then echo "there is no $1"
    elif [ "$1" = emulator ] && [ "$3" != "$compiler" ]; then echo "the compiler is $compiler"
    fi
}

check_all() {
    local form estimator device row_library row_compiler expected actual why same=0 differ=0 left_out=0 of_library=0
    while read -r form estimator device row_library row_compiler expected; do
        [[ $form != \#* ]] || continue
        [ "$row_library" != "$library" ] || of_library=1
        why=$(why_not "$device" "$row_library" "$row_compiler")
        printf '%-5s %-9s %-10s %-18s %-12s ' "$form" "$estimator" "$device" "$row_library" "$row_compiler"
        if [ -n "$why" ]; then
            left_out=$((left_out + 1))
            echo "not comparable here ($why)"
            continue
        fi
        actual=$(sum_of "$form" "$estimator" "$device")
        if [ "$actual" = "$expected" ]; then
            same=$((same + 1))
            echo same
        else
            differ=$((differ + 1))
            echo "differs: $actual, not $expected"
        fi
    done < "$known"
    echo "same-bits: $same same, $differ different, $left_out not comparable here; $SECONDS s"
    [ "$differ" -eq 0 ] || fail "numbers have changed; a change on purpose replaces its rows of $known and says why"
    [ "$same" -gt 0 ] || [ "$of_library" -eq 0 ] || fail "nothing could be compared, though $known has sums for $library"
}

[ $# -eq 0 ] || [ "$*" = --check ] || { echo "usage: build/same-bits.sh [--check]" >&2; exit 2; }
SECONDS=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build_programs
library=$(c_library)
compiler=$(emulator_compiler)
find_devices
if [ $# -eq 0 ]; then print_all; else check_all; fi
