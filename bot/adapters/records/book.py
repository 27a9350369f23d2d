"""What is written down of conversations and sessions, in the background: the road only appends to a list.

A line is on disk within a second of being said; a bot that is killed in that second has it in Redis still, and a
session that ends is compared with what Redis remembers.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, update
from sqlalchemy import case as expression

from bot.adapters.ledger.database import Database
from bot.adapters.ledger.insert import insert_into
from bot.adapters.ledger.rows import number_hash
from bot.adapters.records.tables import CASES, TURNS, UNHEARD
from bot.desk.model import Case, Logged, Spoken, Where
from bot.errors import Unavailable
from bot.model import Ms
from bot.ports import Seal, Watch

EVERY = 1.0  # seconds
HOUR: Ms = 3_600_000
AT_ONCE = 200  # rows that are sealed before others get their turn
MOST = 20_000  # rows that wait while the database is away; then the oldest go
UNHEARD_OUTCOME = "talk/oos"
FEED = frozenset({"offer", "notice", "brief", "aside", "copy"})
LONGEST = 200  # characters of a text that was not understood

_encode = msgspec.msgpack.Encoder().encode


class Kept(msgspec.Struct, frozen=True):
    """The sealed part of a session's row."""

    card: msgspec.Raw
    note: str


class Book:
    """`heard` and `case` return at once; `run` writes. `key` hashes numbers as the ledger does."""

    def __init__(self, database: Database, seal: Seal, key: bytes, watch: Watch) -> None:
        self._db = database
        self._seal = seal
        self._watch = watch
        self._turns: list[tuple[str, int, str, Sequence[Spoken]]] = []
        self._cases: dict[int, Case] = {}
        self._firsts: dict[int, Ms] = {}
        self._loop: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self._named: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self.hash = lru_cache(maxsize=4096)(lambda number: number_hash(key, number) if number else "")

    def heard(self, conversation: str, seq: int, spoken: Sequence[Spoken], number: str = "") -> None:
        """What was said together, secrets already marked. What a member of staff types and reads is no transcript."""
        if spoken[0].about in FEED or (spoken[0].who.startswith("staff/") and not spoken[0].case):
            return
        self._turns.append((conversation, seq, self._once(conversation, spoken[0].at, number), spoken))
        if (line := spoken[0]).case and line.who.startswith("staff/") and not line.about:  # a card is no answer yet
            self._firsts.setdefault(line.case, line.at)

    def _once(self, conversation: str, at: Ms, number: str) -> str:
        """The number of a conversation is written with one of its lines in an hour, not with each.

        Not once for ever: whoever was erased and comes again must be found again.
        """
        before, noted = self._named.get(conversation, ("", 0))
        if not number or (before == number and at - noted < HOUR):
            return ""
        self._named[conversation] = number, at
        if len(self._named) > MOST:
            self._named.popitem(last=False)
        return number

    def case(self, case: Case) -> None:
        """A session as it stands; the last word counts."""
        self._cases[case.number] = case

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        await self.flush()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.flush()

    async def flush(self) -> None:
        """All that was noted so far is committed, or is tried again with the next flush."""
        async with self._writing:
            while self._turns or self._cases or self._firsts:
                turns, self._turns = self._turns[:AT_ONCE], self._turns[AT_ONCE:]
                cases, self._cases = self._cases, {}
                firsts, self._firsts = self._firsts, {}
                try:
                    await self._write(turns, cases.values(), firsts)
                except Unavailable:
                    self._turns = (turns + self._turns)[-MOST:]
                    self._cases = {**cases, **self._cases}
                    self._firsts = {**self._firsts, **firsts}
                    self._watch.event("records_away", waiting=len(self._turns))
                    return
                except Exception as error:  # one that cannot be written must not take the others with it
                    self._watch.bug("records", error)
                    await self._singly(turns, cases.values(), firsts)

    async def _singly(self, turns: Sequence[Any], cases: Iterable[Case], firsts: dict[int, Ms]) -> None:
        rest: list[tuple[Sequence[Any], Iterable[Case], dict[int, Ms]]] = [((turn,), (), {}) for turn in turns]
        rest += [((), (case,), {}) for case in cases]
        for one in (*rest, ((), (), firsts)):
            try:
                await self._write(*one)
            except Unavailable:
                return
            except Exception as error:
                self._watch.bug("records", error)

    async def fill(self, conversation: str, journal: Iterable[Logged]) -> None:
        """What Redis remembers and the database may lack; what is there stays."""
        for logged in journal:
            self.heard(conversation, logged.seq, logged.lines)
        await self.flush()

    async def _write(self, turns: Sequence[Any], cases: Iterable[Case], firsts: dict[int, Ms]) -> None:
        rows = [self._row(*turn) for turn in turns]
        unheard = [found for turn in turns if (found := self._unheard(*turn))]
        sessions = [self._case(case) for case in cases]

        def work(db: Connection) -> None:
            if rows:
                db.execute(insert_into(db, TURNS).on_conflict_do_nothing(), rows)
            if unheard:
                db.execute(UNHEARD.insert(), unheard)
            for session in sessions:
                fresh = insert_into(db, CASES).values(session)
                newer = CASES.c.version < session["version"]
                changed = _later(session, fresh.excluded)
                db.execute(fresh.on_conflict_do_update(index_elements=["session"], set_=changed, where=newer))
            for session_number, at in firsts.items():
                here = and_(CASES.c.session == session_number, CASES.c.first == 0)
                db.execute(update(CASES).where(here).values(first=at))

        await self._db.write(work)

    def _row(self, conversation: str, seq: int, number: str, spoken: Sequence[Spoken]) -> dict[str, Any]:
        intent, outcome = about(spoken)
        return {
            "conversation": conversation,
            "seq": seq,
            "number": self.hash(number),
            "session": spoken[0].case,
            "at": spoken[0].at,
            "intent": intent,
            "outcome": outcome,
            "lines": self._seal.seal(_encode(spoken), f"turns:{conversation}"),
        }

    def _unheard(self, conversation: str, seq: int, number: str, spoken: Sequence[Spoken]) -> dict[str, Any] | None:
        if about(spoken)[1] != UNHEARD_OUTCOME or spoken[0].who != "customer":
            return None
        text = self._seal.seal(spoken[0].text[:LONGEST].encode(), "unheard:text")
        return {"at": spoken[0].at, "conversation": conversation, "text": text, "intent": "", "by": ""}

    def _case(self, case: Case) -> dict[str, Any]:
        over = case.state in (Where.WRAPUP, Where.CLOSED)
        kept = Kept(msgspec.Raw(_encode(case.card)), case.note)
        return {
            "session": case.number,
            "conversation": case.conversation,
            "number": self.hash(case.card.number),
            "staff": case.staff,
            "skill": case.skill,
            "intent": case.card.tried[-1] if case.card.tried else "",
            "at": case.at,
            "taken": case.served_at,
            "first": 0,
            "over": case.since if over else 0,
            "wrapped": case.since if case.state is Where.CLOSED else 0,
            "transfers": 0,
            "state": case.state.value,
            "code": case.code,
            "rated": case.rated,
            "version": case.version,
            "card": self._seal.seal(_encode(kept), f"cases:{case.number}"),
        }


def _later(session: dict[str, Any], fresh: Any) -> dict[str, Any]:
    """What changes of a session's row: its beginning stays, its end too; who had it last stays known."""
    changed = {name: fresh[name] for name in session if name not in ("session", "at", "first")}
    changed["over"] = expression((CASES.c.over == 0, fresh.over), else_=CASES.c.over)
    changed["staff"] = expression((fresh.staff == "", CASES.c.staff), else_=fresh.staff)
    moved = and_(CASES.c.staff != "", fresh.staff != "", CASES.c.staff != fresh.staff)
    changed["transfers"] = CASES.c.transfers + expression((moved, 1), else_=0)
    return changed


def about(spoken: Sequence[Spoken]) -> tuple[str, str]:
    """The intent that was understood, and the template that answered."""
    return spoken[0].about, spoken[-1].about if len(spoken) > 1 else ""
