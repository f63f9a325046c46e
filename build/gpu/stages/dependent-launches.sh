#!/usr/bin/env bash
# Times steps with dependent launches (RESTE_DEPENDENT_LAUNCHES=1) and without, in turn on this machine, and compares what a few steps of
# training have written: it must be the same file, byte for byte.
set -euo pipefail
. build/gpu/common.sh

reste=$(program reste)
require_images
folder=$RESULTS/dependent-launches
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
networks=(resnet20_1w1a vgg_small_1w1a resnet18_1w1a)
if emulated; then networks=(resnet20_1w1a); fi
rounds=$(size 3 1)

# run WITH LOG ARGUMENT...: the command with dependent launches (1) or without (0).
run() {
    local with=$1 log=$2 code=0
    shift 2
    RESTE_DEPENDENT_LAUNCHES=$with timeout --foreground -k 5 "$(seconds_left)" "$reste" "$@" --device "$DEVICE" > "$log" 2>&1 || code=$?
    if [ "$code" -eq 124 ]; then echo "not finished in time: again in the next call"; exit 130; fi
    [ "$code" -eq 0 ] || fail "$*, RESTE_DEPENDENT_LAUNCHES=$with: exit code $code: $(tail -n 1 "$log")"
}

# A number or text of bench step's JSON.
field() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\"]*[^\",]\)\"\{0,1\},\{0,1\}$/\1/p" "$2"; }

median() { sort -g | awk '{ of[NR] = $1 } END { print (of[int((NR + 1) / 2)] + of[int(NR / 2) + 1]) / 2 }'; }

# Medians of the rounds in milliseconds: `ordinary` without, `dependent` with.
times() {
    local network=$1 round with
    for round in $(seq "$rounds"); do
        for with in 0 1; do
            run $with "$folder/$network.log" bench step --model "$network" --batch "$(size 256 2)" --steps "$(size 50 2)" \
                --warmup "$(size 15 1)" --json "$work/$with.json"
            field ms_median "$work/$with.json" >> "$work/$network.$with"
        done
    done
    field device_name "$work/1.json" > "$folder/device.txt"
    not_used=$(sed -n 's/.*, \(no dependent launches: .*\)/\1/p' "$folder/device.txt")
    [ -n "$not_used" ] || grep -q ', dependent launches$' "$folder/device.txt" || fail "the device says nothing of them"
    ordinary=$(median < "$work/$network.0") dependent=$(median < "$work/$network.1")
}

same_bits() {
    local network=$1 with
    for with in 0 1; do
        run $with "$folder/$network.log" --model "$network" --dataset shapes --limit_train "$(size 512 16)" --limit_test "$(size 128 8)" \
            -b "$(size 128 8)" -bt "$(size 128 8)" --epochs 1 --lr 0.1 --seed 1 --progress none --results_dir "$work/$network-$with"
    done
    cmp "$work/$network-0/checkpoint.safetensors" "$work/$network-1/checkpoint.safetensors" > "$folder/$network.cmp" 2>&1
}

different=()
for network in "${networks[@]}"; do
    if [ -e "$folder/$network.tsv" ]; then continue; fi
    need_seconds 15
    times "$network"
    # No fault of this GPU's or its driver's.
    if [ -n "$not_used" ]; then printf '%s\t-\t-\t-\t%s\n' "$network" "$not_used" | tee "$folder/$network.tsv"; continue; fi
    bits=same
    same_bits "$network" || { bits=DIFFERENT; different+=("$network"); }
    ratio=$(awk -v a="$ordinary" -v b="$dependent" 'BEGIN { printf "%.3f", a / b }')
    printf '%s\t%s\t%s\t%s\t%s\n' "$network" "$ordinary" "$dependent" "$ratio" "$bits" | tee "$folder/$network.tsv.new"
    # What differs is looked at again in the next call.
    if [ "$bits" = same ]; then mv "$folder/$network.tsv.new" "$folder/$network.tsv"; fi
done
[ ${#different[@]} -eq 0 ] || fail "not the same bits: ${different[*]}"
