#!/usr/bin/env bash
# Builds the CUDA emulator (tests/emulator) into a folder of build/out: build/build-emulator.sh [emulator | emulator-asan]. Says nothing
# where nothing is to do; without a compiler or cmake it says so in one line and succeeds, for the tests on the emulator are then skipped
# and the others go on.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-emulator}
out=build/out/$name

compiler=${CXX:-g++}
for tool in "$compiler" cmake; do
    if ! command -v "$tool" > /dev/null; then
        echo "CUDA emulator not built: no $tool; the CUDA kernels are not tested here"
        exit 0
    fi
done

# Two test projects may ask at the same time.
mkdir -p "$out"
if command -v flock > /dev/null; then
    exec 9> "$out/.lock"
    flock 9
fi

if [ ! -f "$out/CMakeCache.txt" ]; then
    sanitize=OFF
    if [ "$name" = emulator-asan ]; then sanitize=ON; fi
    cmake -S tests/emulator -B "$out" -DCMAKE_BUILD_TYPE=None -DRESTE_SANITIZE=$sanitize > "$out/configure.log" 2>&1 ||
        { cat "$out/configure.log"; rm -f "$out/CMakeCache.txt"; exit 1; }
fi
cmake --build "$out" --parallel "$(nproc)" > "$out/build.log" 2>&1 || { cat "$out/build.log"; exit 1; }
