#!/usr/bin/env bash
# Checks the tracked text: no line over 140 columns, no word of the list below, no relative link in a *.md file that points nowhere.
#
#   build/check-text.sh [--count] [FILE...]
#
# Without FILE it checks every tracked file of the kinds below but the exempt ones. Prints `file:line: what` and exits 1 where it found
# anything; --count prints only how many of each, and exits 0.
set -euo pipefail
columns=140
kinds=('*.cs' '*.cu' '*.cuh' '*.cpp' '*.h' '*.md' '*.txt' '*.sh' '*.py' '*.cmake' '*.targets' '*.props' '*.csproj' '.ci/run')
# Made by a program, or recorded from one.
exempt=(':!tests/Package.Tests/PublicApi/*.txt')
# Packed into a NuGet package, where no other file of this repository is: no relative link at all.
packed='^src/(Engine|Data|Images)/README\.md$'

count=
if [ "${1:-}" = --count ]; then count=1; shift; fi
if [[ ${1:-} == -* ]]; then echo "usage: build/check-text.sh [--count] [FILE...]" >&2; exit 2; fi
found=$(mktemp)
trap 'rm -f "$found"' EXIT
if [ $# -gt 0 ]; then
    files=("$@")
else
    cd "$(dirname "$0")/.."
    files=()
    while IFS= read -r -d '' file; do [ ! -f "$file" ] || files+=("$file"); done < <(git ls-files -z -- "${kinds[@]}" "${exempt[@]}")
    [ ${#files[@]} -gt 0 ] || { echo "check-text.sh: git lists no files here" >&2; exit 1; }
fi

# Columns are characters: the bytes that continue one in UTF-8 are not counted. A phrase may begin at the end of the line before, so that
# line's last word stands before each line. Links are printed as `link<TAB>file:line<TAB>target` and looked up below.
LC_ALL=C awk -v columns=$columns '
    BEGIN {
        # "Behind" may say what hides, carries or stays, not what comes after.
        allowed = "(leaves?|left|stays?) ([a-z]+ )?behind|hides? behind|behind (one|an?) (name|interface|seam|lock)"
        allowed = allowed "|(failure|terminal|pipe) behind"
        phrase[1] = "(^|[^a-z])way (there|back)([^a-z]|$)"; advice[1] = "say forward or backward"
        phrase[2] = "(^|[^a-z])one[\047]s own([^a-z]|$)"; advice[2] = "say your own"
        phrase[3] = "(^|[^a-z])so many([^a-z]|$)"; advice[3] = "say a number of, or N"
    }
    function word(text, advice) { print "word\t" FILENAME ":" FNR "\t" text ": " advice }
    function links(line,    target) {
        gsub(/`[^`]*`/, "", line)
        while (match(line, /\]\([^)]*\)/)) {
            target = substr(line, RSTART + 2, RLENGTH - 3)
            line = substr(line, RSTART + RLENGTH)
            sub(/[# ].*/, "", target)
            if (target != "" && target !~ /^[a-z]+:/) print "link\t" FILENAME ":" FNR "\t" target
        }
    }
    # This script and its test hold the words themselves.
    FNR == 1 { last = ""; fenced = 0; reads_words = FILENAME !~ /(check-text\.sh|CheckTextTests\.cs)$/ }
    length($0) > columns {
        width = $0
        gsub(/[\200-\277]/, "", width)
        if (length(width) > columns) print "long\t" FILENAME ":" FNR "\t" length(width) " columns"
    }
    reads_words {
        text = tolower($0)
        if (text ~ /behind/) {
            rest = text
            gsub(allowed, "", rest)
            if (rest ~ /(^|[^a-z])behind([^a-z]|$)/) word("behind", "say after or below")
        }
        sub(/^[ \t]*(\/\/\/?|#|\*)?[ \t]*/, "", text)
        text = last " " text
        for (i = 1; i <= 3; i++)
            if (text ~ phrase[i] && !(i == 3 && text ~ /so many .*that/) && match(text, phrase[i])) {
                found = substr(text, RSTART, RLENGTH)
                gsub(/^[^a-z]+|[^a-z]+$/, "", found)
                word(found, advice[i])
            }
        last = text
        sub(/[ \t]+$/, "", last)
        sub(/.*[ \t]/, "", last)
    }
    FILENAME ~ /\.md$/ {
        if ($0 ~ /^ *```/) fenced = !fenced
        else if (!fenced && $0 ~ /\]\(/) links($0)
    }' "${files[@]}" > "$found"

# Of the links those stay that point nowhere.
while IFS=$'\t' read -r kind where what; do
    [ "$kind" = link ] || { printf '%s\t%s\t%s\n' "$kind" "$where" "$what"; continue; }
    file=${where%:*}
    if [[ $file =~ $packed ]]; then printf 'link\t%s\tlink to %s, which is in no package\n' "$where" "$what"
    elif [ ! -e "$(dirname "$file")/$what" ]; then printf 'link\t%s\tlink to %s, which is not there\n' "$where" "$what"
    fi
done < "$found" > "$found.kept"
mv "$found.kept" "$found"

if [ -n "$count" ]; then
    awk -F'\t' '{ n[$1]++ }
        END { printf "text: %d long lines, %d odd words, %d links to nowhere\n", n["long"], n["word"], n["link"] }' "$found"
    exit 0
fi
awk -F'\t' '{ print $2 ": " $3 }' "$found"
[ ! -s "$found" ]
