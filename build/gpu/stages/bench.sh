#!/usr/bin/env bash
# Times training steps of every network against PyTorch's as published, in turn on this machine, and makes the table. bench.sh tuned: of the
# small networks against PyTorch compiled, which takes a minute each to compile.
set -euo pipefail
. build/gpu/common.sh

python=${PYTHON:-python3}
reste=$(program reste)
require_images
peer_device=$(size cuda cpu)
"$python" -c "import torch; torch.zeros(1, device='$peer_device')" 2> /dev/null ||
    fail "$python has no PyTorch that computes on $peer_device (PYTHON names another)"
stage=bench rounds=$(size 2 1)
which=(--no-tuned)
if [ "${1:-}" = tuned ]; then
    stage=bench-tuned
    which=(--no-official --networks "$(size resnet20_1w1a,vgg_small_1w1a,resnet18_1w1a resnet20_1w1a)")
fi
code=0
"$python" build/gpu/bench.py "$RESULTS/$stage" --reste "$reste" --device "$DEVICE" --peer-device "$peer_device" --deadline "$DEADLINE" \
    --rounds "${BENCH_ROUNDS:-$rounds}" --batches "${BENCH_BATCHES:-$(size 256 2)}" "${which[@]}" ${BENCH_FLAGS:-} \
    --steps "$(size 50 2)" --warmup "$(size 15 1)" || code=$?
"$python" build/gpu/bench_table.py "$RESULTS/$stage" | tee "$RESULTS/$stage.md"
exit "$code"
