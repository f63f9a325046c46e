#!/usr/bin/env bash
# Times training steps against PyTorch's, tuned and compiled: in a call of its own.
set -euo pipefail
exec bash build/gpu/stages/bench.sh tuned
