#!/usr/bin/env bash
# Unpacks NVIDIA's CUDA compiler from Debian's non-free packages into build/out/nvcc, for machines that have none. No root needed.
#
#   build/get-nvcc.sh
#
# Needs apt (Debian or Ubuntu) and a C++ compiler: apt checks the archive's signature and every package's hash. About 1 GB is
# fetched and 1.2 GB of disk is used meanwhile; 170 MB stay. The compiler is under NVIDIA's licence, kept as build/out/nvcc/LICENSE.
# The mirrors are those in this machine's apt configuration, then deb.debian.org; RESTE_DEBIAN_MIRROR names another to use alone.
# An interrupted run goes on where it stopped.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=trixie
packages=(nvidia-cuda-toolkit nvidia-cuda-dev libcu++-dev)   # the tools; the headers; nv/target, which cuda_bf16.h and cuda_fp16.h include
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
out=$PWD/build/out/nvcc
work=$PWD/build/out/nvcc.partial

fail() { echo "get-nvcc.sh: $1" >&2; exit 1; }

# apt with a state of its own, so that neither root nor the machine's package lists are touched. Of the machine's settings only how to
# fetch (proxies, credentials, retries) is taken over: its hooks may need root.
private_apt() {
    mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/none"
    : > "$work/status"
    apt-config dump Acquire | grep -v '^Acquire::IndexTargets' > "$work/apt.conf"
    cat >> "$work/apt.conf" <<CONF
Dir::Etc::parts "$work/none";
Dir::Etc::main "$work/none/apt.conf";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/none";
Dir::Etc::preferences "$work/none/preferences";
Dir::Etc::preferencesparts "$work/none";
Dir::State "$work";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work";
Dir::Cache::archives "$work/archives";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
CONF
}

private() { APT_CONFIG=$work/apt.conf "$@"; }

# Every source with a Debian suite's name and a component "main" may be a mirror; whether it is one shows when it is asked.
mirrors() {
    if [ -n "${RESTE_DEBIAN_MIRROR:-}" ]; then echo "$RESTE_DEBIAN_MIRROR"; return; fi
    {
        apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 2>/dev/null |
            awk '$1 ~ /^(bullseye|bookworm|trixie|forky|sid|(old)*stable|testing|unstable)$/ && $2 == "main" {
                sub("/$", "", $3)
                print $3
            }'
        echo http://deb.debian.org/debian
    } | awk '!seen[$0]++'
}

# Where the keys are missing or older than the suite, the package that holds them comes from the machine's own, trusted sources.
fetch_keyring() {
    rm -rf "$work/keyring"
    mkdir -p "$work/keyring"
    (cd "$work/keyring" && apt-get download -q debian-archive-keyring &&
        dpkg-deb -x debian-archive-keyring_*.deb .) > "$work/keyring.log" 2>&1 ||
        fail "no keys of suite $suite here, and package debian-archive-keyring cannot be fetched: $(cause "$work/keyring.log")"
    keyring=$(find "$work/keyring" -name debian-archive-keyring.gpg -o -name debian-archive-keyring.pgp | head -n 1)
    [ -s "$keyring" ] || fail "package debian-archive-keyring holds no keyring"
}

cause() { grep -m 1 -E '^[EW]: ' "$1" || echo "see $1"; }

# The first mirror whose index is signed by Debian and that holds the compiler.
choose_mirror() {
    local mirror
    : > "$work/tried.log"
    while read -r mirror; do
        echo "deb [signed-by=$keyring target=Packages] $mirror $suite main non-free" > "$work/sources.list"
        if private apt-get update -q > "$work/update.log" 2>&1 && private apt-cache show "${packages[@]}" > "$work/show.log" 2>&1; then
            echo "fetching CUDA from $mirror, suite $suite"
            return
        fi
        cat "$work/update.log" "$work/show.log" >> "$work/tried.log" 2> /dev/null || true
    done < <(mirrors)
    return 1
}

