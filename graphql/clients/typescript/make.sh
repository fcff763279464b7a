#!/bin/sh
# Make the typed TypeScript client in a folder, and check its types: make.sh FOLDER (from the root of the project)
set -eu
folder=$1 source=$(dirname "$0")
command -v npm >/dev/null || { echo "Node.js 20 with npm is not on this machine: there is no TypeScript client." >&2; exit 3; }
rm -rf "$folder/input" "$folder/generated" "$folder/built"
.venv/bin/python -m api.contract for-generators "$folder/input"
cmp -s "$source/package-lock.json" "$folder/package-lock.json" || rm -rf "$folder/node_modules"
cp "$source"/*.json "$source"/*.ts "$source/codegen.yml" "$folder"
cd "$folder"
[ -d node_modules ] || npm ci --no-audit --no-fund --ignore-scripts --silent
npm run --silent generate >generated.log 2>&1 || { cat generated.log; exit 1; }
npm run --silent check
