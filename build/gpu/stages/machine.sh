#!/usr/bin/env bash
# Writes down what every figure of this run depends on.
set -euo pipefail
. build/gpu/common.sh

gpu_lines() {
    if emulated; then echo "GPU: none, the emulator"; return; fi
    local field
    for field in name driver_version compute_cap memory.total clocks.max.sm clocks.max.mem clocks.sm clocks.mem power.limit power.draw \
        temperature.gpu persistence_mode; do
        echo "GPU $field: $(nvidia-smi -i 0 --query-gpu="$field" --format=csv,noheader 2>&1 | head -n 1)"
    done
    echo "GPUs: $(nvidia-smi --list-gpus | wc -l)"
    echo "other programs on it: $(nvidia-smi -i 0 --query-compute-apps=pid,name --format=csv,noheader 2>&1 | tr '\n' ';')"
}

commit() { if git rev-parse HEAD 2> /dev/null; then return; elif [ -f COMMIT ]; then cat COMMIT; else echo unknown; fi; }

nvcc_line() { local nvcc; if nvcc=$(find_nvcc); then "$nvcc" --version | sed -nE 's/.*(release .*)/\1/p'; else echo none; fi; }

torch_line() {
    "${PYTHON:-python3}" -c 'import platform, torch
print(platform.python_version(), "torch", torch.__version__, "CUDA", torch.version.cuda, "cuDNN", torch.backends.cudnn.version())' 2>&1 |
        tail -n 1
}

reste=$(program reste)
choose_images
{
    echo "date: $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    gpu_lines
    echo "nvcc: $(nvcc_line)"
    echo "CPU: $(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(nproc) threads"
    echo "memory: $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)"
    echo "system: $(. /etc/os-release && echo "$PRETTY_NAME"), kernel $(uname -r)"
    echo "python: $(torch_line)"
    echo "source: $(commit)"
    echo "programs: $(cat "$PROGRAMS/COMMIT" 2> /dev/null || echo unknown)"
    "$reste" info | sed 's/^/reste info: /'
} | tee "$RESULTS/machine.txt"
