"""Tells customers what they asked to be told about: looked for within a budget, never at night, once per occasion.

A push goes through the outbox like a receipt, under an id made of what is told: whoever dies in between, the next
process tells the same under the same id, and the outbox takes an id once. The count per number and day is kept under
that id too.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from bot import gate
from bot.errors import HallError, Unavailable
from bot.gate import MINUTE, Limits
from bot.model import Ms, Outgoing, Reply, Session
from bot.ports import Clock, Hall, Minting
from bot.ports.push import Quota, Want, Wants
from bot.push import A_DAY, Notice, Source, morning, quiet

CALLS = 2  # to the operator, that one look may take
LATER: Ms = 10 * MINUTE  # after the operator did not answer

_log = logging.getLogger("hallbot.pusher")


class Outbox(Protocol):
    """What of the Sessions is needed here."""

    async def append(self, conversation: str, replies: Sequence[Outgoing]) -> object: ...
    async def glance(self, conversation: str) -> Session: ...


class Pusher:
    """One per process; all of them share the wants. `per_second`: calls to the operator, at most."""

    def __init__(
        self,
        *,
        wants: Wants,
        quota: Quota,
        sessions: Outbox,
        hall: Hall,
        mint: Minting,
        words: Callable[[Reply, str], str],
        limits: Limits,
        clock: Clock,
        sources: Mapping[str, Source],
        per_second: int = 50,
        busy: Callable[[str], Awaitable[bool]] | None = None,  # does somebody else speak in a conversation now?
    ) -> None:
        self._wants = wants
        self._quota = quota
        self._sessions = sessions
        self._hall = hall
        self._mint = mint
        self._words = words
        self._limits = limits
        self._clock = clock
        self._sources = sources
        self._per_second = per_second
        self._busy = busy

    async def run(self, stop: asyncio.Event, worker: str) -> None:
        """A round a second until `stop`."""
        while not stop.is_set():
            try:
                await self.round(self._clock(), worker)
            except Unavailable as error:
                _log.warning("not pushed: %s", error)
            except Exception as error:  # a bug must not end it
                _log.error("not pushed: %s", type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1.0)

    async def round(self, now: Ms, worker: str = "pusher") -> int:
        """One look at what is due, as much of it as the budget of a second allows; how many were told."""
        due = await self._wants.due(now, worker, max(self._per_second // CALLS, 1))
        return sum(await asyncio.gather(*(self._one(want, now) for want in due)))

    async def hint(self, number: str) -> None:
        """An event of the operator's, or somebody who pretends to be it: a reason to ask, nothing more."""
        await self._wants.hint(number, self._clock())

    async def _one(self, want: Want, now: Ms) -> bool:
        """One want; its trouble is not that of the others."""
        try:
            return await self._look(want, now)
        except HallError as error:
            _log.warning("push %s: %s", want.topic, error)
            with contextlib.suppress(Unavailable):
                await self._wants.looked(want, want.told, now + LATER)
        except Exception:
            _log.exception("push %s", want.topic)
        return False

    async def _look(self, want: Want, now: Ms) -> bool:
        if quiet(now):
            await self._wants.looked(want, want.told, morning(now, want.id))
            return False
        source = self._sources.get(want.topic)
        if source is None:  # of a newer version of this bot
            await self._wants.looked(want, want.told, now + gate.DAY)
            return False
        look = await source(want, self._hall, now)
        if look.notice and self._busy is not None and await self._busy(want.conversation):
            await self._wants.looked(want, want.told, now + LATER)  # nothing is said over a human
            return False
        if look.notice and not await self._tell(want, look.notice, now):
            await self._wants.looked(want, want.told, morning(now, want.id, tomorrow=True))
            return False
        await self._wants.looked(want, look.told, look.next_look)
        return look.notice is not None

    async def _tell(self, want: Want, notice: Notice, now: Ms) -> bool:
        """Into the outbox, once per occasion; False when this number was told enough today."""
        minted = self._mint.reply(want.conversation, f"push/{want.topic}/{want.at}/{notice.occasion}", 1)
        id = "p" + minted[1:]  # it answers nothing
        if not await self._quota.take(want.number, "push", id, now, A_DAY):
            return False
        reply = notice.reply
        if notice.personal and not await self._logged_in(want, now):
            reply = Reply("push/hidden")
        text = self._words(reply, want.lang)
        out = Outgoing(id, want.conversation, want.reply_to, want.sender, text, lang=want.lang)
        await self._sessions.append(want.conversation, [out])
        return True

    async def _logged_in(self, want: Want, now: Ms) -> bool:
        """To this very line, and time has not ended it."""
        session = await self._sessions.glance(want.conversation)
        session = gate.age(session, now, self._limits).session
        account = session.account
        return gate.logged_in(session) and account is not None and account.number == want.number
