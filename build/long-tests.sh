#!/usr/bin/env bash
# Runs the tests that take minutes, which `dotnet test` leaves out: the larger networks' recorded first steps, on the emulator with tensor
# cores and plain kernels, on the reference and on the CPU; larger trainings; interruptions.
#
#   build/long-tests.sh [--no-build]
set -euo pipefail
cd "$(dirname "$0")/.."
projects=(Engine Host Export Package)
for project in "${projects[@]}"; do
    [ "${1:-}" = --no-build ] || dotnet build "tests/$project.Tests" -v quiet --nologo
done
for project in "${projects[@]}"; do
    dotnet "tests/$project.Tests/bin/Debug/net10.0/ReSTE.Native.$project.Tests.dll" -noColor \
        -explicit only -preEnumerateTheories -trait Category=Long # rows of theories have the trait, so each is a test
done
