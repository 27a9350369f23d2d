#!/bin/sh
# Makes the virtual environment $2 with the Python $1 and installs $3 into it, or says which package is missing.
set -eu
python=$1 venv=$2 what=$3

say() { echo "hallbot: $*" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 || say "$python is missing. Debian, Ubuntu: apt install python3 python3-venv python3-pip; macOS: brew install python"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    say "$("$python" --version) is too old, 3.11 or newer is needed. Name another one: make PYTHON=python3.12 demo"
"$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
    say "the venv module is missing. Debian, Ubuntu: apt install python3-venv"
if ! [ -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    "$python" -m venv "$venv" || say "cannot make $venv here: is the folder writable, is the disk full?"
fi
echo "hallbot: installing into $venv, once; this takes up to a minute" >&2
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable "$what" ||
    say "the installation failed, see above: is a package index reachable?"
