#!/usr/bin/env bash
# Gathers everything small enough to be kept in the repository: summary.md and what it quotes.
set -euo pipefail
. build/gpu/common.sh

verdict() { case $1 in 0) echo passed ;; 130) echo unfinished ;; *) echo "failed ($1)" ;; esac; }

# The last word of each stage.
stage_table() {
    echo "| stage | | seconds |"
    echo "| --- | --- | --- |"
    awk -F '\t' '{ code[$1] = $2; seconds[$1] += $3; if (!($1 in order)) { order[$1] = ++n; name[n] = $1 } }
        END { for (i = 1; i <= n; i++) if (name[i] != "report") print name[i], code[name[i]], seconds[name[i]] }' "$RESULTS/stages.tsv" |
        while read -r stage code seconds; do echo "| $stage | $(verdict "$code") | $seconds |"; done
}

rows() { cat "$RESULTS/$1"/*.tsv 2> /dev/null | sed 's/\t/ | /g; s/^/| /; s/$/ |/' || true; }

# Last epoch and best of each recipe, by the columns' own names.
accuracies() {
    local of any=no
    for of in "$RESULTS"/train/*/; do
        [ -s "$of/metrics.csv" ] || continue
        any=yes
        echo "$(basename "$of"), last of $(($(wc -l < "$of/metrics.csv") - 1)) epochs (options: train/$(basename "$of")/argument.txt):"
        echo
        paste -d '\n' <(head -n 1 "$of/metrics.csv") <(tail -n 1 "$of/metrics.csv") | sed 's/^/    /'
        echo
        grep -E '^(Best|Last)_Epoch' "$of/output.log" | tr '\t' ' ' | sed 's/^/    /' || echo "    not finished"
        echo
    done
    [ "$any" = yes ] || echo "not trained"
    seeds
}

# Best epochs of the seeds of one network that are finished, and their mean.
seeds() {
    grep -H '^Best_Epoch' "$RESULTS"/train/resnet20_1w1a*/output.log 2> /dev/null |
        awk '{ for (i = 1; i < NF; i++) if ($i == "Best_Prec1") { sum += $(i + 1); all = all " " $(i + 1); n++ } }
            END { if (n > 0) printf "resnet20_1w1a, best epochs of %d seeds:%s; mean %.2f\n", n, all, sum / n }' || true
}

sections() {
    if emulated; then
        echo "# A trial of the script on the emulator: no figure here means anything"
    else
        echo "# ReSTE.Native on $(sed -n 's/^GPU name: //p' "$RESULTS/machine.txt" 2> /dev/null || echo "$GPU_NAME")"
    fi
    printf '\n## Machine\n\n'
    sed 's/^/    /' "$RESULTS/machine.txt" 2> /dev/null || echo "not recorded"
    printf '\n## Stages\n\n'
    stage_table
    printf '\n## Tests that use the GPU\n\n| group | | tests | failed | skipped |\n| --- | --- | --- | --- | --- |\n'
    rows device-tests
    printf '\n## compute-sanitizer\n\n| tool and network | | |\n| --- | --- | --- |\n'
    rows sanitize
    printf '\n## A training step against PyTorch\n\n'
    cat "$RESULTS/bench.md" 2> /dev/null || echo "not measured"
    printf '\nAgainst PyTorch compiled:\n\n'
    cat "$RESULTS/bench-tuned.md" 2> /dev/null || echo "not measured"
    printf '\n## Packed networks, from bytes to labels\n\n'
    cat "$RESULTS"/packed/*.txt 2> /dev/null | sed 's/^/    /' | grep . || echo "not measured"
    printf '\n## Kernels by themselves\n\n'
    sed 's/^/    /' "$RESULTS"/kernels/*.txt 2> /dev/null || echo "not measured"
    printf '\n## Steps with dependent launches\n\n'
    printf '| network | without, ms | with, ms | without / with | bits |\n| --- | --- | --- | --- | --- |\n'
    rows dependent-launches
    printf '\n## Kernels of a step\n\n'
    sed 's/^/    /' "$RESULTS/profile.txt" 2> /dev/null || echo "not profiled"
    printf '\n## Training\n\n'
    accuracies
}

sections > "$RESULTS/summary.md"
kept=()
for file in summary.md machine.txt stages.tsv registers.tsv bench.md bench-tuned.md profile.txt train/*/metrics.csv train/*/argument.txt \
    bench/*.jsonl bench-tuned/*.jsonl kernels/*.json; do
    for found in "$RESULTS"/$file; do if [ -e "$found" ]; then kept+=("${found#"$RESULTS"/}"); fi; done
done
tar -C "$RESULTS" -cJf "$RESULTS.tar.xz" .
cat "$RESULTS/summary.md"
echo
echo "everything: $RESULTS.tar.xz ($(stat -c %s "$RESULTS.tar.xz") bytes)"
kept_in=build/results/$(basename "$RESULTS")
echo "to keep it in the repository: mkdir -p $kept_in && (cd $RESULTS && cp --parents ${kept[*]} $PWD/$kept_in/) && git add -f $kept_in"
