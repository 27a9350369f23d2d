"""Where the sandbox listens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ports:
    """0 = any free one."""

    web: int = 0
    c2s: int = 0
    component: int = 0
    operator: int = 0
