#!/usr/bin/env bash
# Holds the CUDA device, on a GPU or else on the emulator, to the recorded first steps of the ImageNet networks. CI leaves them out: on
# the emulator they take minutes.
#
#   build/emulate-imagenet.sh
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/Engine.Tests -v quiet --nologo
exec dotnet tests/Engine.Tests/bin/Debug/net10.0/ReSTE.Native.Engine.Tests.dll -explicit only -showLiveOutput \
    -method '*.ImageNetModelReferenceTests.The_cuda_device_agrees_in_single'
