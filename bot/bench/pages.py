"""Members of staff as cheap as possible: each is logged in, has the event stream of his page open, and writes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from aiohttp import ClientSession, ClientTimeout, CookieJar

from bot.bench.load import BenchError


class Page:
    """What a browser does: `seen` holds the text of every line of a conversation, and when it was there."""

    def __init__(self, http: ClientSession, url: str, staff: str, form: str, link: str) -> None:
        self.staff = staff
        self.seen: dict[str, float] = {}  # text → time.monotonic()
        self.url = url
        self.link = link
        self._http = http
        self._head = {"X-Form": form, "Origin": url.rstrip("/")}
        self._ready = asyncio.Event()

    async def does(self, name: str, session: int = 0, rest: str = "") -> None:
        """A button."""
        await self._post("do", name=name, session=str(session), rest=rest)

    async def says(self, session: int, text: str) -> None:
        """A line to the customer."""
        await self._post(f"s/{session}/say", text=text)

    async def _post(self, path: str, **fields: str) -> None:
        fields["id"] = uuid4().hex
        async with self._http.post(f"{self.url}{path}", data=fields, headers=self._head) as answer:
            said = await answer.text()
            if answer.status != 200 or '"back": true' in said:
                raise BenchError(f"the desk answered {answer.status}: {said[:200]}")

    async def _here(self) -> None:
        async with self._http.get(f"{self.url}here", headers={"HX-Request": "true"}):
            pass

    async def _listen(self) -> None:
        """Until cancelled."""
        head = {"Accept": "text/event-stream"}
        async with self._http.get(f"{self.url}stream", headers=head) as answer, asyncio.TaskGroup() as answers:
            async for raw in answer.content:
                if raw.startswith(b"event: hello"):
                    self._ready.set()
                elif raw.startswith(b"event: here"):
                    answers.create_task(self._here())
                elif raw.startswith(b'data: {"session"'):
                    html = json.loads(raw[6:])["html"]
                    text = html.partition("<p>")[2].partition("</p>")[0]
                    self.seen.setdefault(text, time.monotonic())

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """At work, but busy: nobody is offered to him. His stream is open meanwhile; then he goes home."""
        await self.does("忙")
        self._ready.clear()
        listening = asyncio.create_task(self._listen())
        try:
            await asyncio.wait_for(self._ready.wait(), 15)
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await self.does("下班")


@asynccontextmanager
async def page(url: str, staff: str, key: str) -> AsyncIterator[Page]:
    """Let in by the link of the demo."""
    jar = CookieJar(unsafe=True)  # loopback has no name
    async with ClientSession(cookie_jar=jar, read_bufsize=1 << 20, timeout=ClientTimeout(total=None)) as http:
        link = f"{url}enter?as={staff}&key={key}"
        async with http.get(link) as answer:
            html = await answer.text()
        form = html.partition('data-form="')[2].partition('"')[0]
        if not form:
            raise BenchError(f"the desk does not let {staff} in")
        yield Page(http, url, staff, form, link)
