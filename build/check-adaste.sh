#!/usr/bin/env bash
# Holds every device to every recorded step of AdaSTE's networks, of which the test suite takes one in three: the reference device in
# double, the CPU at every vector width, and CUDA on a GPU or else on the emulator. It takes some minutes.
#
#   build/check-adaste.sh
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/Engine.Tests -v quiet --nologo
exec dotnet tests/Engine.Tests/bin/Debug/net10.0/ReSTE.Native.Engine.Tests.dll -explicit only -showLiveOutput \
    -method '*.AdaSteModelReferenceTests.Every_file_agrees*'
