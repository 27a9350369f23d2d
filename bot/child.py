"""A child process of the demo: speaks one JSON line when it is ready, dies when its parent does."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.errors import ConfigError


class Child:
    """`hallbot <arguments>` with a pipe on its standard input: the end of the pipe tells it to go."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path, *, module: str = "bot") -> None:
        self.name = name
        self._module = module
        self._arguments = arguments
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.starts = 0

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    async def start(self, patience: float = 90.0) -> dict[str, Any]:
        """What it said when it was ready. ConfigError with its own sentence when it was not.

        A first start learns its phrases; killed in the midst of that it would learn them anew each time.
        """
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._module,
                *self._arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the others in order
            )
        self.starts += 1
        assert self._process.stdout
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), patience)
        except TimeoutError:
            await self.stop()
            raise ConfigError(f"{self.name} was not ready within {patience:.0f} s; see {self._log}") from None
        said: dict[str, Any] = json.loads(line) if line.startswith(b"{") else {}
        if "error" in said or not line:
            await self.stop()
            raise ConfigError(said.get("error", f"{self.name} does not start; see {self._log}"))
        return said

    async def ask(self, patience: float, **what: Any) -> dict[str, Any]:
        """A line to it and the line that it answers; for a child that reads its standard input."""
        assert self._process
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), patience)
        except TimeoutError:
            raise ConfigError(f"{self.name} did not answer within {patience:.0f} s; see {self._log}") from None
        if not line:
            raise ConfigError(f"{self.name} has ended; see {self._log}")
        said: dict[str, Any] = json.loads(line)
        return said

    async def wait(self) -> int:
        assert self._process
        return await self._process.wait()

    async def stop(self, patience: float = 2.0) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), patience)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            # The wait is over when the pipes are: whoever of its own still holds them is told to go by their end.
            assert self._process.stdin
            self._process.stdin.close()
            await self._process.wait()


async def until_told(with_parent: bool, hang_up: Callable[[], None] | None = None) -> None:
    """Returns at SIGTERM, SIGINT, or (with a parent) when the pipe from the parent ends; at SIGHUP only without
    a `hang_up`, which is called then."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    loop.add_signal_handler(signal.SIGHUP, hang_up or told.set)
    if with_parent:
        loop.add_reader(0, _listen, loop, told)
    await told.wait()


def _listen(loop: asyncio.AbstractEventLoop, told: asyncio.Event) -> None:
    if not os.read(0, 4096):
        loop.remove_reader(0)
        told.set()


def ready(**said: Any) -> None:
    """The one line that a parent waits for."""
    print(json.dumps(said, ensure_ascii=False), flush=True)
