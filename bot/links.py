"""Answers that link to a file: the address follows from the turn, the file lies there before the answer is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from bot import gate
from bot.model import Picture, Reply, Session
from bot.ports import Minting, Turn
from bot.ports.files import Files

MOST = 8  # links that a conversation has alive at once: they live five minutes


class Links:
    def __init__(self, files: Files, mint: Minting) -> None:
        self._files = files
        self._mint = mint

    def give(self, turn: Turn, reply: Reply, n: int) -> None:
        """`reply` gets the address of its file, the same when the turn is run again; none where nothing is served."""
        if reply.file and self._files.base:
            reply.token = self._mint.file(turn.conversation, turn.entry, n)
            reply.data["link"] = f"{self._files.base}{reply.token}"

    async def keep(self, turn: Turn, session: Session, replies: Sequence[Reply]) -> Session:
        """What `replies` link to is there from now on; what a log-out ends is gone. Unavailable."""
        tokens = tuple(reply.token for reply in replies if reply.token)
        for reply in replies:
            if reply.token and reply.file:
                await self._files.put(reply.token, reply.file, turn.at)
        if turn.session.files and not gate.logged_in(session):
            await self._files.revoke(turn.session.files)
            return replace(session, files=())
        return replace(session, files=(*session.files, *tokens)[-MOST:]) if tokens else session


def bare(replies: Sequence[Reply]) -> None:
    """Where an answer fills the phone, the picture goes: the figures beside it say the same."""
    for reply in replies:
        if isinstance(reply.file, Picture):
            reply.token, reply.data["link"] = "", ""


_TOKEN = re.compile(r"(?<=/f/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
_PUK = re.compile(r"(PUK(?:码| code)[：:] ?)\S+")
_VOUCHER = re.compile(r"((?:券码|Voucher) )[\w-]{4,}")


def unlinked(text: str) -> str:
    """For transcripts and staff: an address, a PUK and a voucher open what they are for, whoever has them."""
    if "/f/" in text:
        text = _TOKEN.sub("…", text)
    if "PUK" in text:
        text = _PUK.sub(r"\1********", text)
    return _VOUCHER.sub(r"\1****", text) if "券码" in text or "Voucher" in text else text


def picture_of(replies: Sequence[Reply]) -> str:
    """The address of the picture that an answer shows, "" when it has none."""
    for reply in replies:
        if isinstance(reply.file, Picture) and reply.token:
            return f"{reply.data['link']}.png"
    return ""
