"""What another process has used: CPU time of all its threads, and memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def cpu_of(pid: int) -> float:
    """Seconds of user and system time, of all threads that live or lived."""
    if sys.platform == "linux":
        return time.clock_gettime(_cpu_clock(pid))
    return _seconds(_ps("time", pid))


def memory_of(pid: int) -> float:
    """Resident memory in MB (2^20 bytes)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return int(_ps("rss", pid)) / 1024
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _cpu_clock(pid: int) -> int:
    """Linux' clockid of a process (clock_getcpuclockid(3), which Python does not offer): exact to the nanosecond.

    /proc/<pid>/stat counts in steps of 10 ms, and schedstat forgets the threads that ended.
    """
    return (~pid << 3) | 2


def _ps(what: str, pid: int) -> str:
    return subprocess.run(["ps", "-o", f"{what}=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout


def _seconds(text: str) -> float:
    """`1:02:03.45` → 3723.45"""
    seconds = 0.0
    for part in text.strip().replace("-", ":").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
