#!/bin/sh
# Install the locked Python packages into .venv, and uv itself where it is not there yet.
set -eu
cd "$(dirname "$0")/.."

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        "$python" -c 'import sys; print(sys.executable)'
        return
    done
    echo "Python 3.11 or newer is needed: apt-get install python3" >&2
    exit 1
}

find_uv() {
    for uv in uv .tools/bin/uv "$HOME/.local/bin/uv"; do
        "$uv" --version >/dev/null 2>&1 && echo "$uv" && return
    done
    return 1
}

install_uv() {
    echo "installing uv" >&2
    "$python" -m ensurepip --version >/dev/null 2>&1 || tools/packages.sh python3-venv >&2 || true
    if "$python" -m venv .tools >/dev/null 2>&1 && .tools/bin/pip install --quiet uv; then return; fi
    rm -rf .tools
    "$python" -m pip install --quiet --user uv 2>/dev/null && return
    "$python" -m pip install --quiet --user --break-system-packages uv && return
    echo "uv could not be installed with pip: apt-get install python3-venv, then again" >&2
    exit 1
}

python=$(find_python)
uv=$(find_uv) || { install_uv; uv=$(find_uv); }
UV_PYTHON_DOWNLOADS=never "$uv" sync --locked --quiet --python "$python"
touch .venv/.synced
