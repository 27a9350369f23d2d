"""A small world for operations: an operator with real effects in a file, an outbox, a clock that is turned by hand."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.adapters.ledger import SqlLedger
from bot.adapters.mint import KeyedMint
from bot.adapters.seal import AesSeal
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.model import Entry, Ms, Operation, OperationState, Order, OrderItem, OrderKind, Outcome, Outgoing
from bot.operations import Operations
from bot.ports import Drafting

START: Ms = 1_795_000_000_000
NUMBER = "13800138000"
JID = "li@im.example"
KEY = bytes(range(32))
SEAL = AesSeal({"k1": KEY}, "k1")
MINT = KeyedMint(KEY, bytes(reversed(KEY)))
ORDER = Order(OrderKind.PRODUCT, NUMBER, "acc-1", (OrderItem("add", "offer-ring", "彩铃"),), "5.00元/月")
Mood = Literal["well", "slow", "refuses", "fails", "reset", "lost", "away", "closed", "doubled"]


def drafted(entry: str = "e1", conversation: str = "17-abc", at: Ms = START, order: Order = ORDER) -> Entry:
    id = MINT.operation(Drafting(conversation, entry, at))
    terms = "开通彩铃，5.00元/月，确认吗"
    operation = Operation(id, MINT.serial(id, at), "service.subscribe", order, "开通彩铃", "彩铃(5元/月)", at, terms)
    return Entry(operation, OperationState.DRAFTED, conversation, reply_to=JID, sender="hall.im.example")


async def confirmed(ledger: SqlLedger, entry: str = "e1", at: Ms = START) -> Entry:
    row = drafted(entry, at=at)
    await ledger.draft(row)
    assert await ledger.confirm(row.operation.id, row.operation.terms, at)
    return row


def said(row: Entry) -> str:
    """What the customer would read."""
    return f"{row.state} {row.operation.serial} {row.reason}".strip()


class Clock:
    """Time that passes when somebody sleeps, or when the test says so."""

    def __init__(self, at: Ms = START) -> None:
        self.at = at

    def __call__(self) -> Ms:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += int(seconds * 1000)
        await asyncio.sleep(0)


class Wall(Clock):
    """Real time, for what several processes do to each other."""

    def __call__(self) -> Ms:
        return int(time.time() * 1000)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Operator:
    """Effects survive the process that asked for them. `mood` is how it answers the next order."""

    def __init__(self, path: Path, mood: Mood = "well") -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("CREATE TABLE IF NOT EXISTS calls (key TEXT, effect INTEGER, state TEXT)")
        self._db.execute("CREATE TABLE IF NOT EXISTS tickets (key TEXT PRIMARY KEY, text TEXT)")
        self.mood: Mood = mood
        self.reached = asyncio.Event()
        self.open = asyncio.Event()  # orders wait until it is set
        self.open.set()
        self.answers = asyncio.Event()  # questions wait until it is set
        self.answers.set()
        self.finishes: int | None = None  # how many questions a slow order takes to its end

    def close(self) -> None:
        self._db.close()

    def effects(self, key: str) -> int:
        return int(self._db.execute("SELECT count(*) FROM calls WHERE key=? AND effect", (key,)).fetchone()[0])

    def calls(self, key: str) -> int:
        return int(self._db.execute("SELECT count(*) FROM calls WHERE key=?", (key,)).fetchone()[0])

    def tickets(self) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT text FROM tickets")]

    def finish(self, key: str, state: str = "done") -> None:
        """A pending order comes to its end."""
        self._db.execute("UPDATE calls SET state=?, effect=? WHERE key=?", (state, state == "done", key))

    def _note(self, key: str, state: str) -> None:
        self._db.execute("INSERT INTO calls VALUES (?, ?, ?)", (key, state == "done", state))

    async def submit(self, order: Order, key: str) -> Outcome:
        """Every call has its effect: this operator promises no idempotency."""
        self.reached.set()
        await self.open.wait()
        match self.mood:
            case "well" | "closed":
                self._note(key, "done")
                return Outcome("done", ref=f"order-{key[:6]}")
            case "slow":
                self._note(key, "pending")
                return Outcome("pending")
            case "fails":
                self._note(key, "failed")
                return Outcome("failed", reason="no-stock")
            case "refuses":
                raise Refused("no-money")
            case "reset":  # it happened, and the connection broke
                self._note(key, "done")
                raise OutcomeUnknown("operator")
            case "doubled":  # an earlier attempt was late, and this one is seen to be the same
                self._note(key, "done")
                raise Refused("duplicate")
            case "lost":  # it never arrived
                raise OutcomeUnknown("operator")
            case "away":  # refused to connect
                raise Unavailable("operator")

    async def outcome(self, order: Order, key: str) -> Outcome | None:
        await self.answers.wait()
        if self.finishes is not None:
            self.finishes -= 1
            if self.finishes <= 0:
                self.finish(key)
        if self.mood in ("away", "closed"):
            raise Unavailable("operator")
        row = self._db.execute("SELECT state FROM calls WHERE key=? ORDER BY effect DESC", (key,)).fetchone()
        match row:
            case None:
                return None
            case ("done",):
                return Outcome("done", ref=f"order-{key[:6]}")
            case ("failed",):
                return Outcome("failed", reason="no-stock")
            case _:
                return Outcome("pending")

    async def ticket(self, number: str, text: str, topic: str, key: str) -> str:
        await asyncio.sleep(0)
        if self.mood == "away":
            raise Unavailable("operator")
        self._db.execute("INSERT OR IGNORE INTO tickets VALUES (?, ?)", (key, text))
        return f"T-{key[:6]}"


class Outbox:
    """Takes each id once, as the real one does; survives its process."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("CREATE TABLE IF NOT EXISTS replies (id TEXT PRIMARY KEY, sent_to TEXT, text TEXT)")
        self.fail = False

    def close(self) -> None:
        self._db.close()

    async def append(self, conversation: str, replies: Sequence[Outgoing]) -> None:
        await asyncio.sleep(0)
        if self.fail:
            raise Unavailable("redis")
        for reply in replies:
            assert reply.conversation == conversation
            self._db.execute("INSERT OR IGNORE INTO replies VALUES (?, ?, ?)", (reply.id, reply.to, reply.text))

    def texts(self) -> list[str]:
        """What the customer read, in order."""
        return [row[0] for row in self._db.execute("SELECT text FROM replies ORDER BY rowid")]

    def states(self) -> list[str]:
        return [text.split()[0] for text in self.texts()]

    def told(self, serial: str) -> list[str]:
        """What the customer read of one operation, in order."""
        return [text.split()[0] for text in self.texts() if text.split()[1] == serial]


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that another task brings about, 5 s at most."""
    for _ in range(1000):
        if await true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come about")


class Mortal:
    """Stands before something real, and kills the process at one step, like `after settle done`."""

    def __init__(self, die: str, real: Any) -> None:
        self._die = die
        self._real = real

    def __getattr__(self, name: str) -> Any:
        async def call(*args: Any, **named: Any) -> Any:
            step = f"{name} {args[1]}" if name == "settle" else name
            self._reached(f"before {step}")
            answer = await getattr(self._real, name)(*args, **named)
            self._reached(f"after {step}")
            return answer

        return call

    def _reached(self, step: str) -> None:
        if step == self._die:
            os.kill(os.getpid(), signal.SIGKILL)


def mortal(die: str, real: Any) -> Any:
    return Mortal(die, real) if die else real


@dataclass
class World:
    ledger: SqlLedger
    operator: Operator
    outbox: Outbox
    clock: Clock
    operations: Operations
    folder: Path = field(repr=False)

    async def turn(self, row: Entry, entry: str = "e2", *, commit: bool = True) -> Entry:
        """A code turn as the pipeline runs it: perform, commit the answer, note that it was told."""
        got = await self.operations.perform(row.operation.id, entry, self.clock())
        if commit:
            out = Outgoing(MINT.reply(row.conversation, entry, 1), row.conversation, JID, "hall", said(got))
            await self.outbox.append(row.conversation, [out])
            if got.state in (OperationState.DONE, OperationState.FAILED):
                await self.ledger.receipt_sent(row.operation.id)
        return got

    async def pass_time(self, seconds: float, step: float = 1.0) -> None:
        """The background loop, second by second."""
        for _ in range(int(seconds / step)):
            self.clock.at += int(step * 1000)
            await self.operations.reconcile(self.clock(), "w1")

    async def state(self, row: Entry) -> OperationState:
        found = await self.ledger.get(row.operation.id)
        assert found is not None
        return found.state


@asynccontextmanager
async def world(
    folder: Path, mood: Mood = "well", url: str = "", die: str = "", clock: Clock | None = None, busy: float = 5.0
) -> AsyncIterator[World]:
    """`die`: the step at which the process kills itself."""
    clock = clock or Clock()
    ledger = await SqlLedger.open(url or sqlite(folder), SEAL, KEY, busy=busy)
    operator, outbox = Operator(folder / "operator.db", mood), Outbox(folder / "outbox.db")
    db, hall, out = mortal(die, ledger), mortal(die, operator), mortal(die, outbox)
    operations = Operations(db, hall, out, MINT, said, clock, sleep=clock.sleep)
    try:
        yield World(db, hall, out, clock, operations, folder)
    finally:
        operator.open.set()
        operator.answers.set()
        await operations.drain()
        await ledger.close()
        operator.close()
        outbox.close()


def sqlite(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'ledger.db'}"


async def opened(url: str) -> None:
    """Start, and be gone again."""
    await (await SqlLedger.open(url, SEAL, KEY)).close()
