"""What is kept of one person, shown to who is owed it, and its end.

A table that holds something of a customer stands in `HOLDS`; a test compares it with all there are.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import RowMapping, delete, select, update

from bot.adapters.ledger.bindings import forget, number_of_binding
from bot.adapters.ledger.database import Database
from bot.adapters.ledger.rows import Terms, number_hash
from bot.adapters.ledger.tables import BINDINGS, OPERATIONS, WANTS
from bot.adapters.ledger.wants import number_hash as wants_hash
from bot.adapters.records.book import Kept
from bot.adapters.records.tables import AUDIT, CASES, TURNS, UNHEARD
from bot.desk.model import Card, Logged, Spoken
from bot.model import SHANGHAI, Ms, OrderKind
from bot.ports import Clock, Seal

HOLDS = {  # table -> where `export` shows it
    "turns": "said",
    "cases": "sessions",
    "operations": "operations",
    "wants": "told_about",
    "bindings": "bindings",
    "unheard": "not_understood",
    "audit": "read_by",
}
OF_STAFF = frozenset({"staff", "browsers", "logins"})  # nothing of a customer
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)", re.ASCII)  # a relative's, whom somebody paid for
CLOSED_STATES = ("done", "failed", "withdrawn", "staff")

_lines = msgspec.msgpack.Decoder(tuple[Spoken, ...])
_kept = msgspec.msgpack.Decoder(Kept)
_card = msgspec.msgpack.Decoder(Card)


class Past(Struct, frozen=True):
    """A session of the desk, as it is remembered."""

    session: int
    conversation: str
    staff: str
    skill: str
    at: Ms
    taken: Ms
    over: Ms
    code: str
    rated: int
    card: Card
    note: str = ""

    def __repr__(self) -> str:
        return f"Past({self.session})"


class SqlPerson:
    """Every call may raise Unavailable("database")."""

    def __init__(self, database: Database, seal: Seal, key: bytes, clock: Clock) -> None:
        self.database = self._db = database
        self._seal = seal
        self._key = key
        self._clock = clock

    async def export(self, number: str) -> dict[str, Any]:
        """Everything that is kept about a subscriber number, as JSON takes it."""
        mine = number_hash(self._key, number)
        talks = _talks(mine)
        turns = await self._db.read(
            select(TURNS).where(TURNS.c.conversation.in_(talks)).order_by(TURNS.c.at, TURNS.c.seq)
        )
        cases = await self._db.read(select(CASES).where(CASES.c.conversation.in_(talks)).order_by(CASES.c.at))
        operations = await self._db.read(
            select(OPERATIONS).where(OPERATIONS.c.number == mine).order_by(OPERATIONS.c.drafted_at)
        )
        unheard = await self._db.read(select(UNHEARD).where(UNHEARD.c.conversation.in_(talks)).order_by(UNHEARD.c.id))
        bound = await self._db.read(
            select(BINDINGS).where(BINDINGS.c.number == number_of_binding(self._key, number)).order_by(BINDINGS.c.seq)
        )
        wants = await self._db.read(select(WANTS).where(WANTS.c.number == wants_hash(self._key, number)))
        looked = await self._db.read(select(AUDIT).where(AUDIT.c.number == mine).order_by(AUDIT.c.id))
        return {
            "number": number,
            "said": [
                {"at": _time(line.at), "who": line.who, "text": line.text}
                for row in turns
                for line in self._logged(row).lines
            ],
            "sessions": [_shown(self._past(row)) for row in cases],
            "operations": [self._operation(row) for row in operations],
            "not_understood": [
                {"at": _time(row["at"]), "text": self._seal.open(row["text"], "unheard:text").decode()}
                for row in unheard
            ],
            "bindings": [{"at": _time(row["at"]), "number": number} for row in bound],
            "told_about": [{"at": _time(row["at"]), "topic": row["topic"]} for row in wants],
            "read_by": [{"at": _time(row["at"]), "staff": row["staff"], "what": row["what"]} for row in looked],
        }

    async def conversations(self, number: str) -> list[str]:
        """Those in which this number was written down, also when it was known only later."""
        mine = _talks(number_hash(self._key, number))
        return [row["conversation"] for row in await self._db.read(mine)]

    async def numbers_of_sessions(self, number: str) -> list[int]:
        mine = select(CASES.c.session).where(CASES.c.conversation.in_(_talks(number_hash(self._key, number))))
        return [row["session"] for row in await self._db.read(mine)]

    def _operation(self, row: RowMapping) -> dict[str, Any]:
        terms = msgspec.json.decode(self._seal.open(row["terms"], f"ledger:{row['id']}:terms"), type=Terms)
        return {
            "serial": row["serial"],
            "at": _time(row["drafted_at"]),
            "title": terms.title,
            "state": row["state"],
            "agreed": terms.prompt,
        }

    async def erase(self, number: str) -> dict[str, int]:
        """What was said, and what names the person, is gone. Operations stay for the audit, the number masked.

        An operation that is still open keeps what it needs to be finished; erase again when it is.
        """
        mine, wants = number_hash(self._key, number), wants_hash(self._key, number)
        query = select(OPERATIONS).where(OPERATIONS.c.number == mine, OPERATIONS.c.state.in_(CLOSED_STATES))
        masked = [self._masked(row, number) for row in await self._db.read(query)]
        sealed = {
            row["session"]: self._nobody(row["session"])
            for row in await self._db.read(select(CASES.c.session).where(CASES.c.conversation.in_(_talks(mine))))
        }

        def work(db: Any) -> dict[str, int]:
            unheard = db.execute(delete(UNHEARD).where(UNHEARD.c.conversation.in_(_talks(mine)))).rowcount
            talks = [row[0] for row in db.execute(_talks(mine))]
            said = db.execute(delete(TURNS).where(TURNS.c.conversation.in_(talks))).rowcount
            db.execute(delete(WANTS).where(WANTS.c.number == wants))
            forget(db, self._key, number)
            for session, card in sealed.items():
                db.execute(update(CASES).where(CASES.c.session == session).values(card=card, number=""))
            for id, terms in masked:
                db.execute(update(OPERATIONS).where(OPERATIONS.c.id == id).values(terms=terms))
            return {"said": said, "not understood": unheard, "sessions": len(sealed), "operations masked": len(masked)}

        return await self._db.write(work)

    def _masked(self, row: RowMapping, number: str) -> tuple[str, bytes]:
        about = f"ledger:{row['id']}:terms"
        terms = msgspec.json.decode(self._seal.open(row["terms"], about), type=Terms)
        order = msgspec.json.decode(terms.order)
        order["number"], order["account"] = masked_number(number), ""
        for item in order["items"]:
            item.pop("details", None)  # numbers of others, a JID
        prompt = _MOBILE.sub(lambda found: masked_number(found[0]), terms.prompt)
        if order["kind"] == OrderKind.MESSAGE.value:  # a text to somebody: its recipient, its words
            prompt = terms.title
            order["items"] = []
        raw = msgspec.Raw(msgspec.json.encode(order, order="sorted"))
        kept = msgspec.structs.replace(terms, order=raw, prompt=prompt, reply_to="", sender="")
        return row["id"], self._seal.seal(msgspec.json.encode(kept), about)

    def _nobody(self, session: int) -> bytes:
        empty = Kept(msgspec.Raw(msgspec.msgpack.encode(Card("", ""))), "")
        return self._seal.seal(msgspec.msgpack.encode(empty), f"cases:{session}")

    def _logged(self, row: RowMapping) -> Logged:
        about = f"turns:{row['conversation']}"
        return Logged(row["seq"], _lines.decode(self._seal.open(row["lines"], about)))

    def _past(self, row: RowMapping) -> Past:
        kept = _kept.decode(self._seal.open(row["card"], f"cases:{row['session']}"))
        names = ("session", "conversation", "staff", "skill", "at", "taken", "over", "code", "rated")
        return Past(card=_card.decode(kept.card), note=kept.note, **{name: row[name] for name in names})


def _talks(mine: str) -> Any:
    """The conversations of a number, also what was said in them before it was known."""
    turns = select(TURNS.c.conversation).where(TURNS.c.number == mine)
    return turns.union(select(CASES.c.conversation).where(CASES.c.number == mine))


def masked_number(number: str) -> str:
    """13800138000 → 138****8000."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "****" if number else ""


def _time(at: Ms) -> str:
    return datetime.fromtimestamp(at / 1000, SHANGHAI).isoformat(timespec="seconds")


def _shown(past: Past) -> dict[str, Any]:
    return {
        "session": past.session,
        "at": _time(past.at),
        "staff": past.staff,
        "reason": past.card.reason,
        "code": past.code,
        "note": past.note,
        "rated": past.rated,
    }
