"""Who asked to be told about what, beside the ledger: in its database, through its one writer."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, RowMapping, delete, or_, select, update

from bot.adapters.ledger.database import Database
from bot.adapters.ledger.insert import insert_into
from bot.adapters.ledger.tables import WANTS as T
from bot.model import Ms
from bot.ports import Seal
from bot.ports.push import Want

LEASE: Ms = 60_000  # longer than a look and its push
UNREADABLE: Ms = 24 * 3_600_000  # its key is gone: not before tomorrow

_log = logging.getLogger("hallbot.wants")


class Terms(Struct, frozen=True):
    """The sealed part of a row."""

    number: str
    reply_to: str
    sender: str
    lang: str
    about: str


class SqlWants:
    """Implements `ports.push.Wants`; in the ledger's database."""

    def __init__(self, database: Database, seal: Seal, key: bytes) -> None:
        self._database = database
        self._seal = seal
        self._key = key

    async def put(self, want: Want) -> None:
        values = self._row(want)
        await self._database.write(lambda db: _put(db, values))

    async def drop(self, conversation: str, topic: str = "") -> int:
        mine = delete(T).where(T.c.conversation == conversation)
        mine = mine.where(T.c.topic == topic) if topic else mine
        return await self._database.write(lambda db: db.execute(mine).rowcount)

    async def of(self, conversation: str) -> list[Want]:
        return self._readable(
            await self._database.read(select(T).where(T.c.conversation == conversation).order_by(T.c.topic))
        )

    async def hint(self, number: str, now: Ms) -> None:
        """Most numbers that an operator tells about have no wants: then nothing is written."""
        later = (T.c.number == self._number(number), T.c.next_look > now)
        if await self._database.read(select(T.c.id).where(*later).limit(1)):
            await self._database.write(lambda db: db.execute(update(T).where(*later).values(next_look=now)))

    async def due(self, now: Ms, worker: str, limit: int) -> list[Want]:
        if not await self._database.read(select(T.c.id).where(T.c.next_look <= now).limit(1)):
            return []
        rows = await self._database.write(lambda db: _lease(db, now, worker, limit))
        wants = self._readable(rows)
        if len(wants) < len(rows):
            lost = [row["id"] for row in rows if row["id"] not in {want.id for want in wants}]
            later = update(T).where(T.c.id.in_(lost)).values(next_look=now + UNREADABLE)
            await self._database.write(lambda db: db.execute(later))
        return wants

    async def looked(self, want: Want, told: str, next_look: Ms) -> None:
        same = (T.c.id == want.id, T.c.at == want.at)
        done = update(T).where(*same).values(told=told, next_look=next_look, leased_until=0)
        await self._database.write(lambda db: db.execute(done))

    def _row(self, want: Want) -> dict[str, Any]:
        terms = Terms(want.number, want.reply_to, want.sender, want.lang, want.about)
        return {
            "id": want.id,
            "conversation": want.conversation,
            "topic": want.topic,
            "number": self._number(want.number),
            "terms": self._seal.seal(msgspec.json.encode(terms), f"wants:{want.id}"),
            "told": want.told,
            "at": want.at,
            "next_look": want.next_look,
            "worker": "",
            "leased_until": 0,
        }

    def _readable(self, rows: Sequence[RowMapping]) -> list[Want]:
        found = []
        for row in rows:
            try:
                found.append(self._want(row))
            except ValueError:
                _log.warning("a want cannot be read", extra={"topic": row["topic"]})
        return found

    def _want(self, row: RowMapping) -> Want:
        terms = msgspec.json.decode(self._seal.open(row["terms"], f"wants:{row['id']}"), type=Terms)
        return Want(
            row["topic"],
            terms.number,
            row["conversation"],
            terms.reply_to,
            terms.sender,
            terms.lang,
            terms.about,
            row["told"],
            row["at"],
            row["next_look"],
        )

    def _number(self, number: str) -> str:
        return number_hash(self._key, number)


def number_hash(key: bytes, number: str) -> str:
    """How a number is found again without being stored."""
    return hmac.new(key, b"wants number\0" + number.encode(), hashlib.sha256).hexdigest()[:32]


def _put(db: Connection, values: dict[str, Any]) -> None:
    fresh = {name: value for name, value in values.items() if name != "id"}
    db.execute(insert_into(db, T).values(values).on_conflict_do_update(index_elements=[T.c.id], set_=fresh))


def _lease(db: Connection, now: Ms, worker: str, limit: int) -> Sequence[RowMapping]:
    """The most urgent rows that are due and nobody's."""
    due = (
        select(T.c.id)
        .where(T.c.next_look <= now, or_(T.c.leased_until <= now, T.c.leased_until > now + LEASE))
        .order_by(T.c.next_look)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = update(T).where(T.c.id.in_(due)).values(worker=worker, leased_until=now + LEASE).returning(*T.c)
    return db.execute(taken).mappings().all()
