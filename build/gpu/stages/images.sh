#!/usr/bin/env bash
# Compiles every kernel for those of its targets (build/kernels/targets.cmake) that this very GPU runs: PTX, and machine code; where the
# targets have none, only for ptxas to speak of it. A warning is no error here: compilers differ, and this one may be newer.
set -euo pipefail
. build/gpu/common.sh

flags=(-std=c++17 -lineinfo -Xptxas -v)

# table NAME: the rows of a table in targets.cmake, without quotes.
table() { sed -n "/^set($1\$/,/^)/s/^ *\"\(.*\)\".*/\1/p" build/kernels/targets.cmake; }

# row TABLE KEY: the words after a key.
row() { table "$1" | sed -n "s/^$2: *//p"; }

# known TARGET: whether this nvcc knows it.
known() {
    local oldest
    oldest=$(row RESTE_TARGETS_NVCC "$1")
    [ -z "$oldest" ] || [ "$(printf '%s\n' "$oldest" "$version" | sort -V | head -1)" = "$oldest" ]
}

one() { printf '%s\0%s\0%s\0%s\0' "$1" "$2" "$3" "$work/$1.$4"; }

compile_all() {
    local source op target targets
    for source in kernels/*.cu; do
        op=$(basename "$source" .cu)
        targets=$(row RESTE_TARGETS "$op")
        targets=${targets:-$(row RESTE_TARGETS default)}
        for target in $targets; do
            known "$target" || continue
            case $target in
                compute_*)
                    one "$op" -ptx "$target" ptx
                    # Only to look at; where code for it is a target of the file, it comes below.
                    [[ " $targets " == *" sm_$capability"[\ a]* ]] || one "$op" -cubin "sm_$capability" "look.sm_$capability.cubin"
                    ;;
                "sm_$capability" | "sm_${capability}a") one "$op" -cubin "$target" "$target.cubin" ;;
            esac
        done
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
    echo "emulator: its own images in $KERNELS"
    exit 0
fi

nvcc=$(find_nvcc) || fail "no nvcc: install CUDA 11.8 or newer, or name it with NVCC"
capability=$(nvidia-smi -i 0 --query-gpu=compute_cap --format=csv,noheader | tr -d '. ')
version=$("$nvcc" --version | sed -nE 's/.*release [0-9.]+, V([0-9.]+).*/\1/p')
work=$KERNELS.new
rm -rf "$work"
mkdir -p "$work/logs" "$work/other"
export -f compile_one
export nvcc work
# An array cannot be exported.
export flags_text="${flags[*]}"
compile_all | xargs -0 -n 4 -P "$(nproc)" bash -c 'read -ra flags <<< "$flags_text"; compile_one "$@"' compile ||
    fail "nvcc $version refused a kernel"
register_table > "$RESULTS/registers.tsv"
# Made for their logs.
find "$work" -maxdepth 1 -name "*.look.*.cubin" -exec mv {} "$work/other/" \;
rm -rf "$KERNELS"
mv "$work" "$KERNELS"
echo "$(ls "$KERNELS"/*.ptx | wc -l) PTX, $(find "$KERNELS" -maxdepth 1 -name '*.cubin' | wc -l) images of machine code in $KERNELS"
grep -h -A 2 'warning' "$KERNELS"/logs/*.log | head -n 40 || true
awk -F '\t' 'NR > 1 && $5 + $6 > 0 { print "spills: " $2 " in " $1 ": " $5 " bytes of stores, " $6 " of loads" }' "$RESULTS/registers.tsv"
