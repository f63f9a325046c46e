#!/usr/bin/env bash
# Packs the command and the test programs with one .NET runtime into one folder, for a GPU machine that has no .NET SDK and no network.
#
#   build/publish-gpu.sh [FOLDER, default build/out/gpu]
#
# Leaves FOLDER/programs/ and FOLDER/programs.tar.xz. Carry the archive beside the source tree, unpack it into build/out/gpu there, and run
# build/gpu-check.sh. Needs the .NET 10 SDK; the runtime pack comes from the package source, once.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

projects=(src/Host tests/Engine.Tests tests/Inference.Tests)
out=${1:-build/out/gpu}
mkdir -p "$out"
out=$(cd "$out" && pwd)
programs=$out/programs
limit_mb=64 # what a machine with narrow doors still takes

# A folder of its own for what the compiler leaves: the development builds of the same projects are for no particular system.
publish() {
    local project=$1 target=$2
    dotnet publish "$project" -c Release -r linux-x64 --self-contained true -p:DebugType=none --artifacts-path "$out/artifacts" \
        -o "$target" -v quiet -nologo > "$out/publish.log" 2>&1 ||
        { cat "$out/publish.log" >&2; echo "publish-gpu.sh: $project was not published" >&2; exit 1; }
    # Built for this processor, and no GPU: a test that fell back to it there would prove nothing. Recorded numbers are in the source tree.
    rm -rf "$target/emulator" "$target/reference-data"
}

# Programs that lie in one folder share their libraries, so the same name has to mean the same file.
merge() {
    local from=$1 file
    (cd "$from" && find . -type f) | while read -r file; do
        if [ -e "$programs/$file" ] && ! cmp -s "$from/$file" "$programs/$file"; then
            echo "publish-gpu.sh: ${file#./} differs between the programs" >&2
            return 1
        fi
    done
    cp -al "$from/." "$programs/" 2> /dev/null || cp -a "$from/." "$programs/"
}

describe() { git describe --always --dirty --abbrev=40 2> /dev/null || echo unknown; }

rm -rf "$programs" "$out/parts"
mkdir -p "$programs" "$out/parts"
for project in "${projects[@]}"; do
    part=$out/parts/$(basename "$project")
    publish "$project" "$part"
    merge "$part"
done
rm -rf "$out/parts"
describe > "$programs/COMMIT"

XZ_OPT='-9 -T2' tar -C "$out" -cJf "$out/programs.tar.xz" programs
size=$(stat -c %s "$out/programs.tar.xz")
echo "$out/programs.tar.xz: $((size / 1000000)) MB, unpacked $(du -sm "$programs" | cut -f1) MB"
[ "$size" -lt $((limit_mb << 20)) ] || { echo "publish-gpu.sh: the archive is over $limit_mb MiB" >&2; exit 1; }
