#!/usr/bin/env bash
# Trains published recipes one after another, each whole, for as long as one call may take; interrupted, the program saves, and the next
# call goes on.
set -euo pipefail
. build/gpu/common.sh

reste=$(program reste)
require_images
folder=$RESULTS/train
# Name, then flags: epochs as published, unless EPOCHS says otherwise. Accuracies are means of three seeds where there is time for them.
recipes=(
    "resnet20_1w1a        --model resnet20_1w1a  --epochs ${EPOCHS:-1000} -b 256 -bt 128 --seed 1"
    "resnet20_1w1a-seed-2 --model resnet20_1w1a  --epochs ${EPOCHS:-1000} -b 256 -bt 128 --seed 2"
    "resnet20_1w1a-seed-3 --model resnet20_1w1a  --epochs ${EPOCHS:-1000} -b 256 -bt 128 --seed 3"
    "vgg_small_1w1a       --model vgg_small_1w1a --epochs ${EPOCHS:-1000} -b 256 -bt 128 --seed 1"
    "resnet18_1w1a        --model resnet18_1w1a  --epochs ${EPOCHS:-2000} -b 96 -bt 128 --seed 1"
)
common=(--lr 0.1 --estimator ReSTE --o_end 3 --warm_up --device "$DEVICE" --progress plain)
if emulated; then
    recipes=("resnet20_1w1a --model resnet20_1w1a --epochs ${EPOCHS:-1} -b 8 -bt 8 --seed 1 --limit_train 64 --limit_test 16")
    common=(--lr 0.1 --estimator ReSTE --o_end 3 --device "$DEVICE" --progress plain)
elif [ -z "${DATA:-}" ]; then
    fail "DATA names no folder with the official files of CIFAR-10: nothing to train on"
fi
if [ -n "${DATA:-}" ]; then common+=(--dataset cifar10 --data_path "$DATA"); fi

# train NAME FLAG...: what a call before this one saved is gone on with, however that call ended; --again forgets the mark.
train() {
    local name=$1 run=$RESULTS.run/$1 results=$folder/$1 resume=() code=0
    shift
    mkdir -p "$results"
    # Beside the results and not in them: checkpoints are large and no result.
    if [ -e "$results/begun" ] && [ -e "$run/checkpoint.safetensors" ]; then resume=(--resume); else rm -rf "$run"; fi
    mkdir -p "$run"
    touch "$results/begun"
    timeout --foreground --preserve-status -s INT -k 30 "${TRAIN_SECONDS:-$(($(seconds_left) - 30))}" \
        "$reste" "$@" "${common[@]}" "${resume[@]}" --results_dir "$run" >> "$results/output.log" 2>&1 || code=$?
    tail -n 3 "$results/output.log"
    for file in argument.txt metrics.csv logger.log; do
        if [ -e "$run/$file" ]; then cp "$run/$file" "$results/"; fi
    done
    if [ "$code" -eq 0 ]; then touch "$results/finished"; fi
    return "$code"
}

for recipe in "${recipes[@]}"; do
    read -ra words <<< "$recipe"
    if [ -e "$folder/${words[0]}/finished" ]; then continue; fi
    need_seconds 45
    echo "${words[0]}"
    code=0
    train "${words[@]}" || code=$?
    echo "checkpoints, not among the results:" \
        "$(find "$RESULTS.run" -name '*.safetensors' -printf '%p (%s bytes) ' | grep . || echo none)"
    [ "$code" -eq 0 ] || exit "$code"
done
