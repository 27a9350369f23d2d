"""Talk files: whole conversations that service staff can write and read, played against any stage.

    brand: easyown            head: brand, number, lang, time (2026-05-10 12:00, where the stage has a clock to set)
    > 查话费                  the customer types
    < *服务密码*              must match one line of the answers since, in order; * = anything
    sms: *{code}*彩铃*        an SMS arrives; {code} is kept
    wait 179s                 time passes
    state: idle               where the conversation stands · ledger: done (the newest operation) · owner: bot
    # …                       a remark
{password} is the line's 客服密码, {number} its number, {serial} the newest 流水号 that was read. Any other {name} in an
expected line is kept when it is met first, and must be the same from then on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

MOST_LINES = 8
MOST_CHARACTERS = 300
CODE = r"\d{6,10}"
KEYS = frozenset({"brand", "number", "lang", "time"})
_SERIAL = re.compile(r"H\d{6}-[0-9A-Z]{6}")
_WAIT = re.compile(r"wait (\d+(?:\.\d+)?)\s*(s|min|h)")
_SECONDS = {"s": 1, "min": 60, "h": 3600}


class TalkError(Exception):
    """The talk went otherwise; says file:line, what was expected and what was said."""


class Stage(Protocol):
    """Where a talk is played."""

    number: str
    password: str

    async def say(self, text: str) -> list[str]:
        """Type one line; the messages that answer it."""
        ...

    async def sms(self) -> list[str]:
        """SMS that arrived and were not read yet, oldest first."""
        ...

    async def wait(self, seconds: float) -> None: ...
    async def state(self) -> str: ...
    async def ledger(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    kind: str  # say | hear | sms | wait | state | ledger | owner
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    name: str
    head: dict[str, str]
    lines: tuple[Line, ...]


def parse(name: str, text: str) -> Talk:
    """TalkError with file:line for a line that is none of the grammar."""
    head: dict[str, str] = {}
    lines: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split(" #", 1)[0].rstrip() if not raw.startswith(("> ", "< ")) else raw.rstrip()
        if not line or line.startswith("#"):
            continue
        key, _, rest = line.partition(":")
        if line.startswith("> "):
            lines.append(Line(number, "say", line[2:]))
        elif line.startswith("< "):
            lines.append(Line(number, "hear", line[2:]))
        elif _WAIT.fullmatch(line):
            lines.append(Line(number, "wait", line))
        elif key in {"sms", "state", "ledger", "owner"}:
            lines.append(Line(number, key, rest.strip()))
        elif key in KEYS and not lines:
            head[key] = rest.strip()
        else:
            raise TalkError(f"{name}:{number}: not a line of a talk: {line!r}")
    return Talk(name, head, tuple(lines))


def read(path: Path) -> Talk:
    return parse(path.name, path.read_text("utf-8"))


@dataclass(slots=True)
class Player:
    """Plays one talk; `transcript` is what was typed and answered."""

    talk: Talk
    stage: Stage
    names: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)

    async def play(self) -> None:
        self.names |= {"password": self.stage.password, "number": self.stage.number}
        for line in self.talk.lines:
            await self._line(line)

    async def _line(self, line: Line) -> None:
        match line.kind:
            case "say":
                await self._say(line)
            case "hear":
                self._hear(line)
            case "sms":
                await self._sms(line)
            case "wait":
                found = _WAIT.fullmatch(line.text)
                assert found
                await self.stage.wait(float(found[1]) * _SECONDS[found[2]])
            case "state":
                self._same(line, await self.stage.state(), line.text)
            case "ledger":
                self._same(line, await self.stage.ledger(), line.text)
            case _:
                self._same(line, "bot", line.text)

    async def _say(self, line: Line) -> None:
        text = self._filled(line.text)
        self.transcript.append(f"> {line.text}")
        answers = await self.stage.say(text)
        self.heard = []
        for answer in answers:
            rows = answer.splitlines()
            self._fits(line, answer, rows)
            self.heard += rows
            self.transcript += [f"< {row}" for row in rows]
            if serial := _SERIAL.search(answer):
                self.names["serial"] = serial[0]

    def _fits(self, line: Line, answer: str, rows: Sequence[str]) -> None:
        if len(rows) > MOST_LINES or len(answer) > MOST_CHARACTERS:
            size = f"{len(rows)} lines, {len(answer)} characters"
            raise TalkError(f"{self.talk.name}:{line.number}: the answer does not fit a phone ({size}):\n{answer}")

    def _hear(self, line: Line) -> None:
        wanted = self._pattern(line.text)
        for position, row in enumerate(self.heard):
            if found := wanted.fullmatch(row):
                self.names |= found.groupdict()
                del self.heard[: position + 1]
                return
        said = "\n".join(self.heard) or "(nothing more)"
        raise TalkError(f"{self.talk.name}:{line.number}: expected {line.text!r}, was told:\n{said}")

    async def _sms(self, line: Line) -> None:
        arrived = await self.stage.sms()
        wanted = self._pattern(line.text)
        for text in arrived:
            if found := wanted.fullmatch(text):
                self.names |= found.groupdict()
                self.transcript.append(f"sms: {line.text}")
                return
        raise TalkError(f"{self.talk.name}:{line.number}: no such SMS, {len(arrived)} arrived")

    def _pattern(self, text: str) -> re.Pattern[str]:
        parts = re.split(r"(\*|\{[a-z]+\})", text)
        met: set[str] = set()
        return re.compile("".join(self._piece(part, met) for part in parts), re.DOTALL)

    def _piece(self, part: str, met: set[str]) -> str:
        name = part[1:-1] if re.fullmatch(r"\{[a-z]+\}", part) else ""
        if part == "*":
            return ".*"
        if name in met:
            return f"(?P={name})"
        if name == "code" or (name and name not in self.names):
            met.add(name)
            return f"(?P<{name}>{CODE if name == 'code' else '.+?'})"
        return re.escape(self._filled(part))

    def _filled(self, text: str) -> str:
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _same(self, line: Line, found: str, wanted: str) -> None:
        if found != wanted:
            raise TalkError(f"{self.talk.name}:{line.number}: {line.kind} is {found!r}, not {wanted!r}")
