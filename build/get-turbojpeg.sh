#!/usr/bin/env bash
# Unpacks libturbojpeg from the machine's own Debian or Ubuntu packages into build/out/turbojpeg, for machines that have none, and prints
# the library's path: for RESTE_LIBTURBOJPEG. No root needed, and nothing of the system is changed, where apt has its lists of packages.
#
#   build/get-turbojpeg.sh
set -euo pipefail
cd "$(dirname "$0")/.."
package=libturbojpeg0
out=$PWD/build/out/turbojpeg

fail() { echo "get-turbojpeg.sh: $1" >&2; exit 1; }
library() { find "$out" -name 'libturbojpeg.so.0' -print -quit 2> /dev/null || true; }

if [ -z "$(library)" ]; then
    command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null || fail "needs apt and dpkg (Debian or Ubuntu)"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # Fresh containers have no lists; only root may fetch them.
    (cd "$work" && apt-get download "$package" > log 2>&1) ||
        (cd "$work" && apt-get update > log 2>&1 && apt-get download "$package" > log 2>&1) ||
        fail "apt has no $package to download: $(tail -1 "$work/log")"
    mkdir -p "$out"
    dpkg-deb -x "$work"/*.deb "$out"
fi
[ -n "$(library)" ] || fail "$package holds no libturbojpeg.so.0"
library
