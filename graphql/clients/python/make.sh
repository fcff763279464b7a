#!/bin/sh
# Make the typed Python client in a folder, and check its types: make.sh FOLDER (from the root of the project)
set -eu
folder=$1 source=$(dirname "$0") bin=$PWD/.venv-clients/bin
rm -rf "$folder/input" "$folder/laocai_client"
.venv/bin/python -m api.contract for-generators "$folder/input"
cp "$source/pyproject.toml" "$folder"
cp "$folder/input/identifiers.json" "$folder"
for name in published_client example; do cp "$source/$name.py.in" "$folder/$name.py"; done
cd "$folder"
"$bin/ariadne-codegen" client >generated.log || { cat generated.log; exit 1; }
"$bin/mypy"
