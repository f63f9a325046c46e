#!/usr/bin/env bash
# Times the start of a built program, in turn: `reste info` whole, and a training from the command to the end of its first step, on the
# built-in images and on CIFAR-10 where it is. Prints medians, wall and processor seconds, with the load average. Exit status 1 where a
# median of processor seconds is above three times what it was on two cores: slower machines pass, a start gone wrong does not.
#
#   build/start-up.sh [PROGRAM, default src/Host/bin/Release/net10.0/reste] [ROUNDS=5]
#
# CIFAR names the folder of CIFAR-10's files (default /data/cifar10). Linux only: processor seconds are read from /proc.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-src/Host/bin/Release/net10.0/reste} rounds=${2:-5} cifar=${CIFAR:-/data/cifar10}
[ -x "$program" ] || { echo "start-up.sh: $program is not there; build it first: dotnet build -c Release src/Host" >&2; exit 2; }
[[ $rounds =~ ^[1-9][0-9]*$ ]] || { echo "start-up.sh: '$rounds' is no number of rounds" >&2; exit 2; }
ticks=$(getconf CLK_TCK)
work=$(mktemp -d)
pid=
leave() { [ -z "$pid" ] || kill -KILL "$pid" 2> /dev/null || true; rm -rf "$work"; }
trap leave EXIT

# Wall and processor milliseconds of `reste info`.
info() {
    local TIMEFORMAT='%R %U %S'
    { time "$program" info > "$work/info" 2>&1; } 2>&1 | awk '{ printf "%d %d\n", $1 * 1000, ($2 + $3) * 1000 }'
}

# The same of a training, up to the line of its first step.
first_step() {
    local start now line
    mkfifo "$work/lines"
    start=$(date +%s%N)
    "$program" --device cpu --progress plain --results_dir "$work/results" "$@" > "$work/lines" 2> "$work/log" &
    pid=$!
    exec 3< "$work/lines"
    while read -r line <&3 && [[ $line != TRAINING* ]]; do :; done
    now=$(date +%s%N)
    [[ $line == TRAINING* ]] || { echo "start-up.sh: $(tail -1 "$work/log")" >&2; exit 1; }
    echo "$(((now - start) / 1000000)) $(sed 's/.*) //' "/proc/$pid/stat" | awk -v t="$ticks" '{ print ($12 + $13) * 1000 / t }')"
    kill -KILL "$pid"
    wait "$pid" 2> /dev/null || true
    exec 3<&-
    pid=
    rm -rf "$work/lines" "$work/results"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

status=0
row() {
    local name=$1 most=$2 wall processor
    wall=$(cut -d' ' -f1 "$work/$name" | median) processor=$(cut -d' ' -f2 "$work/$name" | median)
    printf '%-12s %5d ms, %5.0f ms of processors\n' "$name" "$wall" "$processor"
    if awk -v p="$processor" -v m="$most" 'BEGIN { exit !(p > m) }'; then
        echo "start-up.sh: $name takes more than $most ms of processors" >&2
        status=1
    fi
}

for ((round = 1; round <= rounds; round++)); do
    info >> "$work/info_times"
    first_step --dataset shapes >> "$work/shapes"
    [ ! -d "$cifar" ] || first_step --dataset cifar10 --data_path "$cifar" >> "$work/cifar10"
done
mv "$work/info_times" "$work/info"
echo "medians of $rounds, load average $(cut -d' ' -f1-3 /proc/loadavg)"
row info 400
row shapes 3000
[ ! -f "$work/cifar10" ] || row cifar10 4500
exit $status
