"""Where the shipped files lie: beside the package in a checkout, inside it when installed from a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """`replies` or `bot.yaml`."""
    beside = _PACKAGE.parent / name
    return beside if beside.exists() else _PACKAGE / "_shipped" / name
