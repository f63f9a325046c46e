#!/usr/bin/env bash
# Runs the CUDA kernels under AddressSanitizer and UndefinedBehaviorSanitizer: every operation test, one guarded step of each network and
# packed networks, on the emulator, with one allocation a tensor, so that an index outside one is seen. First it proves that it sees: a
# kernel that reads one element too far must be stopped.
# Needs a built solution (dotnet build), g++ and cmake.
set -euo pipefail
cd "$(dirname "$0")/.."

build/build-emulator.sh emulator-asan
RESTE_LIBCUDA=$PWD/build/out/emulator-asan/libcuda-emulator.so
if [ ! -f "$RESTE_LIBCUDA" ]; then exit 0; fi
# The program of a test project.
program() { echo "tests/$1.Tests/bin/Debug/net10.0/ReSTE.Native.$1.Tests"; }
logs=build/out/sanitize
mkdir -p "$logs"

export RESTE_LIBCUDA
export ASAN_OPTIONS=detect_leaks=0:handle_segv=0:use_sigaltstack=0 UBSAN_OPTIONS=print_stacktrace=1
# The tests compare with the CPU device too, which is not what is looked at here: its plainest path is enough.
export DOTNET_EnableHWIntrinsic=0

# The sanitizers must be in the process before the program is; the shell itself goes without. sanitized NAME PROJECT ARGUMENT...
sanitized() {
    local name=$1 tests
    tests=$(program "$2")
    shift 2
    env LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" "$tests" -noColor "$@" > "$logs/$name.log" 2>&1
}

# AddressSanitizer's own check of its stacks fails now and then as a fiber starts. That says nothing of a kernel: once more, then.
twice() {
    sanitized "$@" || { grep -q 'AddressSanitizer: CHECK failed: asan_thread' "$logs/$1.log" && sanitized "$@"; }
}

if sanitized proof Engine -method '*.BrokenKernelTests.Off_by_one_read' -explicit only ||
    ! grep -q 'heap-buffer-overflow.*broken_off_by_one_read' "$logs/proof.log"; then
    echo "sanitizers: a kernel that reads outside its buffer was not stopped; see $logs/proof.log"
    exit 1
fi

failed=0
twice operations Engine -namespace '*.Tests.Operations' &
operations=$!
twice networks Engine -method '*.CudaTapeTests.Nothing_unwritten*' || failed=1
twice packed Inference -class '*.GpuModelTests' || failed=1
wait $operations || failed=1
for name in operations networks packed; do
    grep -h -E 'ERROR: AddressSanitizer|AddressSanitizer: CHECK failed|runtime error:|\[FAIL\]' "$logs/$name.log" || true
    sed -n "s/.*\.Tests  Total/sanitizers: $name: total/p" "$logs/$name.log"
done
exit $failed
