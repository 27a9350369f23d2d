"""What pushes need: who asked for what, durable beside the ledger, and counts per number and day."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from bot.model import Ms


class Want(Struct, frozen=True, omit_defaults=True):
    """One customer asked to be told about one topic. Everything of the customer's is sealed at rest."""

    topic: str  # a name of `bot.intents.sources`: news, balance
    number: str  # MSISDN
    conversation: str
    reply_to: str  # bare JID
    sender: str  # the bot address that speaks
    lang: str = "zh"
    about: str = ""  # what of it: channels, a threshold; the topic's own words
    told: str = ""  # what was told last, as the topic remembers it
    at: Ms = 0  # when it was asked for; a new wish for the same topic is another one
    next_look: Ms = 0

    @property
    def id(self) -> str:
        return f"{self.conversation}:{self.topic}"

    def __repr__(self) -> str:
        return f"Want({self.topic})"


class Wants(Protocol):
    """Every call may raise Unavailable("database")."""

    async def put(self, want: Want) -> None:
        """Asked for; takes the place of an earlier wish of this conversation for the same topic."""
        ...

    async def drop(self, conversation: str, topic: str = "") -> int:
        """Asked for no more: this topic, or all of them; how many there were."""
        ...

    async def of(self, conversation: str) -> list[Want]: ...

    async def hint(self, number: str, now: Ms) -> None:
        """Something may have happened to this number: its wants are looked at now instead of later."""
        ...

    async def due(self, now: Ms, worker: str, limit: int) -> list[Want]:
        """Those that must be looked at, leased to `worker` for a minute."""
        ...

    async def looked(self, want: Want, told: str, next_look: Ms) -> None:
        """It was looked at; nothing changes when it was asked for anew meanwhile."""
        ...


class Quota(Protocol):
    """So many of a kind for one number in one day (Asia/Shanghai), over all processes."""

    async def take(self, number: str, kind: str, id: str, at: Ms, most: int) -> bool:
        """Counted, once per id; False (and not counted) when the day has had `most` others. Unavailable("redis")."""
        ...

    async def left(self, number: str, kind: str, at: Ms, most: int) -> int:
        """How many the day still has."""
        ...
