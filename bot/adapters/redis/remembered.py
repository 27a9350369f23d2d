"""What Redis remembers of one person for a day: shown to who is owed it, and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.files import RedisFiles
from bot.adapters.redis.keys import Keys, Names
from bot.adapters.redis.link import Link
from bot.adapters.redis.pace import DEFAULT_PACE, library
from bot.adapters.redis.sealed import Box
from bot.adapters.redis.sessions import keys_of_conversation
from bot.model import SHANGHAI, Export, Ms, Session
from bot.ports import Seal

FAMILIES = {  # of keys, as contracts.md names them -> where `export` shows what they hold of a person
    "c": "conversations",
    "f": "files",
    "n": "counters",
    "d": "conversations",  # cases, which hold what the sessions of the database hold
}
COUNTED = {"sms": "sms", "wrong": "wrong_codes"}  # sets of the number's slot, one member for each


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`busy`: conversations in which something goes on; erase again when it is over."""

    conversations: int = 0
    files: int = 0
    busy: int = 0


class Remembered:
    """Every call may raise Unavailable("redis")."""

    def __init__(
        self, link: Link, seal: Seal, *, key: bytes, partitions: int, desk: RedisDesk, files: RedisFiles
    ) -> None:
        self._link = link
        self._box = Box(seal)
        self._names = Names(key, partitions)
        self._desk = desk
        self._files = files
        self._library = library(DEFAULT_PACE)

    async def start(self) -> None:
        await self._link.load(self._library)
        await self._files.start()
        await self._desk.start()

    def conversation(self, bare: str) -> str:
        partition, name = self._names.hidden("jid", bare)
        return f"{partition}-{name}"

    # --- shown --------------------------------------------------------------------------------------------------

    async def export(self, number: str, conversations: Sequence[str]) -> dict[str, Any]:
        now = await self._desk.now()
        keys = [keys_of_conversation(conversation) for conversation in conversations]
        sessions = [await self._session(one) for one in keys]
        talks = [await self._talk(one, session) for one, session in zip(keys, sessions, strict=True)]
        tokens = [token for session in sessions for token in session.files]
        return {
            "conversations": [talk for talk in talks if talk],
            "files": [{"what": what} for token in tokens if (what := await self._file(token, now))],
            "counters": await self._counters(number),
        }

    async def _session(self, keys: Keys) -> Session:
        sealed = await self._link.command("HGET", keys.state, "d")
        return self._box.session(sealed or b"", keys.session)[0]

    async def _talk(self, keys: Keys, session: Session) -> dict[str, Any]:
        """{} when nothing is remembered any more."""
        last = await self._link.command("HGET", keys.state, "a")
        journal = await self._link.command("ZRANGE", keys.journal, 0, -1)
        lines = [line for sealed in journal for line in self._box.lines(sealed, keys.log)]
        held = await self._link.command("LRANGE", keys.held, 0, -1)
        late = [self._box.reply(raw.partition(b" ")[2], keys.outbox, raw.partition(b" ")[0].decode()) for raw in held]
        if not (last or lines or held):
            return {}
        return {
            "last_at": _time(int(last or 0)),
            "logged_in": session.login_at > 0,
            "language": session.lang,
            "wishes": list(session.wishes),
            "last_answer": session.said,
            "last_day": [{"at": _time(line.at), "who": line.who, "text": line.text} for line in lines],
            "not_sent": [reply.text for reply in late if reply],
        }

    async def _file(self, token: str, now: Ms) -> str:
        file = await self._files.look(token, now)
        if file is None:
            return ""
        return f"{file.kind} {file.month}" if isinstance(file, Export) else file.template

    async def _counters(self, number: str) -> dict[str, int]:
        """How often, in the last day; they stay when all else is forgotten: whoever guesses must not begin anew."""
        partition, hidden = self._names.hidden("number", number)
        front = f"{{n{partition}}}"
        found = {
            name: int(await self._link.command("ZCARD", f"{front}:{kind}:{hidden}")) for kind, name in COUNTED.items()
        }
        found["passwords"] = int(await self._link.command("HGET", f"{front}:password:{hidden}", "n") or 0)
        found["locked"] = int(await self._link.command("EXISTS", f"{front}:lock:{hidden}"))
        return found

    # --- forgotten ----------------------------------------------------------------------------------------------

    async def erase(self, conversations: Sequence[str], cases: Sequence[int], feeds: Sequence[str]) -> Forgotten:
        """`feeds`: the conversations of staff, where copies of lines lie, and what they typed, for whomever."""
        gone = files = 0
        busy: set[str] = set()
        for conversation in conversations:
            keys = keys_of_conversation(conversation)
            tokens = (await self._session(keys)).files
            there = int(await self._link.call(self._library, "forget", keys.all, 0))
            if there < 0:
                busy.add(conversation)
            gone += there > 0
            if there > 0 and tokens:
                files += len(tokens)
                await self._files.revoke(tokens)
        over = {number for number in cases if await self._desk.forget(number)}
        for case in await self._desk.cases([number for number in cases if number not in over]):
            busy.add(case.conversation)  # in a wrap-up nothing else says so, and its end is written down
        for keys in map(keys_of_conversation, feeds):
            for sealed in await self._link.command("ZRANGE", keys.journal, 0, -1):
                lines = self._box.lines(sealed, keys.log)
                if over and any(line.case in over or line.who.startswith("staff/") for line in lines):
                    await self._link.command("ZREM", keys.journal, sealed)
        return Forgotten(gone, files, len(busy))

    async def staff(self) -> list[str]:
        return [seat.staff for seat in await self._desk.seats()]


def _time(at: Ms) -> str:
    return datetime.fromtimestamp(at / 1000, SHANGHAI).isoformat(timespec="seconds")
