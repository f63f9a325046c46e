#!/usr/bin/env bash
# Where the time of a step goes, kernel by kernel. Optional: a machine may keep its counters to itself, and nothing else depends on it.
set -euo pipefail
. build/gpu/common.sh

reste=$(program reste)
require_images
python=${PYTHON:-python3}
folder=$RESULTS/profile
steps=2
command=("$reste" bench step --device "$DEVICE" --model resnet20_1w1a --batch "$(size 256 4)" --steps $((steps - 1)) --warmup 1)
bounded() { timeout --foreground -k 5 "$(($(seconds_left) / 2))" "$@"; }

with_nsys() {
    command -v nsys > /dev/null || return 1
    bounded nsys profile --trace=cuda --cuda-graph-trace=node --force-overwrite=true -o "$folder/step" "${command[@]}" &&
        nsys stats --force-export=true --report cuda_gpu_kern_sum --format csv "$folder/step.nsys-rep" > "$folder/kernels.csv"
}

# Clock control would lock the card's clocks.
with_ncu() {
    command -v ncu > /dev/null || return 1
    bounded ncu --clock-control none --target-processes all --metrics gpu__time_duration.sum --print-units base --csv \
        "${command[@]}" > "$folder/kernels.csv"
}

need_seconds 20
for tool in nsys ncu; do
    if "with_$tool" > "$folder/$tool.log" 2>&1 &&
        "$python" build/gpu/profile_table.py "$folder/kernels.csv" "$steps" > "$folder/table.txt" 2>> "$folder/$tool.log"; then
        { echo "$tool, ${command[*]##*/}"; cat "$folder/table.txt"; } | tee "$RESULTS/profile.txt"
        exit 0
    fi
    echo "$tool: $(tail -n 1 "$folder/$tool.log" | grep . || echo 'not here')" | tee -a "$folder/tried.txt"
done
{ echo "no profile:"; cat "$folder/tried.txt"; } > "$RESULTS/profile.txt"
