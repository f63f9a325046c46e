#!/usr/bin/env bash
# Compiles every kernel: PTX for any GPU from compute capability 8.0 on, machine code for sm_90a, and for this very GPU so that ptxas
# speaks about it.
set -euo pipefail
. build/gpu/common.sh

flags=(-std=c++17 --Werror all-warnings -lineinfo -Xptxas -v)

compile_all() {
    local kind=$1 arch=$2 suffix=$3 source op
    for source in kernels/*.cu; do
        op=$(basename "$source" .cu)
        printf '%s\0%s\0%s\0%s\0' "$op" "$kind" "$arch" "$work/$op.$suffix"
    done
}

compile_one() {
    local op=$1 kind=$2 arch=$3 out=$4 log
    log=$work/logs/$op.$arch.log
    "$nvcc" "$kind" -arch="$arch" "${flags[@]}" "kernels/$op.cu" -o "$out" > "$log" 2>&1 ||
        { echo "kernels/$op.cu for $arch:"; cat "$log"; return 1; }
}

# Registers and spills of each kernel, one line each, from ptxas' words.
register_table() {
    local log
    for log in "$work"/logs/*.sm_*.log; do
        awk -v file="$(basename "$log" .log)" '
            /Compiling entry function/ { split($0, part, "\047"); name = part[2] }
            /bytes stack frame/ { stack = $1; stores = $5; loads = $9 }
            /Used [0-9]+ registers/ {
                for (i = 2; i <= NF; i++) if ($i ~ /^registers/) print file, name, $(i - 1), stack, stores, loads
            }' "$log"
    done | { echo "image kernel registers stack_bytes spill_store_bytes spill_load_bytes"; sort; } | tr ' ' '\t'
}

if emulated; then
    require_images
    echo "emulator: its own stub images in $KERNELS"
    exit 0
fi

nvcc=$(find_nvcc) || fail "no nvcc: install CUDA 11.8 or newer, or name it with NVCC"
capability=$(nvidia-smi -i 0 --query-gpu=compute_cap --format=csv,noheader | tr -d '. ')
version=$("$nvcc" --version | sed -nE 's/.*release ([0-9]+)\..*/\1/p')
work=$KERNELS.new
rm -rf "$work"
mkdir -p "$work/logs" "$work/other"
export -f compile_one
export nvcc work
# An array cannot be exported.
export flags_text="${flags[*]}"
{
    compile_all -ptx compute_80 ptx
    compile_all -cubin "sm_$capability" "sm_$capability.cubin"
    if [ "$version" -ge 12 ]; then compile_all -cubin sm_90a sm_90a.cubin; fi
} | xargs -0 -n 4 -P "$(nproc)" bash -c 'read -ra flags <<< "$flags_text"; compile_one "$@"' compile ||
    fail "nvcc $("$nvcc" --version | sed -nE 's/.*V([0-9.]+)$/\1/p') refused a kernel"
register_table > "$RESULTS/registers.tsv"
# The engine takes sm_90a and PTX; this GPU's own image was made for its log.
if [ "$capability" != 90a ]; then mv "$work"/*."sm_$capability.cubin" "$work/other/"; fi
rm -rf "$KERNELS"
mv "$work" "$KERNELS"
echo "$(ls "$KERNELS"/*.ptx | wc -l) PTX, $(find "$KERNELS" -maxdepth 1 -name '*.sm_90a.cubin' | wc -l) sm_90a images in $KERNELS"
awk -F '\t' 'NR > 1 && $5 + $6 > 0 { print "spills: " $2 " in " $1 ": " $5 " bytes of stores, " $6 " of loads" }' "$RESULTS/registers.tsv"
