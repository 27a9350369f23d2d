"""What `accept`, `commit` and `take` answer, read: sealed message and session become a turn."""

from __future__ import annotations

from typing import NamedTuple

from bot.adapters.redis.claims import Claims
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.sealed import Box
from bot.model import Message
from bot.ports import Turn

SUPPRESSED = b"suppressed "


class Unreadable(NamedTuple):
    """An entry that was handed out and that nobody can open any more."""

    entry: str
    claim: str


class Answer(NamedTuple):
    word: str  # yours, done, queued, …
    handed: Turn | Unreadable | None = None
    suppressed: bool = False  # the replies were kept: somebody else owns the conversation


class Reader:
    """The claim of what was handed out is held, and so renewed, from here on."""

    def __init__(self, box: Box, claims: Claims) -> None:
        self._box = box
        self._claims = claims

    def answer(self, keys: Keys, message: Message | None, raw: bytes) -> Answer:
        """`message`: that of the entry, where it is at hand and therefore did not travel."""
        text = raw.removeprefix(SUPPRESSED)
        suppressed = len(text) < len(raw)
        if not text.startswith(b"yours"):
            return Answer(text.decode(), None, suppressed)
        return Answer("yours", self._handed(keys, message, text), suppressed)

    def _handed(self, keys: Keys, message: Message | None, text: bytes) -> Turn | Unreadable:
        line, _, rest = text.partition(b"\n")
        _, entry, previous, attempts, version, owner, epoch, claim, now, size, skipped = line.decode().split(" ")
        length = int(size)
        if length or message is None:
            message = self._box.message(rest[:length], keys.inbox)
        self._claims.hold(keys, claim)
        if message is None:
            return Unreadable(entry, claim)
        session, reset = self._box.session(rest[length:], keys.session)
        at = int(entry.partition("-")[0])
        return Turn(
            conversation=keys.conversation,
            entry=entry,
            at=at,
            age=int(now) - at,
            message=message,
            session=session,
            version=int(version),
            owner=owner,
            epoch=int(epoch),
            claim=claim,
            attempts=int(attempts),
            previous_at=int(previous),
            reset=reset,
            skipped=int(skipped),
        )
