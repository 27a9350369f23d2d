"""Which processes work in a folder, and where they listen. Linux."""

import asyncio
import contextlib
import ipaddress
import re
import socket
import time
from collections.abc import Iterable
from pathlib import Path

LISTENING = "0A"


def processes_in(folder: Path) -> list[int]:
    """Ids of the processes that work in this folder or below it; servers and all that they started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # Not is_relative_to: once a folder is gone, its name here ends in " (deleted)".
            if str((process / "cwd").readlink()).startswith(str(folder)):
                found.append(int(process.name))
    return found


async def gone(folder: Path, within: float = 3.0) -> bool:
    """Whether nobody works in the folder any more, given a moment: nobody tells us when a grandchild ends."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not processes_in(folder):
            return True
        await asyncio.sleep(0.02)
    return False


def listeners(processes: Iterable[int]) -> set[tuple[str, int]]:
    """Address and port of every TCP socket on which these processes listen."""
    sockets = set[str]()
    for process in processes:
        for handle in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                sockets |= set(re.findall(r"socket:\[(\d+)\]", str(handle.readlink())))
    return {where for inode, where in _listening() if inode in sockets}


def _listening() -> Iterable[tuple[str, tuple[str, int]]]:
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            columns = row.split()
            if columns[3] == LISTENING:
                yield columns[9], _address(columns[1])


def _address(text: str) -> tuple[str, int]:
    address, port = text.split(":")
    words = [int(address[n : n + 8], 16) for n in range(0, len(address), 8)]
    packed = b"".join(socket.htonl(word).to_bytes(4, "big") for word in words)
    return str(ipaddress.ip_address(packed)), int(port, 16)
