#!/usr/bin/env bash
# Draws the pictures of docs/estimators anew, into docs/estimators/plots or a folder given.
#
#   build/plot-estimators.sh [FOLDER]
#
# RESTE is the command that draws; without it the one of src/Host is built and taken.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-docs/estimators/plots}
mkdir -p "$folder"
if [ -z "${RESTE:-}" ]; then
    dotnet build src/Host -c Release -v q --nologo
    RESTE="dotnet run --project src/Host -c Release --no-build --"
fi
draw() { name=$1 file=$2; shift 2; $RESTE plot-estimator "$name" --output "$folder/$file.svg" "$@"; }

for name in ReSTE STE IdentitySTE ApproxSign SignSwish EDE DSQ RBNN FDA ExSTE Bernoulli IRNet XNOR OvSW Bop; do
    draw "$name" "$name"
done
# One and a half periods of the sine; the latent weights of AdaSTE over the part of its schedule where its map changes.
draw BiPer BiPer --x_max 0.25
for preset in faithful corrected; do
    draw AdaSTE "AdaSTE-$preset" --estimator_arg "preset=$preset" --epochs 700 --at 0,50,100,150,188
done
