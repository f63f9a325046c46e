#!/usr/bin/env bash
# Times one training step, or with --what evaluation the evaluation of a batch, of this program and of the published code in PyTorch on
# this machine's CPU, the two in turn, and prints medians and ratio.
#
#   build/compare-pytorch.sh [--model NAME] [--batch N] [--threads N] [--runs N] [--mode official|tuned] [--what training|evaluation]
#
# Needs Python 3 with PyTorch (Debian: python3-torch); PYTHON names the interpreter. Leave the machine alone while it runs.
set -euo pipefail
cd "$(dirname "$0")/.."

model=resnet20_1w1a batch=256 threads=2 runs=5 mode=official what=training
while [ $# -gt 1 ]; do
    case $1 in
        --model) model=$2 ;;
        --batch) batch=$2 ;;
        --threads) threads=$2 ;;
        --runs) runs=$2 ;;
        --mode) mode=$2 ;;
        --what) what=$2 ;;
        *) echo "compare-pytorch.sh: unknown flag $1" >&2; exit 2 ;;
    esac
    shift 2
done
[ $# -eq 0 ] || { echo "compare-pytorch.sh: $1 needs a value" >&2; exit 2; }

case $what in
    training) peer_flags='' our_flags='' ;;
    evaluation) peer_flags=--infer our_flags=--evaluate ;;
    *) echo "compare-pytorch.sh: --what is training or evaluation, not $what" >&2; exit 2 ;;
esac

python=${PYTHON:-python3}
"$python" -c 'import torch' 2>/dev/null || {
    echo "compare-pytorch.sh: $python has no PyTorch; on Debian: apt-get install python3-torch, then PYTHON=/usr/bin/python3" >&2
    exit 1
}
dotnet build src/Host -c Release -v quiet -nologo
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "$what, model $model, batch $batch, $threads threads, PyTorch mode $mode, $runs runs each in turn," \
    "load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
for run in $(seq "$runs"); do
    "$python" build/peers/pytorch_peer.py --model "cifar10/$model" --batch "$batch" --mode "$mode" --device cpu --threads "$threads" \
        --steps 6 --warmup 2 $peer_flags > "$work/peer.$run.json"
    dotnet src/Host/bin/Release/net10.0/reste.dll bench step --model "$model" --batch "$batch" --device cpu --threads "$threads" \
        --steps 20 --warmup 8 $our_flags --json "$work/ours.$run.json" > /dev/null
done

"$python" - "$work" "$runs" <<'EOF'
import json, statistics, sys
work, runs = sys.argv[1], int(sys.argv[2])
def rates(name):
    return [json.load(open(f"{work}/{name}.{i}.json"))["images_per_s"] for i in range(1, runs + 1)]
peer, ours = rates("peer"), rates("ours")
for name, r in (("PyTorch", peer), ("reste", ours)):
    print(f"{name:8} {statistics.median(r):8.1f} images/s (runs: {', '.join(f'{v:.1f}' for v in r)})")
print(f"ratio    {statistics.median(ours) / statistics.median(peer):8.2f}")
print(f"peak memory of reste, data set excluded: {json.load(open(f'{work}/ours.1.json'))['peak_mb']:.0f} MB")
EOF
echo "load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
