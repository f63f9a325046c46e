#!/usr/bin/env bash
# Times the making of training images (decode, random part, resize to 224 x 224, flip) by this program and by Pillow, in turn on one thread,
# and by this program on two; says whether the pixels are the same. Prints medians and ratios, by the clock and by processor time, which
# other programs on the machine disturb less. Exits 1 where a pixel differs.
#
#   build/compare-pillow.sh FOLDER [RUNS=5] [IMAGES=1200]
#
# FOLDER holds train/CLASS/* and val/CLASS/*. ENLARGE=WIDTHxHEIGHT compares over copies of the images of that size. Needs Python 3 with
# Pillow (Debian: python3-pil); PYTHON names the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { echo "usage: build/compare-pillow.sh FOLDER [RUNS=5] [IMAGES=1200]" >&2; exit 2; }
folder=$1 runs=${2:-5} images=${3:-1200}
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import PIL' 2> /dev/null || {
    echo "compare-pillow.sh: $python has no Pillow; on Debian: apt-get install python3-pil, then PYTHON=/usr/bin/python3" >&2
    exit 1
}
dotnet build src/Host -c Release -v quiet -nologo
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "${ENLARGE:-}" ]; then
    "$python" - "$folder" "$work/large" "${ENLARGE%x*}" "${ENLARGE#*x}" <<'EOF'
import os, sys
from PIL import Image
source, target, width, height = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
for folder, _, files in os.walk(source):
    os.makedirs(os.path.join(target, os.path.relpath(folder, source)))
    for file in files:
        image = Image.open(os.path.join(folder, file)).convert("RGB").resize((width, height), Image.BICUBIC)
        image.save(os.path.join(target, os.path.relpath(folder, source), file), "JPEG", quality=95)
EOF
    folder=$work/large
fi
reste() { dotnet src/Host/bin/Release/net10.0/reste.dll bench images --data_path "$folder" --images "$images" "$@"; }
times() { sed -nE 's#^.*[ :]([0-9.]+) images/s, ([0-9.]+) ms.*#\1 \2#p; s#^([0-9.]+) images/s, ([0-9.]+) ms.*#\1 \2#p' | sed -n 1p; }

reste --sums "$work/turbo.sums"
reste --skia --sums "$work/skia.sums"
"$python" build/peers/pillow_peer.py "$folder" 0 "$work/pillow.sums"
other() { diff "$work/pillow.sums" "$work/$1.sums" | grep -c '^<' || true; }
decoder=$(reste --images 1 --warmup 0 | sed -n 1p)
echo "$decoder"
differ=$(other turbo) alone=$(other skia)
echo "$(wc -l < "$work/pillow.sums") images, $differ of them other than Pillow's, $alone by SkiaSharp alone"
[ "$(wc -l < "$work/pillow.sums")" = "$(wc -l < "$work/turbo.sums")" ] && [ "$differ" = 0 ] && [ "$alone" = 0 ] || {
    echo "compare-pillow.sh: the pixels differ: there is nothing to time" >&2
    exit 1
}
case $decoder in
    *'by libturbojpeg ('*) label='reste, libturbojpeg' ;;
    *) label='reste, SkiaSharp' ;;
esac
echo "load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
for _ in $(seq "$runs"); do
    "$python" build/peers/pillow_peer.py "$folder" "$images" | times >> "$work/pillow"
    reste | times >> "$work/turbo"
    reste --skia | times >> "$work/skia"
    reste --threads 2 | times >> "$work/two"
done
"$python" - "$work" "$label" <<'EOF'
import statistics, sys
def medians(name):
    rows = [tuple(map(float, line.split())) for line in open(f"{sys.argv[1]}/{name}")]
    return [statistics.median(column) for column in zip(*rows)]
pillow, turbo = medians("pillow"), medians("turbo")
print(f"{'':24} {'images/s':>9} {'ms of a processor':>18} {'ratio':>6} {'by processor time':>18}")
for name, file, to, against in (("Pillow", "pillow", pillow, "Pillow"), (sys.argv[2], "turbo", pillow, "Pillow"),
                                ("reste, SkiaSharp alone", "skia", pillow, "Pillow"), ("reste, two threads", "two", turbo, "one thread")):
    rate, cpu = medians(file)
    print(f"{name:24} {rate:9.1f} {cpu:18.3f} {rate / to[0]:6.2f} {to[1] / cpu:18.2f}   of {against}")
EOF
echo "load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
