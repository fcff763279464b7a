#!/bin/sh
# Make or update one Python environment from its lock: environment.sh VERSION FOLDER LOCK
#
# Looks for Python VERSION on PATH, under pyenv's versions, then asks uv for it. Does nothing when
# the environment already holds this lock. Prints how to get that Python when there is none.
set -eu
version=$1 folder=$2 lock=$3
stamp=$folder/.ready

if [ -f "$stamp" ] && cmp -s "$stamp" "$lock" && "$folder/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    if [ ! -x .venv-tools/bin/uv ]; then
        echo "Fetching uv, which makes the environments…"
        "${PYTHON:-python3}" -m venv .venv-tools
        .venv-tools/bin/python -m pip install --quiet uv
    fi
    uv=$PWD/.venv-tools/bin/uv
fi

works() { "$1" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; }
find_python() {
    for candidate in $(command -v "python$version" || true) "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
        if works "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    "$uv" python find --quiet "$version" 2>/dev/null && return
    "$uv" python install --quiet "$version" 2>/dev/null && "$uv" python find --quiet "$version"
}

python=$(find_python) || {
    echo "Python $version is not on this machine, and uv could not fetch it." >&2
    echo "Install it (for instance: pyenv install $version, or your system's python$version) and try again." >&2
    exit 3
}

echo "Making $folder (Python $version)…"
works "$folder/bin/python" || "$uv" venv --quiet --clear --python "$python" "$folder"
"$uv" pip sync --quiet --require-hashes --python "$folder/bin/python" "$lock"
if [ "$folder" = .venv ]; then
    "$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
fi
cp "$lock" "$stamp"
