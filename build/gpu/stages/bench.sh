#!/usr/bin/env bash
# Times training steps against PyTorch's, in turn on this machine, and makes the table.
set -euo pipefail
. build/gpu/common.sh

python=${PYTHON:-python3}
reste=$(program reste)
require_images
peer_device=$(size cuda cpu)
"$python" -c "import torch; torch.zeros(1, device='$peer_device')" 2> /dev/null ||
    fail "$python has no PyTorch that computes on $peer_device (PYTHON names another)"
code=0
"$python" build/gpu/bench.py "$RESULTS/bench" --reste "$reste" --device "$DEVICE" --peer-device "$peer_device" --deadline "$DEADLINE" \
    --rounds "${BENCH_ROUNDS:-$(size 5 1)}" --batches "${BENCH_BATCHES:-$(size 256,128 4)}" ${BENCH_FLAGS:-} \
    --steps "$(size 50 2)" --warmup "$(size 15 1)" || code=$?
"$python" build/gpu/bench_table.py "$RESULTS/bench" | tee "$RESULTS/bench.md"
exit "$code"
