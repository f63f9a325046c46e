#!/usr/bin/env bash
# Runs the tests that take minutes, which `dotnet test` leaves out: the larger networks' recorded first steps on the emulator, on tensor
# cores and on plain kernels, and the largest networks on the reference and the CPU.
#
#   build/long-tests.sh [--no-build]
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = --no-build ] || dotnet build tests/Engine.Tests -v quiet --nologo
exec dotnet tests/Engine.Tests/bin/Debug/net10.0/ReSTE.Native.Engine.Tests.dll -explicit only -trait Category=Long
