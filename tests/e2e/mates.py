"""Customers and staff who talk in numbered lines, as careful as a client can be: what is not taken is said again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import aiohttp

from tests.grounds.client import Talker

AGAIN = 2.0  # seconds without a receipt, then the same line is said again under the same id
TRIES = 20
GONE = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass
class Xmpp:
    """One client of a customer, or of a member of staff."""

    talker: Talker
    to: str = ""

    async def say(self, text: str) -> None:
        """Until it was taken; the next line waits for that, which is what keeps the order."""
        id = uuid4().hex
        for _ in range(TRIES):
            self.talker.to = self.to or self.talker.to
            self.talker.send(text, id)
            with suppress(TimeoutError):
                await self.talker.taken(id, AGAIN)
                return
        raise AssertionError(f"{text} was never taken")

    def heard(self) -> list[str]:
        """Everything, in the order in which it first came; what came again under the same id once."""
        return self.talker.heard()


@dataclass
class Web:
    """One browser: logged in, its stream open, reconnecting as the page does; `lines` of all sessions by key."""

    http: aiohttp.ClientSession
    url: str
    form: str = ""
    lines: dict[tuple[int, str], str] = field(default_factory=dict)
    sessions: set[int] = field(default_factory=set)
    connected: int = 0

    async def enter(self, staff: str, key: str) -> None:
        async with self.http.get(f"{self.url}enter", params={"as": staff, "key": key}) as answer:
            self.form = (await answer.text()).partition('data-form="')[2].partition('"')[0]
        assert self.form

    async def does(self, name: str, session: int = 0, rest: str = "") -> None:
        await self._post("do", {"name": name, "session": str(session), "rest": rest})

    async def say(self, session: int, text: str) -> None:
        await self._post(f"s/{session}/say", {"text": text})

    async def _post(self, path: str, fields: dict[str, str]) -> None:
        """The same words again under the same id while nobody answers: the page does that with the next Enter."""
        fields["id"] = uuid4().hex
        head = {"X-Form": self.form, "Origin": self.url.rstrip("/")}
        for _ in range(TRIES):
            with suppress(*GONE):
                async with self.http.post(f"{self.url}{path}", data=fields, headers=head, timeout=_PATIENCE) as answer:
                    if answer.status == 200:
                        said = await answer.json()
                        assert not any(one["back"] for one in said), said
                        return
                    assert answer.status == 503, answer.status
            await asyncio.sleep(0.5)
        raise AssertionError(f"{path} was never taken")

    async def listen(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(*GONE):
                await self._stream()
            await asyncio.sleep(1)

    async def _stream(self) -> None:
        head = {"Accept": "text/event-stream"}
        async with self.http.get(f"{self.url}stream", headers=head, timeout=_ENDLESS) as answer:
            async for raw in answer.content:
                if raw.startswith(b'data: {"session"'):
                    self._line(json.loads(raw[6:]))
                elif raw.startswith(b"event: hello"):
                    self.connected += 1
                    for session in self.sessions:
                        await self._after(session)
                elif raw.startswith(b"event: here"):
                    await self._here()

    async def _here(self) -> None:
        async with self.http.get(f"{self.url}here", headers={"HX-Request": "true"}, timeout=_PATIENCE):
            pass

    async def _after(self, session: int) -> None:
        seqs = [int(key.split("-")[0]) for number, key in self.lines if number == session and key[0] != "f"]
        path = f"{self.url}s/{session}/after?seq={max(seqs, default=0)}"
        async with self.http.get(path, headers={"HX-Request": "true"}, timeout=_PATIENCE) as answer:
            for one in await answer.json() if answer.status == 200 else []:
                self._line(one)

    def _line(self, told: dict[str, str]) -> None:
        text = told["html"].partition("<p>")[2].partition("</p>")[0]
        self.lines.setdefault((int(told["session"]), told["key"]), text)

    def heard(self, session: int) -> list[str]:
        """In the order of the conversation."""
        mine = [(key, text) for (number, key), text in self.lines.items() if number == session and key[0] != "f"]
        return [text for _, text in sorted(mine, key=lambda one: [*map(int, one[0].split("-"))])]


_PATIENCE = aiohttp.ClientTimeout(total=3)
_ENDLESS = aiohttp.ClientTimeout(total=None, sock_connect=3)


async def until(condition: Callable[[], object], within: float, what: str) -> None:
    for _ in range(int(within / 0.05)):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not within {within:.0f} s: {what}")


async def numbered(say: Callable[[str], Awaitable[None]], name: str, count: int, pause: float) -> list[str]:
    """Says so many lines, and returns them."""
    lines = [f"{name} 第 {n} 句。" for n in range(1, count + 1)]
    for line in lines:
        await say(line)
        await asyncio.sleep(pause)
    return lines
