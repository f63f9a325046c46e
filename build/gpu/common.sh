# What gpu-check.sh and its stages share; sourced, never run. Stages bound their programs with `timeout --foreground`, which leaves them in
# the process group that gpu-check.sh ends.

# A log is read by people: the reason stands on one line, with the stage that gave it.
fail() { echo "$(basename "$0" .sh): $1" >&2; exit 1; }

emulated() { [ -n "${GPU_CHECK_EMULATOR:-}" ]; }

# Sizes: small real ones on a GPU, toy ones on the emulator, which takes seconds for what a GPU does in microseconds.
size() { if emulated; then echo "$2"; else echo "$1"; fi; }

seconds_left() { echo $((DEADLINE - $(date +%s))); }

# A stage that finds itself short of time stops between two pieces of work, and the next call goes on after the last one.
need_seconds() { [ "$(seconds_left)" -ge "$1" ] || { echo "$(seconds_left) s left: the rest in the next call"; exit 130; }; }

program() {
    [ -x "$PROGRAMS/$1" ] || fail "no $1 in $PROGRAMS (build/publish-gpu.sh makes that folder on a machine with the .NET SDK)"
    echo "$PROGRAMS/$1"
}

# pack_network MODEL FOLDER: leaves FOLDER/MODEL.bnn. One epoch, for there is no packed network without a trained one; how well it is
# trained changes no time.
pack_network() {
    "$reste" --model "$1" --dataset shapes --limit_train "$(size 256 8)" --limit_test "$(size 128 8)" -b "$(size 64 8)" \
        -bt "$(size 128 8)" --epochs 1 --lr 0.01 --progress none --device "$DEVICE" --results_dir "$2/$1" &&
        "$reste" export "$2/$1/checkpoint.safetensors" --output "$2/$1.bnn" --verify "$(size 100 4)"
}

has_images() { ls "$KERNELS"/*.ptx > /dev/null 2>&1; }

# Those of the folder, where it has any, else those that the programs were built with.
choose_images() { if has_images; then export RESTE_KERNELS=$KERNELS; else unset RESTE_KERNELS; fi; }

require_images() {
    choose_images
    has_images || "$(program reste)" info | grep -q '^kernels: *embedded, ' ||
        fail "no kernel images in $KERNELS, and none inside the programs: run the stage images first"
}

find_nvcc() {
    local candidate
    for candidate in "${NVCC:-nvcc}" /usr/local/cuda/bin/nvcc build/out/nvcc/bin/nvcc; do
        if command -v "$candidate" > /dev/null; then command -v "$candidate"; return; fi
    done
    return 1
}
