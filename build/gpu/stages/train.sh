#!/usr/bin/env bash
# Trains the published recipe, at EPOCHS epochs, for as long as one call may take; interrupted, the program saves, and the next call goes
# on.
set -euo pipefail
. build/gpu/common.sh

reste=$(program reste)
require_images
# Beside the results and not in them: checkpoints are large and no result.
run=$RESULTS.run
recipe=(--model resnet20_1w1a --lr 0.1 -b 256 -bt 128 --estimator ReSTE --o_end 3 --warm_up
    --epochs "${EPOCHS:-60}" --seed 1 --device "$DEVICE")
if emulated; then
    recipe=(--model resnet20_1w1a --lr 0.1 -b 8 -bt 8 --estimator ReSTE --o_end 3
        --epochs "${EPOCHS:-1}" --seed 1 --limit_train 64 --limit_test 16 --device "$DEVICE")
elif [ -z "${DATA:-}" ]; then
    fail "DATA names no folder with cifar-10-batches-py/ or cifar-10-batches-bin/: nothing to train on"
fi
if [ -n "${DATA:-}" ]; then recipe+=(--dataset cifar10 --data_path "$DATA"); fi

# What a call before this one saved is gone on with, however that call ended; --again forgets the mark.
if [ -e "$RESULTS/train/begun" ] && [ -e "$run/checkpoint.safetensors" ]; then
    recipe+=(--resume)
else
    rm -rf "$run"
fi
mkdir -p "$run"
touch "$RESULTS/train/begun"
code=0
timeout --foreground --preserve-status -s INT -k 30 "${TRAIN_SECONDS:-$(($(seconds_left) - 30))}" \
    "$reste" "${recipe[@]}" --results_dir "$run" --progress plain \
    >> "$RESULTS/train/output.log" 2>&1 || code=$?
tail -n 3 "$RESULTS/train/output.log"
for file in argument.txt metrics.csv logger.log; do
    if [ -e "$run/$file" ]; then cp "$run/$file" "$RESULTS/train/"; fi
done
echo "checkpoints, not among the results: $(find "$run" -name '*.safetensors' -printf '%p (%s bytes) ' | grep . || echo none)"
exit "$code"
