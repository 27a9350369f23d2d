"""`hallbot chat`: the hall in this terminal, everything in memory; /record writes what was said as a talk file."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from pathlib import Path

from prompt_toolkit import PromptSession
from rich.console import Console

from bot.adapters.memory.hall import NUMBERS, PASSWORD
from bot.adapters.watch import configure
from bot.config import load
from bot.errors import ConfigError
from bot.explain import explain
from bot.stage import MemoryStage
from bot.talk import SESSION

HELP = "/why LAST MESSAGE · /state · /sms · /wait 60s · /as 1207 #闲 · /quit"


class Chat:
    """One customer at this keyboard."""

    def __init__(self, stage: MemoryStage, console: Console) -> None:
        self._stage = stage
        self._console = console
        self._last = ""
        self._sessions: dict[str, int] = {}  # 工号 -> the session that he was told of last
        self.lines: list[str] = []

    def echo(self, text: str) -> None:
        self._console.print(f"> {self._hidden(text)}", soft_wrap=True)

    async def line(self, text: str) -> bool:
        """False when the customer leaves."""
        if text in {"/quit", "/q"}:
            return False
        if text.startswith("/"):
            await self._command(text)
        elif text.strip():
            await self._say(text)
        return True

    async def _say(self, text: str) -> None:
        self._last = text
        self.lines.append(f"> {self._hidden(text)}")
        for answer in await self._stage.say(text):
            self._show(answer, "< ", "cyan")
        await self._told()
        await self._sms()

    async def _staff(self, number: str, text: str) -> None:
        """A line of a member of staff, what he and the customer read of it."""
        if number not in self._stage.members:
            self._console.print(f"bot.yaml names nobody with 工号 {number}: {', '.join(self._stage.members)}")
            return
        self.lines.append(f"as staff {number}: {text}")
        await self._stage.staff(number, text, self._sessions.get(number, 0))
        for answer in await self._stage.read():
            self._show(answer, "< ", "cyan")
        await self._told()
        await self._sms()

    async def _told(self) -> None:
        for number in self._stage.members:
            for answer in await self._stage.told(number):
                if named := SESSION.search(answer):
                    self._sessions[number] = int(named[1])
                self._show(answer, f"{number}< ", "magenta")

    def _show(self, answer: str, front: str, style: str) -> None:
        rows = answer.splitlines()
        shown = rows if front == "< " else [front + row for row in rows]
        self._console.print("\n".join(shown), style=style, soft_wrap=True)
        self.lines += [front + re.sub(r"H[0-9]{6}-[0-9A-Z]{6}", "*", row) for row in rows]

    async def _sms(self) -> None:
        for text in await self._stage.sms():
            self._console.print(f"[短信] {text}", style="yellow", soft_wrap=True)
            found = re.search(r"\d{6}", text)
            self._code = found[0] if found else ""
            self.lines.append("sms: " + re.sub(r"\d{6}", "{code}", text))

    async def _pushes(self) -> None:
        for text in await self._stage.pushes():
            self._console.print(text, style="green", soft_wrap=True)
            self.lines.append("push: " + text.splitlines()[0] + "*")

    _code = ""

    def _hidden(self, text: str) -> str:
        """Secrets by name, so that a recording holds none."""
        if text.strip() == self._stage.password:
            return "{password}"
        return "{code}" if self._code and text.strip() == self._code else text

    async def _command(self, text: str) -> None:
        name, _, rest = text.partition(" ")
        if name == "/as" and (found := re.fullmatch(r"(\d+) (.+)", rest.strip())):
            await self._staff(found[1], found[2])
        elif name == "/why":
            self._console.print_json(json.dumps(explain(rest or self._last), ensure_ascii=False))
        elif name == "/state":
            self._console.print(f"state: {await self._stage.state()} · ledger: {await self._stage.ledger()}")
        elif name == "/wait" and (found := re.fullmatch(r"(\d+)(s|min|h)?", rest.strip())):
            await self._stage.wait(int(found[1]) * {"s": 1, "min": 60, "h": 3600}[found[2] or "s"])
            self.lines.append(f"wait {found[1]}{found[2] or 's'}")
            for answer in await self._stage.read():
                self._show(answer, "< ", "cyan")
            await self._told()
            await self._pushes()
        else:
            self._console.print(HELP)


async def chat(config: Path, number: str, record: Path | None = None) -> int:
    configure(logging.CRITICAL)
    if number not in NUMBERS.values():
        raise ConfigError(f"there is no test subscriber {number}; choose one of {', '.join(NUMBERS.values())}")
    console = Console(highlight=False, markup=False)
    stage = MemoryStage(load(config), number)
    stage.hall.files.base = ""  # nothing serves files here: the numbers stand alone
    here = Chat(stage, console)
    brand = next(brand for brand, known in NUMBERS.items() if known == number)
    console.print(f"{number} ({brand.value}), 客服密码 {PASSWORD} · {HELP}")
    await _read(here)
    if record:
        _write(record, [f"brand: {brand.value}", *here.lines])
        console.print(f"written to {record}")
    return 0


def _write(path: Path, lines: list[str]) -> None:
    try:
        path.write_text("\n".join(lines) + "\n", "utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from error


async def _read(here: Chat) -> None:
    prompt: PromptSession[str] | None = PromptSession("> ") if sys.stdin.isatty() else None
    while True:
        try:
            text = await (prompt.prompt_async() if prompt else _next(here))
        except (EOFError, KeyboardInterrupt):
            return
        if not await here.line(text):
            return


async def _next(here: Chat) -> str:
    """The next line of a file or pipe, shown as if it had been typed."""
    raw = await asyncio.to_thread(sys.stdin.buffer.readline)
    if not raw:
        raise EOFError
    line: str = raw.decode("utf-8", "replace").rstrip("\r\n")
    here.echo(line)
    return line
