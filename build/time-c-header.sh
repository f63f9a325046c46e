#!/usr/bin/env bash
# Images a second of one thread of a network exported as a C header, with made-up images.
#
#   build/time-c-header.sh HEADER [COMPILER [OPTION...]]
#
# Without a compiler: cc -O3 -march=native. Prints the best of five rounds of 2,000 images, in processor time.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: build/time-c-header.sh HEADER [COMPILER [OPTION...]]" >&2; exit 2; }
header=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- cc -O3 -march=native
name=$(sed -n 's/^int \([A-Za-z0-9_]*\)_predict(.*/\1/p' "$header" | head -1)
[ -n "$name" ] || { echo "time-c-header.sh: $header is no header of a network" >&2; exit 1; }
upper=${name^^}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/time.c" <<C
#define ${upper}_IMPLEMENTATION
#include "$header"
#include <stdio.h>
#include <time.h>

enum { images = 2000, rounds = 5 };

int main(void)
{
    static unsigned char image[${upper}_IMAGE_BYTES];
    static double workspace[${upper}_WORKSPACE / sizeof(double) + 1];
    float scores[${upper}_CLASSES];
    double best = 0;
    unsigned random = 1;
    int labels = 0, round, i, n;
    for (round = 0; round < rounds; round++) {
        clock_t begin = clock();
        for (n = 0; n < images; n++) {
            for (i = 0; i < 64; i++) {
                random = random * 1664525u + 1013904223u;
                image[(random >> 8) % sizeof image] = (unsigned char)(random >> 24);
            }
            labels += ${name}_predict(image, scores, workspace);
        }
        double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
        if (images / seconds > best)
            best = images / seconds;
    }
    printf("%.0f images/s, %.1f us an image (%d)\n", best, 1e6 / best, labels % 10);
    return 0;
}
C
"$@" -o "$folder/time" "$folder/time.c"
"$folder/time"