# Debian signs a suite with the keys of two releases, so a keyring one release old is enough.
choose_keys_and_mirror() {
    [ -s "$keyring" ] || fetch_keyring
    choose_mirror && return
    if grep -q NO_PUBKEY "$work/tried.log"; then
        fetch_keyring
        choose_mirror && return
        ! grep -q NO_PUBKEY "$work/tried.log" || fail "package debian-archive-keyring of this machine is too old to verify suite $suite"
    fi
    fail "no mirror offers ${packages[0]} of suite $suite: $(cause "$work/tried.log")"
}

fetch() {
    local package
    for package in "${packages[@]}"; do
        (cd "$work" && private apt-get download -q "$package") > "$work/download.log" 2>&1 ||
            fail "cannot fetch package $package: $(cause "$work/download.log")"
    done
    du -ch "$work"/*.deb | awk 'END { print "fetched " $1 "B" }'
}

# The package is 16 MB of headers, then 2.5 GB of libraries: --occurrence lets tar stop after the headers, which breaks the pipe
# on purpose.
headers() {
    local deb=("$work/$1"_*.deb) codes
    set +e
    dpkg-deb --fsys-tarfile "${deb[0]}" 2> /dev/null | tar -x -C "$work/root" --occurrence=1 ./usr/include
    codes=("${PIPESTATUS[@]}")
    set -e
    [ "${codes[1]}" -eq 0 ] || fail "package $1 cannot be unpacked"
}

unpack() {
    local toolkit=$work/root/usr/lib/nvidia-cuda-toolkit tree=$work/tree deb=("$work/${packages[0]}"_*.deb)
    rm -rf "$work/root" "$tree"
    mkdir -p "$work/root" "$tree/bin" "$tree/nvvm/bin" "$tree/host"
    dpkg-deb -x "${deb[0]}" "$work/root" || fail "package ${packages[0]} cannot be unpacked"
    headers "${packages[1]}"
    headers "${packages[2]}"
    mv "$toolkit/bin/nvcc" "$work/root/usr/bin/"{cudafe++,ptxas,fatbinary,cuobjdump,nvdisasm} "$tree/bin/"
    mv "$toolkit/bin/cicc" "$tree/nvvm/bin/"
    mv "$toolkit/libdevice" "$tree/nvvm/"
    mv "$toolkit/bin/"{gcc,g++} "$tree/host/"    # Debian's scripts: they choose the newest compiler that this nvcc accepts
    mv "$work/root/usr/include" "$tree/"
    mv "$work/root/usr/share/doc/${packages[0]}/copyright" "$tree/LICENSE"
    cat > "$tree/bin/nvcc.profile" <<'PROFILE'
TOP = $(_HERE_)/..
NVVMIR_LIBRARY_DIR = $(TOP)/nvvm/libdevice
PATH += $(TOP)/nvvm/bin:$(_HERE_):$(TOP)/host:
INCLUDES += "-I$(TOP)/include" $(_SPACE_)
PROFILE
}

# What is moved into place has compiled a kernel on this machine.
try_compiler() {
    echo 'extern "C" __global__ void probe(float* y) { y[threadIdx.x] = powf(y[threadIdx.x], 0.5f); }' > "$work/probe.cu"
    "$work/tree/bin/nvcc" -cubin -arch=sm_90 "$work/probe.cu" -o "$work/probe.cubin" > "$work/probe.log" 2>&1 ||
        fail "the compiler does not work here: $(tail -n 1 "$work/probe.log")"
}

describe() { echo "nvcc $("$out/bin/nvcc" --version | sed -n 's/.*, V//p') in build/out/nvcc, $(du -sh "$out" | cut -f1)B"; }

if [ -x "$out/bin/nvcc" ]; then describe; exit 0; fi
for tool in apt-get apt-config apt-cache dpkg-deb; do
    command -v "$tool" > /dev/null || fail "$tool not found: this works on Debian and Ubuntu; elsewhere install CUDA 11.8 or newer"
done
mkdir -p "$work"
exec 9> "$work.lock"
command -v flock > /dev/null && flock 9
if [ -x "$out/bin/nvcc" ]; then describe; exit 0; fi    # another run finished it meanwhile
private_apt
choose_keys_and_mirror
fetch
unpack
try_compiler
rm -rf "$out"
mv "$work/tree" "$out"
rm -rf "$work" "$work.lock"
describe
