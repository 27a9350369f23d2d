"""The ledger in memory: the same transitions as the database's."""

from __future__ import annotations

from msgspec.structs import asdict, replace

from bot.leftovers import Late
from bot.model import Entry, Ms, OperationState

S = OperationState
OVER = frozenset({S.DONE, S.FAILED, S.STAFF, S.WITHDRAWN})
UNSEEN = frozenset({S.DRAFTED, S.CONFIRMED, S.WITHDRAWN})  # nobody was told a 流水号 of these


class MemoryLedger:
    """Implements `ports.Ledger`."""

    def __init__(self) -> None:
        self.rows: dict[str, Entry] = {}

    async def draft(self, entry: Entry) -> None:
        self.rows.setdefault(entry.operation.id, entry)

    def _move(self, id: str, allowed: set[OperationState], to: OperationState, at: Ms, **change: object) -> bool:
        row = self.rows.get(id)
        if row is None or row.state not in allowed:
            return False
        if to in OVER and row.operation.order.secret:
            order = replace(row.operation.order, secret="")
            row = replace(row, operation=replace(row.operation, order=order))
        self.rows[id] = replace(row, state=to, at=at, **change)
        return True

    async def confirm(self, id: str, consent: str, at: Ms) -> bool:
        return self._move(id, {S.DRAFTED, S.CONFIRMED}, S.CONFIRMED, at)

    async def authorise(self, id: str, verdict: str, entry: str, at: Ms) -> bool:
        return self._move(id, {S.CONFIRMED, S.AUTHORISED}, S.AUTHORISED, at, entry=entry)

    async def submitted(self, id: str, at: Ms) -> OperationState:
        before = self.rows[id].state
        self._move(id, {S.AUTHORISED}, S.SUBMITTED, at, attempts=self.rows[id].attempts + 1)
        return before

    async def settle(
        self, id: str, state: OperationState, at: Ms, *, ref: str = "", reason: str = "", attempt: int = 0
    ) -> OperationState:
        if state is S.FAILED and attempt not in (0, self.rows[id].attempts):
            return self.rows[id].state
        if self._move(id, {S.SUBMITTED, S.UNKNOWN}, state, at, reason=reason) and state is S.UNKNOWN:
            self.rows[id] = Late(**asdict(self.rows[id]))
        return self.rows[id].state

    async def withdraw(self, id: str, at: Ms) -> None:
        self._move(id, {S.DRAFTED, S.CONFIRMED}, S.WITHDRAWN, at)

    async def get(self, id: str) -> Entry | None:
        return self.rows.get(id)

    async def by_serial(self, number: str, serial: str) -> Entry | None:
        return next((e for e in self._of(number) if e.operation.serial == serial), None)

    async def recent(self, number: str, limit: int = 8) -> list[Entry]:
        return self._of(number)[:limit]

    def _of(self, number: str) -> list[Entry]:
        rows = reversed(self.rows.values())
        return [e for e in rows if e.operation.order.number == number and e.state not in UNSEEN]

    async def due(self, now: Ms, worker: str, limit: int = 20) -> list[Entry]:
        return [e for e in self.rows.values() if e.state is S.UNKNOWN][:limit]

    async def receipt_sent(self, id: str) -> None:
        self.rows[id] = replace(self.rows[id], receipt=True)
