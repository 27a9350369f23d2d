"""Talk files: whole conversations that service staff can write and read, played against any stage.

    brand: easyown            head: brand, number, lang, time (2026-05-10 12:00, where the stage has a clock to set),
                              line (whose: administrator, member; why it is suspended: owing, lost, parked),
                              sells (names of services that the operator in memory sells besides, parted by commas),
              has (names of the services that the line has, in this order and no others)
    > 查话费                  the customer types
    < *服务密码*              must match one line of the answers since, in order; * = anything
    sms: *{code}*彩铃*        an SMS arrives; {code} is kept
    push: *资讯*              the hall said something unasked
    wait 179s                 time passes
    state: idle               where the conversation stands · ledger: done (the newest operation)
    owner: bot                who speaks: bot, queue, closed, or a 工号
    as staff 1207: #接 1      a member of staff types in his XMPP client: in the session that he was told of last,
    as staff 1207 in 2: 您好  or in another one
    1207< *新会话*            must match one line of what he was told since he read last, in order
    staff 1207 gone           his connection breaks
    # …                       a remark
What staff write reads the customer without typing anything: it is matched with `<` as well.
{password} is the line's 客服密码, {number} its number, {serial} the newest 流水号 that was read. Any other {name} in an
expected line is kept when it is met first, and must be the same from then on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

MOST_LINES = 8
MOST_CHARACTERS = 300
CODE = r"\d{6,10}"
WANTING = "write a line `> 你好` for what the customer types, and `< *` below it for what must be answered"
KEYS = frozenset({"brand", "number", "lang", "time", "line", "sells", "has"})
LINES = ("administrator", "member", "owing", "lost", "parked")
_SERIAL = re.compile(r"H\d{6}-[0-9A-Z]{6}")
_WAIT = re.compile(r"wait (\d+(?:\.\d+)?)\s*(s|min|h)")
_STAFF = re.compile(r"as staff (\d+)(?: in (\d+))?: (.*)")
_TOLD = re.compile(r"(\d+)< (.*)")
_GONE = re.compile(r"staff (\d+) gone")
SESSION = re.compile(r"会话 ?(\d+)")
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

    async def pushes(self) -> list[str]:
        """What came unasked and was not read yet, oldest first."""
        ...

    async def wait(self, seconds: float) -> None: ...
    async def state(self) -> str: ...
    async def ledger(self) -> str: ...


@runtime_checkable
class Desk(Protocol):
    """A stage with staff, too."""

    async def staff(self, number: str, text: str, session: int = 0) -> None: ...
    async def told(self, number: str) -> list[str]:
        """What he was told and has not read."""
        ...

    async def gone(self, number: str) -> None: ...
    async def read(self) -> list[str]:
        """What reached the customer since he typed last, answers included."""
        ...

    async def owner(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    kind: str  # say | hear | sms | push | wait | state | ledger | owner | staff | told | gone
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    name: str
    head: dict[str, str]
    lines: tuple[Line, ...]

    def names(self, key: str) -> list[str]:
        """What a key of the head lists, parted by commas."""
        return [name for part in self.head.get(key, "").split(",") if (name := part.strip())]


def parse(name: str, text: str) -> Talk:
    """TalkError with file:line for a line that is none of the grammar."""
    head: dict[str, str] = {}
    lines: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        typed = raw.startswith(("> ", "< ", "as staff ")) or _TOLD.fullmatch(raw)
        line = raw.rstrip() if typed else raw.split(" #", 1)[0].rstrip()
        if not line or line.startswith("#"):
            continue
        key, _, rest = line.partition(":")
        if line.startswith("> "):
            lines.append(Line(number, "say", line[2:]))
        elif line.startswith("< "):
            lines.append(Line(number, "hear", line[2:]))
        elif _STAFF.fullmatch(line):
            lines.append(Line(number, "staff", line))
        elif _TOLD.fullmatch(line):
            lines.append(Line(number, "told", line))
        elif _GONE.fullmatch(line):
            lines.append(Line(number, "gone", line))
        elif _WAIT.fullmatch(line):
            lines.append(Line(number, "wait", line))
        elif key in {"sms", "push", "state", "ledger", "owner"}:
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
    told: dict[str, list[str]] = field(default_factory=dict)  # 工号 -> lines that he has not read
    sessions: dict[str, int] = field(default_factory=dict)  # 工号 -> the session that he was told of last

    async def play(self) -> None:
        if not self.talk.lines:  # one that was emptied by mistake would hold for ever
            raise TalkError(f"{self.talk.name}: nothing is said in it: {WANTING}")
        self.names |= {"password": self.stage.password, "number": self.stage.number}
        for line in self.talk.lines:
            await self.line(line)

    async def line(self, line: Line) -> None:
        """One line; TalkError when it goes otherwise."""
        match line.kind:
            case "say":
                await self._say(line)
            case "hear":
                self._hear(line, line.text, self.heard)
            case "sms":
                await self._sms(line)
            case "push":
                await self._push(line)
            case "wait":
                found = _WAIT.fullmatch(line.text)
                assert found
                await self.stage.wait(float(found[1]) * _SECONDS[found[2]])
                await self._read(line)
            case "state":
                self._same(line, await self.stage.state(), line.text)
            case "ledger":
                self._same(line, await self.stage.ledger(), line.text)
            case "owner":
                owner = await self.stage.owner() if isinstance(self.stage, Desk) else "bot"
                self._same(line, owner, line.text)
            case _:
                await self._desk(line)

    async def _desk(self, line: Line) -> None:
        if not isinstance(self.stage, Desk):
            raise TalkError(f"{self.talk.name}:{line.number}: there is no staff on this stage")
        if found := _STAFF.fullmatch(line.text):
            who, session, text = found.groups()
            self.transcript.append(line.text)
            self.told.setdefault(who, [])
            await self.stage.staff(who, self._filled(text), int(session or self.sessions.get(who, 0)))
        elif found := _GONE.fullmatch(line.text):
            await self.stage.gone(found[1])
        elif found := _TOLD.fullmatch(line.text):
            await self._read_staff(found[1])
            self._hear(line, found[2], self.told[found[1]])
        await self._read(line)

    async def _read_staff(self, who: str) -> None:
        assert isinstance(self.stage, Desk)
        rows = self.told.setdefault(who, [])
        for message in await self.stage.told(who):
            if named := SESSION.search(message):
                self.sessions[who] = int(named[1])
            rows += message.splitlines()
            self.transcript += [f"{who}< {row}" for row in message.splitlines()]

    async def _read(self, line: Line) -> None:
        """What staff or the clock said to the customer, and what staff were told."""
        if isinstance(self.stage, Desk):
            for who in self.told:
                await self._read_staff(who)
            for answer in await self.stage.read():
                self._heard(line, answer)

    async def _say(self, line: Line) -> None:
        text = self._filled(line.text)
        self.transcript.append(f"> {line.text}")
        answers = await self.stage.say(text)
        self.heard = []
        for answer in answers:
            self._heard(line, answer)
        if isinstance(self.stage, Desk):
            await self.stage.read()  # the same answers
            await self._read(line)

    def _heard(self, line: Line, answer: str) -> None:
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

    def _hear(self, line: Line, text: str, rows: list[str]) -> None:
        wanted = self._pattern(text)
        for position, row in enumerate(rows):
            if found := wanted.fullmatch(row):
                self.names |= found.groupdict()
                del rows[: position + 1]
                return
        said = "\n".join(rows) or "(nothing more)"
        raise TalkError(f"{self.talk.name}:{line.number}: expected {text!r}, was told:\n{said}")

    async def _sms(self, line: Line) -> None:
        arrived = await self.stage.sms()
        wanted = self._pattern(line.text)
        for text in arrived:
            if found := wanted.fullmatch(text):
                self.names |= found.groupdict()
                self.transcript.append(f"sms: {line.text}")
                return
        raise TalkError(f"{self.talk.name}:{line.number}: no such SMS, {len(arrived)} arrived")

    async def _push(self, line: Line) -> None:
        came = await self.stage.pushes()
        for text in came:
            self._fits(line, text, text.splitlines())
        if line.text == "none":
            if came:
                raise TalkError(f"{self.talk.name}:{line.number}: nothing was to come, {came[0]!r} did")
        elif not any(self._pattern(line.text).fullmatch(text) for text in came):
            raise TalkError(f"{self.talk.name}:{line.number}: no such push, {came} came")
        self.transcript += [f"push: {text}" for text in came]

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
