"""A terminal client that others wrote: profanity in a tmux of its own, driven by keys and read from the screen."""

import asyncio
import contextlib
import os
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from tests.grounds.base import Daemon, Ground, program

LINE = re.compile(r"^\d\d:\d\d:\d\d - (?P<who>[^:]+): (?P<text>.*)$")
INDENT = 11
"""Columns before the text of a line that goes on."""
ROWS, COLUMNS = 200, 700
"""Wide enough for a whole reply in one row: profanity counts a Chinese character as one column when it wraps."""
PANE = "talk"
T = TypeVar("T")


class Profanity:
    """`async with Profanity(ground, "13800138000") as screen: await screen.say("查话费")`."""

    def __init__(self, ground: Ground, number: str, *, to: str | None = None, tls: bool = False) -> None:
        self.to = to or ground.hall
        self._ground = ground
        self._number = number
        self._tls = tls
        self._stack = AsyncExitStack()
        self._folder = Path()

    async def __aenter__(self) -> Self:
        try:
            self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="profanity-")))
            await self._open()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _open(self) -> None:
        _settings(self._folder, self._ground, self._number, self._tls)
        # -D: in the foreground, so that it ends with us and with everything that runs in it.
        tmux = Daemon([program("tmux"), "-u", "-S", "socket", "-f", os.devnull, "-D"], {"TERM": "screen"}, self._folder)
        self._stack.push_async_callback(tmux.kill)
        await tmux.start(self._listens)
        await self._tmux("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), "-s", PANE, *_start(self._folder))
        self._stack.push_async_callback(self._leave)
        await self.until("logged in successfully")
        await self.chat()

    async def _listens(self) -> bool:
        return (self._folder / "socket").exists()

    async def _leave(self) -> None:
        with contextlib.suppress(RuntimeError, TimeoutError):
            await self.type("/quit")
            await self._poll(lambda screen: False, 2.0, "its end")

    # --- keys ------------------------------------------------------------------------------------------------

    async def chat(self) -> None:
        """Opens the conversation with the bot, or comes back to it."""
        await self.type(f"/msg {self.to}")
        await self.until(f"^ {re.escape(self.to)}")

    async def say(self, text: str, within: float = 10.0, quiet: float = 0.3) -> list[str]:
        """Says a line to the bot; what it answered until it had been quiet for a while. Fails when nothing comes."""
        await self._make_room()
        before = sum(who == "me" for who, _ in _lines(await self.screen()))
        await self.type(text)
        answers = await self._poll(lambda screen: _after(before + 1, screen), within, "an answer")
        while True:
            await asyncio.sleep(quiet)
            if (later := _after(before + 1, await self.screen())) == answers:
                return answers
            answers = later

    async def _make_room(self) -> None:
        # What scrolls away can no longer be read.
        if _rows(await self.screen()) > ROWS // 2:
            await self.type("/clear")
            await self._poll(lambda screen: _rows(screen) < ROWS // 2, 5.0, "an empty screen")

    async def open_form(self, command: str) -> str:
        """Executes an ad-hoc command of the bot; the screen with its form."""
        await self.type(f"/cmd exec {command} {self.to}")
        return await self.until("Form title")

    async def submit(self, *values: str) -> None:
        """Fills the fields of the open form in their order and submits it; what is answered takes the window."""
        for n, value in enumerate(values, 1):
            await self.type(f"/field{n} {value}")
            await self.until(rf"Field updated(?s:.*)\[field{n}\]")
        await self.type("/form submit")

    async def type(self, line: str) -> None:
        """Types a line or a command of profanity, and Enter."""
        # tmux takes a semicolon at the end of an argument for the end of its command.
        keys = line[:-1] + r"\;" if line.endswith(";") else line
        await self._tmux("send-keys", "-t", PANE, "-l", keys)
        await self._tmux("send-keys", "-t", PANE, "Enter")

    # --- screen ----------------------------------------------------------------------------------------------

    async def screen(self) -> str:
        return await self._tmux("capture-pane", "-p", "-t", PANE)

    async def until(self, pattern: str, within: float = 10.0) -> str:
        """Waits until the screen shows a regular expression; that screen."""
        seen = re.compile(pattern, re.MULTILINE)
        return await self._poll(lambda screen: screen if seen.search(screen) else "", within, pattern)

    async def _poll(self, look: Callable[[str], T], within: float, what: str) -> T:
        end = time.monotonic() + within
        while time.monotonic() < end:
            if found := look(await self.screen()):
                return found
            await asyncio.sleep(0.05)
        raise TimeoutError(f"profanity did not show {what}")

    async def _tmux(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            program("tmux"),
            "-u",
            "-S",
            str(self._folder / "socket"),
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"tmux {arguments[0]}: {output.decode().strip()}")
        return output.decode()


def _lines(screen: str) -> list[tuple[str, str]]:
    """Who said what, as the screen shows it; a text that goes on stands indented below."""
    lines: list[tuple[str, str]] = []
    for row in screen.splitlines():
        if found := LINE.match(row):
            lines.append((found["who"], found["text"]))
        elif lines and row.startswith(" " * INDENT):
            who, text = lines[-1]
            lines[-1] = who, f"{text}\n{row[INDENT:]}"
    return lines


def _after(mine: int, screen: str) -> list[str]:
    """What others said after our line of that number."""
    lines = _lines(screen)
    own = [n for n, (who, _) in enumerate(lines) if who == "me"]
    return [said for who, said in lines[own[mine - 1] + 1 :] if who != "me"] if len(own) >= mine else []


def _rows(screen: str) -> int:
    return sum(bool(row.strip()) for row in screen.splitlines())


def _settings(folder: Path, ground: Ground, number: str, tls: bool) -> None:
    config, data = folder / "config" / "profanity", folder / "data" / "profanity"
    config.mkdir(parents=True)
    data.mkdir(parents=True)
    (config / "profrc").write_text(
        "[ui]\nsplash=false\nroster=false\nenc.warn=false\n[chatstates]\noutgoing=false\n[omemo]\npolicy=manual\n"
    )
    (data / "accounts").write_text(
        f"[test]\nenabled=true\njid={number}@{ground.domain}\nserver={ground.host}\nport={ground.c2s}\n"
        f"password={ground.accounts[number]}\nresource=terminal\ntls.policy={'trust' if tls else 'disable'}\n"
    )


def _start(folder: Path) -> list[str]:
    # Nothing of the caller's environment: not his home, not his language.
    own = {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "LC_ALL": "C.UTF-8",
        "TERM": "screen-256color",
        "PATH": os.environ.get("PATH", ""),
    }
    return ["env", "-i", *(f"{name}={value}" for name, value in own.items()), program("profanity"), "-a", "test"]
