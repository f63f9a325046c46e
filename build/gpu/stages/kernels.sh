#!/usr/bin/env bash
# Times every kernel of ResNet-20's step by itself, cold and warm, beside cuBLAS and cuDNN where they are found, and keeps what is measured.
set -euo pipefail
. build/gpu/common.sh

reste=$(program reste)
require_images
networks=(resnet20_1w1a vgg_small_1w1a resnet18_1w1a)
if emulated; then networks=(resnet20_1w1a); fi
for network in "${networks[@]}"; do
    if [ -e "$RESULTS/kernels/$network.json" ]; then continue; fi
    need_seconds 15
    timeout --foreground -k 5 "$(seconds_left)" "$reste" bench kernels --device "$DEVICE" --model "$network" \
        --batch "$(size 256 2)" --json "$RESULTS/kernels/$network.json.new" > "$RESULTS/kernels/$network.txt"
    mv "$RESULTS/kernels/$network.json.new" "$RESULTS/kernels/$network.json"
    cat "$RESULTS/kernels/$network.txt"
done
