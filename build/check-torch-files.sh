#!/usr/bin/env bash
# Whether PyTorch takes what `reste convert` writes: a checkpoint of the published trainer, read and written again, and one of our own, must
# open with torch.load(weights_only=True), load strictly into the published ResNet-20, and the first must give its recorded logits.
#
#   build/check-torch-files.sh
#
# Needs Python 3 with PyTorch (Debian: python3-torch); PYTHON names the interpreter. Exits 77 where there is none. RESTE names a built
# reste.dll.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
"$python" -c 'import torch, numpy' 2>/dev/null || {
    echo "check-torch-files.sh: $python has no PyTorch; on Debian: apt-get install python3-torch, then PYTHON=/usr/bin/python3" >&2
    exit 77
}
if [ -z "${RESTE:-}" ]; then
    dotnet build src/Host -v quiet -nologo
    RESTE=src/Host/bin/Debug/net10.0/reste.dll
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
recorded=tests/reference-data/checkpoints

dotnet "$RESTE" convert $recorded/resnet20_1w1a.checkpoint.pth.tar "$work/theirs.safetensors"
dotnet "$RESTE" convert "$work/theirs.safetensors" "$work/theirs.pth.tar"
dotnet "$RESTE" --dataset shapes --device cpu --limit_train 64 --limit_test 64 -b 32 --epochs 1 --progress none \
    --results_dir "$work/ours" > /dev/null
dotnet "$RESTE" convert "$work/ours" "$work/ours.pth.tar"
"$python" build/peers/published_resnet20.py "$work/theirs.pth.tar" "$work/ours.pth.tar" \
    --logits $recorded/resnet20_1w1a.expected.safetensors
