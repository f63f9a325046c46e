#!/usr/bin/env bash
# Times packed networks on the GPU and on this processor, from bytes to labels: an image a call, and many. That both say the same to the
# bit is shown by the tests of device-tests.
set -euo pipefail
. build/gpu/common.sh

reste=$(program reste)
require_images
folder=$RESULTS/packed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
networks=(resnet20_1w1a vgg_small_1w1a resnet18_1w1a)
if emulated; then networks=(resnet20_1w1a); fi

for network in "${networks[@]}"; do
    if [ -e "$folder/$network.txt" ]; then continue; fi
    need_seconds 15
    pack_network "$network" "$work" > "$folder/$network.log" 2>&1 || fail "$network: $(tail -n 1 "$folder/$network.log")"
    for batch in 1 "$(size 256 2)"; do
        for device in cuda cpu; do
            timeout --foreground -k 5 "$(seconds_left)" "$reste" bench packed "$work/$network.bnn" --device "$device" --batch "$batch" \
                --steps "$(size 100 2)" --warmup "$(size 20 1)" || fail "bench packed $network --device $device"
        done
    done > "$folder/$network.txt.new"
    mv "$folder/$network.txt.new" "$folder/$network.txt"
    cat "$folder/$network.txt"
done
