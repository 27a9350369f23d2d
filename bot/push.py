"""When the hall speaks unasked, and how a handler says who asked for what. Pure, but for `Asker`'s calls."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from msgspec import Struct

from bot.gate import HOUR
from bot.model import Ms, Reply, local
from bot.ports import Hall
from bot.ports.push import Want, Wants

QUIET_FROM, QUIET_TO = 21, 9  # o'clock in Shanghai: nothing is pushed in between
A_DAY = 3  # pushes for one number
SPREAD: Ms = HOUR  # daily ones go out within an hour from 9 o'clock on, each number always at the same minute


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell. `occasion` names it: the same occasion is told once, whatever crashes."""

    occasion: str
    reply: Reply
    personal: bool = True  # about the account: who is not logged in only learns that there is something


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking: what to tell, what to remember, and when to look again."""

    notice: Notice | None
    told: str
    next_look: Ms


Source = Callable[[Want, Hall, Ms], Awaitable[Look]]


def quiet(at: Ms) -> bool:
    hour = local(at).hour
    return hour >= QUIET_FROM or hour < QUIET_TO


def morning(at: Ms, id: str, *, tomorrow: bool = False) -> Ms:
    """The next 9 o'clock and some minutes that belong to `id`; `tomorrow`: not today, even if it is still to come."""
    here = local(at)
    start = here.replace(hour=QUIET_TO, minute=0, second=0, microsecond=0)
    if tomorrow or here.hour >= QUIET_TO:
        start += timedelta(days=1)
    return round(start.timestamp() * 1000) + zlib.crc32(id.encode()) % SPREAD


def first_look(at: Ms, id: str, *, daily: bool) -> Ms:
    """When a new wish is looked at first: a daily one next morning, the others as soon as it is not quiet."""
    return morning(at, id) if daily or quiet(at) else at


class Asker(Struct, frozen=True):
    """What this conversation asked to be told about; bound to it, so that no handler handles addresses."""

    wants: Wants
    conversation: str
    number: str
    reply_to: str
    sender: str
    lang: str
    at: Ms

    def __repr__(self) -> str:
        return f"Asker({self.conversation})"

    async def ask(self, topic: str, about: str, *, daily: bool = False, told: str = "") -> None:
        """From now on; an earlier wish for the same topic is replaced. Asking again for the same changes nothing.

        `daily`: looked at in the mornings. `told`: what need not be told any more.
        """
        before = next((want for want in await self.asked() if want.topic == topic), None)
        if before is not None and before.about == about:
            return
        id = f"{self.conversation}:{topic}"
        told = before.told if before is not None and daily else told
        await self.wants.put(
            Want(
                topic,
                self.number or (before.number if before else ""),
                self.conversation,
                self.reply_to,
                self.sender,
                self.lang or "zh",
                about,
                told,
                self.at,
                first_look(self.at, id, daily=daily),
            )
        )

    async def stop(self, topic: str = "") -> int:
        """No more of this topic, or of any; how many were stopped."""
        return await self.wants.drop(self.conversation, topic)

    async def asked(self) -> list[Want]:
        return await self.wants.of(self.conversation)


def today(at: Ms) -> str:
    """The day in Shanghai, `2026-11-26`."""
    return f"{local(at):%Y-%m-%d}"
