"""CPU time of another process, user and system, in seconds."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def cpu_of(pid: int) -> float:
    """From /proc (resolution 10 ms, so runs of several thousand messages), else from `ps`."""
    stat = Path(f"/proc/{pid}/schedstat")
    if stat.exists():
        return int(stat.read_text("ascii").split()[0]) / 1e9 if _single(pid) else _ticks(pid)
    text = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout
    seconds = 0.0
    for part in text.strip().split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _single(pid: int) -> bool:
    return len(os.listdir(f"/proc/{pid}/task")) == 1


def _ticks(pid: int) -> float:
    """All threads of the process."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
