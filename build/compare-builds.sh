#!/usr/bin/env bash
# Times one training step of ResNet-20 at batch 256 with two builds of the program in turn, and prints how fast the new one is: the ratio
# of images a second in each round, median and spread. Exit status 1 where the median is below 0.97.
#
#   build/compare-builds.sh BASE NEW [ROUNDS=10]
#
# BASE and NEW are programs that were built: reste or reste.dll, both in Release. DEVICE (default cpu) is where they compute. Leave the
# machine alone while it runs.
set -euo pipefail
export DOTNET_NOLOGO=1

least=0.97 # what differs less than that is noise on a quiet machine

fail() { echo "compare-builds.sh: $2" >&2; exit "$1"; }

[ $# -ge 2 ] && [ $# -le 3 ] || fail 2 "usage: build/compare-builds.sh BASE NEW [ROUNDS=10]"
base=$1 new=$2 rounds=${3:-10}
[[ $rounds =~ ^[1-9][0-9]*$ ]] || fail 2 "'$rounds' is no number of rounds"
for program in "$base" "$new"; do
    [ -f "$program" ] || fail 2 "$program is not there; name a built reste or reste.dll"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

load() { cut -d' ' -f1-3 /proc/loadavg 2> /dev/null || uptime | sed 's/.*averages*: *//'; }

# Images a second of one build.
rate() {
    local program=("$1")
    [[ $1 != *.dll ]] || program=(dotnet "$1")
    "${program[@]}" bench step --model resnet20_1w1a --batch 256 --device "${DEVICE:-cpu}" --json "$work/step.json" > "$work/log" 2>&1 ||
        fail 1 "$1: $(tail -1 "$work/log")"
    sed -nE 's/^ *"images_per_s": ([0-9.]+).*/\1/p' "$work/step.json"
}

echo "base $base, new $new, $rounds rounds, load average before: $(load)"
for ((round = 1; round <= rounds; round++)); do
    # Who goes first changes with each round: what a machine gains or loses in the meantime falls to both.
    if ((round % 2)); then
        before=$(rate "$base")
        after=$(rate "$new")
    else
        after=$(rate "$new")
        before=$(rate "$base")
    fi
    awk -v round="$round" -v base="$before" -v new="$after" -v file="$work/ratios" 'BEGIN {
        printf "round %2d: base %8.1f images/s, new %8.1f, ratio %.3f\n", round, base, new, new / base
        print new / base >> file
    }'
done
echo "load average after: $(load)"
sort -g "$work/ratios" | awk -v least="$least" '{ ratio[NR] = $1 } END {
    median = (ratio[int((NR + 1) / 2)] + ratio[int(NR / 2) + 1]) / 2
    printf "median ratio %.3f (%.3f to %.3f over %d rounds), at least %.2f wanted\n", median, ratio[1], ratio[NR], NR, least
    exit median < least
}'
