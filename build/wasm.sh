#!/usr/bin/env bash
# Compiles the kernels of exported pages into WebAssembly, src/Export/Page/kernels.wasm, and writes the checksums beside it, which a test
# compares: whoever changes the C code runs this again.
#
#   build/wasm.sh            writes both files
#   build/wasm.sh --check    compiles elsewhere, says whether the module is the same, and writes nothing
#
# Needs clang and wasm-ld (Debian: clang lld); CLANG names another compiler. No library, no network, no C runtime.
set -euo pipefail
clang=${CLANG:-clang}
cd "$(dirname "$0")/../src/Export"
sources=(Page/kernels.c C/kernels/begin.h C/kernels/lanes_wasm.h C/kernels/finish.h C/kernels/counts.h C/kernels/reals.h C/kernels/layers.h)
made=$(mktemp)
trap 'rm -f "$made"' EXIT
if [ $# -gt 0 ] && [ "$1" != --check ]; then echo "usage: build/wasm.sh [--check]" >&2; exit 2; fi

# What lies below __heap_base, stack and constants, has the first 64 KiB: a page puts its network after them.
"$clang" --target=wasm32 -std=gnu99 -O3 -msimd128 -mbulk-memory -ffreestanding -nostdlib -Wall -Wextra -Werror \
    -Wl,--no-entry -Wl,--export-dynamic -Wl,--export=__heap_base -Wl,--strip-debug -Wl,-z,stack-size=32768 \
    -o "$made" Page/kernels.c
if [ $# -gt 0 ]; then
    if cmp -s "$made" Page/kernels.wasm; then echo "kernels.wasm: the same"; exit 0; fi
    echo "kernels.wasm: $("$clang" --version | head -n 1) makes another one of $(stat -c %s "$made") bytes" >&2
    exit 1
fi
cp "$made" Page/kernels.wasm
chmod 644 Page/kernels.wasm
sha256sum Page/kernels.wasm "${sources[@]}" > Page/kernels.sha256
echo "kernels.wasm: $(stat -c %s Page/kernels.wasm) bytes by $("$clang" --version | head -n 1)"
