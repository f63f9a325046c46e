#!/usr/bin/env bash
# Prints what ptxas said about every kernel on every GPU that kernels/*.cu was compiled for: registers, shared memory, spills.
#
#   build/kernel-table.sh
#
# Exit status 1 where a kernel spills registers (unless build/allowed-spills.txt has a line `entry target reason`), where a kernel
# has no row for a GPU, or where two files define a kernel of the same name. Run `cmake -P build/kernels.cmake` first.
set -euo pipefail
cd "$(dirname "$0")/.."

images=build/out/kernels
allowed=build/allowed-spills.txt

fail() { echo "kernel-table.sh: $1" >&2; exit 1; }

# Rows: file, function, target, kind (entry or function), registers, shared bytes, spill stores, spill loads. A function that was
# not inlined has its spills on a row of its own, after its caller's.
rows() {
    local log
    for log in "$images"/logs/*.log; do
        awk -v log_name="$(basename "$log" .log)" '
            function flush() { if (name != "") print file, name, target, kind, registers, shared, stores, loads; name = "" }
            BEGIN { file = log_name; sub(/\..*/, "", file); target = log_name; sub(/^[^.]*\./, "", target) }
            /Compiling entry function/ { split($0, part, "\047"); entry = part[2] }
            /Function properties for/ {
                flush(); name = $NF; kind = name == entry ? "entry" : "function"
                registers = shared = stores = loads = 0
            }
            /bytes spill stores/ {
                for (i = 3; i <= NF; i++) if ($i == "spill") { if ($(i + 1) ~ /stores/) stores = $(i - 2); else loads = $(i - 2) }
            }
            /: Used [0-9]+ registers/ {
                for (i = 2; i <= NF; i++) { if ($i ~ /^registers/) registers = $(i - 1); if ($i ~ /^smem/) shared = $(i - 2) }
                flush()
            }
            END { flush() }' "$log"
    done
}

print_table() {
    awk 'BEGIN {
            format = "%-40s %-8s %9s %12s %12s %11s\n"
            printf format, "kernel", "target", "registers", "shared bytes", "spill stores", "spill loads"
        }
        $4 == "entry" || $7 + $8 > 0 { printf format, $2, $3, $5, $6, $7, $8 }' "$1"
}

unexpected_spills() {
    local list=/dev/null
    [ ! -e "$allowed" ] || list=$allowed
    awk -v list="$list" 'BEGIN {
            while ((getline line < list) > 0) if (line !~ /^#/ && split(line, part, " ") >= 3) ok[part[1] " " part[2]] = 1
        }
        $7 + $8 > 0 && !(($2 " " $3) in ok) { print $2 " spills registers on " $3 ": " $7 " bytes of stores, " $8 " of loads" }' "$1"
}

# What the PTX of a source defines is what must have been assembled for each of its targets.
missing_rows() {
    local source op entries entry target ptx
    for source in kernels/*.cu; do
        op=$(basename "$source" .cu)
        grep -q "^$op " "$images/assembled.txt" || echo "$source has not been compiled"
        while read -r _ target ptx; do
            entries=$(sed -n 's/^.*\.entry \([A-Za-z_0-9]*\).*/\1/p' "$ptx" 2> /dev/null || true)
            [ -n "$entries" ] || echo "$source has no compiled kernel for $target"
            for entry in $entries; do
                grep -q "^$op $entry $target entry " "$1" || echo "kernel $entry of $source has no row for $target"
            done
        done < <(grep "^$op " "$images/assembled.txt")
    done
}

doubles() {
    awk '$4 == "entry" { print $2, $1 }' "$1" | sort -u |
        awk '$1 == last { print "kernel " $1 " is defined in two files" } { last = $1 }'
}

[ -s "$images/build.txt" ] && [ -e "$images/assembled.txt" ] || fail "no kernels compiled yet: cmake -P build/kernels.cmake"
! grep '^kernels not compiled' "$images/build.txt" || exit 1
table=$(mktemp)
trap 'rm -f "$table"' EXIT
rows > "$table"
print_table "$table"
problems=$(unexpected_spills "$table"; missing_rows "$table"; doubles "$table")
[ -z "$problems" ] || { echo "$problems" | sed 's/^/kernel-table.sh: /' >&2; exit 1; }
