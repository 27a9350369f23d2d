"""Memory of this process."""

from __future__ import annotations

import resource
from pathlib import Path


def resident() -> int:
    """Bytes; where there is no /proc, the most that was ever used."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
