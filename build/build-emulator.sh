#!/usr/bin/env bash
# Builds the CUDA emulator (tests/emulator) into a folder of build/out: build/build-emulator.sh [emulator | emulator-asan]. Says nothing
# where it is built. Else it says why in one line, which also lies in why-not.txt beside it: the tests on the emulator are then skipped
# and the others go on. Exit status 0 where a tool is missing, 1 where a tool that is there refuses.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-emulator}
out=build/out/$name
mkdir -p "$out"

# Two test projects may ask at the same time.
if command -v flock > /dev/null; then
    exec 9> "$out/.lock"
    flock 9
fi

# not_built WHY STATUS: what was built before is of other sources, and goes.
not_built() {
    rm -f "$out/libcuda-emulator.so"
    echo "$1" > "$out/why-not.txt"
    echo "CUDA emulator not built: $1; the CUDA kernels are not tested here"
    exit "$2"
}

# What a tool said, in one line: its first error (of CMake's, what stands below the heading), else its first words. reason TOOL STATUS LOG
reason() {
    local line
    line=$(awk '/^CMake Error at/ { heading = 1; next }
        NF && (heading || tolower($0) ~ /error|fatal|not found|no such/) { print; found = 1; exit }
        NF && first == "" { first = $0 }
        END { if (!found) print first }' "$3" | sed -E 's/^[[:space:]]+//')
    echo "${line:-$1 ended with status $2 and said nothing}"
}

compiler=${CXX:-g++}
for tool in "$compiler" cmake; do
    command -v "$tool" > /dev/null || not_built "no $tool" 0
done

if [ ! -f "$out/CMakeCache.txt" ]; then
    log=$out/configure.log
    # Asked by itself, a compiler that does not work says why; CMake tells of it at length.
    echo 'int main() { return 0; }' > "$out/probe.cpp"
    "$compiler" "$out/probe.cpp" -o "$out/probe" > "$log" 2>&1 || not_built "$compiler: $(reason "$compiler" $? "$log")" 1
    sanitize=OFF
    if [ "$name" = emulator-asan ]; then sanitize=ON; fi
    status=0
    cmake -S tests/emulator -B "$out" -DCMAKE_BUILD_TYPE=None -DRESTE_SANITIZE=$sanitize > "$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        rm -f "$out/CMakeCache.txt"
        not_built "cmake: $(reason cmake $status "$log") (all of it: $log)" 1
    fi
fi
log=$out/build.log
cmake --build "$out" --parallel "$(nproc)" > "$log" 2>&1 || not_built "$(reason cmake $? "$log") (all of it: $log)" 1
# Always there, that a copy of it is put right too.
[ -f "$out/why-not.txt" ] && [ ! -s "$out/why-not.txt" ] || : > "$out/why-not.txt"
