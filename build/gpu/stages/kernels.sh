#!/usr/bin/env bash
# Times every kernel of the steps of the small networks by itself, cold and warm, beside cuBLAS and cuDNN where they are found, and keeps
# what is measured.
set -euo pipefail
. build/gpu/common.sh

reste=$(program reste)
require_images
networks=(resnet20_1w1a vgg_small_1w1a resnet18_1w1a)
if emulated; then networks=(resnet20_1w1a); fi
# Where the driver's loader does not find them, those that PyTorch brought along.
in_pytorch() {
    "${PYTHON:-python3}" - "$1" << 'END'
import glob, os, sys, sysconfig
for version in ("13", "12", "9"):
    for folder in (os.path.join(sysconfig.get_path("platlib"), "nvidia"), "/usr/local/cuda/lib64"):
        for path in sorted(glob.glob(f"{folder}/**/{sys.argv[1]}.so.{version}", recursive=True)):
            print(path)
            sys.exit()
END
}

libraries() {
    local found
    if [ -z "${RESTE_LIBCUBLAS:-}" ] && found=$(in_pytorch libcublas) && [ -n "$found" ]; then export RESTE_LIBCUBLAS=$found; fi
    if [ -z "${RESTE_LIBCUDNN:-}" ] && found=$(in_pytorch libcudnn) && [ -n "$found" ]; then export RESTE_LIBCUDNN=$found; fi
}

libraries
for network in "${networks[@]}"; do
    if [ -e "$RESULTS/kernels/$network.json" ]; then continue; fi
    need_seconds 15
    text=$RESULTS/kernels/$network.log
    code=0
    timeout --foreground -k 5 "$(seconds_left)" "$reste" bench kernels --device "$DEVICE" --model "$network" \
        --batch "$(size 256 2)" --json "$RESULTS/kernels/$network.json.new" > "$text" 2>&1 || code=$?
    if [ "$code" -eq 124 ]; then echo "$network: not finished in time: again in the next call"; exit 130; fi
    [ "$code" -eq 0 ] || fail "$network: exit code $code: $(tail -n 1 "$text")"
    mv "$RESULTS/kernels/$network.json.new" "$RESULTS/kernels/$network.json"
    mv "$text" "$RESULTS/kernels/$network.txt"
    cat "$RESULTS/kernels/$network.txt"
done
