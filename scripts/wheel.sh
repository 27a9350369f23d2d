#!/bin/sh
# Builds the wheel, installs it into a fresh virtual environment, and plays the demo's check from an empty folder.
set -eu
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
.venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$place" .
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "$place"/hallbot-*.whl
cd "$place"
HOME=$place "$place/venv/bin/hallbot" demo --check --data "$place/data" | tail -n 1
