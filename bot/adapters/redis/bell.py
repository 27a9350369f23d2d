"""Between processes, at once: who has no wire of his own rings, who has one sends. Nothing is lost when nobody hears.

What is sent rests in an outbox; without the bell the sweeper finds it a little later. Who writes is worth a moment.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.adapters.redis.link import Link
from bot.adapters.redis.sessions import RedisSessions
from bot.errors import Unavailable
from bot.model import Outgoing
from bot.ports import Seal, Watch, Wire

CHANNEL = "hall:bell"  # for who has a wire
PAGES = "hall:pages"  # for who serves pages
AGAIN = 1.0  # seconds
ABOUT = "bell:typing"
Heard = Callable[[str], Awaitable[None]]
_SEND = re.compile(r"([0-9]{1,3}-[a-z0-9]+) (\S{1,80})")
_TOLD = re.compile(r"[0-9]{2,8}")
_WRITES = re.compile(r"([0-9]{2,8}) ([0-9]{1,9})")


class Bell:
    def __init__(self, link: Link, seal: Seal) -> None:
        self._link = link
        self._seal = seal
        self._ringing: set[asyncio.Future[object]] = set()

    def send(self, outs: Sequence[Outgoing]) -> None:
        """These wait in their outbox."""
        for out in outs:
            self._ring(f"send {out.conversation} {out.id}")

    def typing(self, to: str, sender: str) -> None:
        """A customer may see that his answer is being written; who that is, is for the hearers alone."""
        sealed = self._seal.seal(f"{to} {sender}".encode(), ABOUT)
        self._ring(f"typing {base64.b64encode(sealed).decode()}")

    def writes(self, staff: str, session: int) -> None:
        """The customer of this session is writing."""
        self._ring(f"writes {staff} {session}", PAGES)

    def told(self, staff: str) -> None:
        """Something is new in his feed."""
        self._ring(f"told {staff}", PAGES)

    def _ring(self, text: str, channel: str = CHANNEL) -> None:
        call = self._link.command("PUBLISH", channel, text)
        self._ringing.add(call)
        call.add_done_callback(self._rung)

    def _rung(self, call: asyncio.Future[object]) -> None:
        self._ringing.discard(call)
        if not call.cancelled():
            call.exception()  # Redis is away: nobody hears it


class Ear:
    """Hears the bell, by its first word; on a connection of its own, made again when it breaks.

    `deaf`: what to do before anything is heard, whenever it was deaf until now.
    """

    def __init__(
        self,
        url: str,
        watch: Watch,
        words: Mapping[str, Heard],
        channel: str = CHANNEL,
        *,
        deaf: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._deaf = deaf
        self._redis = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=None, protocol=2)
        self._watch = watch
        self._words = words
        self._channel = channel
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._redis.aclose()

    async def _run(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as listening:
                    await listening.subscribe(self._channel)
                    await listening.get_message(timeout=AGAIN)  # that it is so
                    await self._listens()
                    async for heard in listening.listen():
                        await self._heard(heard["data"])
            except (RedisError, OSError):
                self._watch.event("bell_away")
            except Exception as error:
                self._watch.bug("bell", error)
            await asyncio.sleep(AGAIN)

    async def _listens(self) -> None:
        if self._deaf is None:
            return
        try:
            await self._deaf()
        except Unavailable:
            return  # the sweeper will find it

    async def _heard(self, data: bytes) -> None:
        word, _, rest = data.decode("utf-8", "replace").partition(" ")
        if word not in self._words:
            return
        try:
            await self._words[word](rest)
        except Unavailable:
            return  # the sweeper will find it
        except Exception as error:  # noise on the channel must not make the ear deaf
            self._watch.bug("bell", error)


def sends(sessions: RedisSessions, wire: Callable[[Sequence[Outgoing]], None]) -> Heard:
    """What this process answers for is sent."""

    async def heard(rest: str) -> None:
        found = _SEND.fullmatch(rest)
        if found and sessions.answers_for(found[1]):
            out = await sessions.outgoing(found[1], found[2])
            if out:
                wire([out])

    return heard


def types(seal: Seal, wire: Wire) -> Heard:
    """Every process with a wire says it; a note that comes twice is one."""

    async def heard(rest: str) -> None:
        try:
            to, _, sender = seal.open(base64.b64decode(rest), ABOUT).decode().partition(" ")
        except ValueError:
            return
        wire.typing(to, sender)

    return heard


def tells(page: Callable[[str, int], None]) -> Heard:
    """The page of that member of staff shows it."""

    async def heard(rest: str) -> None:
        found = _WRITES.fullmatch(rest)
        if found:
            page(found[1], int(found[2]))

    return heard


def wakes(page: Callable[[str], None]) -> Heard:
    """The page of that member of staff looks at once."""

    async def heard(rest: str) -> None:
        if _TOLD.fullmatch(rest):
            page(rest)

    return heard
