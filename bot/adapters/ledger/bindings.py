"""Which number a JID was bound to by SMS, beside the ledger: one line for each time that it changed."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from sqlalchemy import Connection, select, update

from bot.adapters.ledger.database import Database
from bot.adapters.ledger.insert import insert_into
from bot.adapters.ledger.tables import BINDINGS as T
from bot.model import Ms
from bot.ports import Seal


class SqlBindings:
    """Implements `ports.bindings.BindingStore`; in the ledger's database. JIDs and numbers rest as keyed hashes."""

    def __init__(self, database: Database, seal: Seal, key: bytes) -> None:
        self._database = database
        self._seal = seal
        self._key = key

    async def number(self, jid: str) -> str:
        last = select(T.c.id, T.c.sealed).where(T.c.jid == self._jid(jid)).order_by(T.c.seq.desc()).limit(1)
        rows = await self._database.read(last)
        if not rows or rows[0]["sealed"] is None:
            return ""
        return self._seal.open(rows[0]["sealed"], f"bindings:{rows[0]['id']}").decode()

    async def put(self, key: str, jid: str, number: str, at: Ms) -> None:
        values = {
            "id": key,
            "jid": self._jid(jid),
            "number": number_of_binding(self._key, number) if number else "",
            "sealed": self._seal.seal(number.encode(), f"bindings:{key}") if number else None,
            "at": at,
        }
        await self._database.write(lambda db: _put(db, values))

    async def known(self, key: str) -> bool:
        return bool(await self._database.read(select(T.c.id).where(T.c.id == key)))

    def _jid(self, jid: str) -> str:
        return hmac.new(self._key, b"binding jid\0" + jid.encode(), hashlib.sha256).hexdigest()[:32]


def number_of_binding(key: bytes, number: str) -> str:
    return hmac.new(key, b"binding number\0" + number.encode(), hashlib.sha256).hexdigest()[:32]


def forget(db: Connection, key: bytes, number: str) -> int:
    """Nobody is bound to this number any more, nor was. The lines stay, bound to none: a number before it must not
    come back."""
    mine = T.c.number == number_of_binding(key, number)
    return db.execute(update(T).where(mine).values(number="", sealed=None)).rowcount


def _put(db: Connection, values: dict[str, Any]) -> None:
    db.execute(insert_into(db, T).values(**values).on_conflict_do_nothing(index_elements=[T.c.id]))
