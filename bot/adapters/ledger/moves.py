"""The moves of an operation: conditional updates, so that of all who try at once exactly one has moved it.

Each runs inside a transaction opened elsewhere. A move that was made already, or is not allowed, changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, or_, select, update

from bot.adapters.ledger.insert import insert_into
from bot.adapters.ledger.tables import OPERATIONS as T
from bot.adapters.mint import CROCKFORD
from bot.leftovers import AGAIN_AFTER, LEASE, next_look
from bot.model import Ms, OperationState

OVER = frozenset({OperationState.DONE, OperationState.FAILED, OperationState.STAFF, OperationState.WITHDRAWN})
FORGOTTEN: Ms = 3_600_000  # a draft with a secret that nobody came back to: nothing can become of it any more
OPEN = (OperationState.SUBMITTED, OperationState.UNKNOWN)


def draft(db: Connection, values: Mapping[str, Any]) -> None:
    """Insert once per id. A serial that another operation has is made longer, always by the same letters."""
    id, serial = values["id"], values["serial"]
    if values.get("secret"):
        _forget_secrets(db, values["at"])
    for letter in ["", *(CROCKFORD[byte % 32] for byte in hashlib.sha256(id.encode()).digest())]:
        serial += letter
        added = db.execute(insert_into(db, T).values({**values, "serial": serial}).on_conflict_do_nothing()).rowcount
        if added or state_of(db, id) is not None:
            return


def _forget_secrets(db: Connection, now: Ms) -> None:
    """Of drafts that their customers left lying: whoever drafts the next one sweeps."""
    lying = and_(
        T.c.secret.is_not(None),
        T.c.state.in_(_names((OperationState.DRAFTED, OperationState.CONFIRMED))),
        T.c.drafted_at < now - FORGOTTEN,
    )
    db.execute(update(T).where(lying).values(secret=None))


def confirm(db: Connection, id: str, consent: bytes, at: Ms) -> bool:
    moved = _move(db, id, (OperationState.DRAFTED,), OperationState.CONFIRMED, at, consent=consent, consented_at=at)
    return moved or state_of(db, id) is OperationState.CONFIRMED


def authorise(db: Connection, id: str, verdict: str, entry: str, at: Ms) -> bool:
    moved = _move(
        db,
        id,
        (OperationState.CONFIRMED,),
        OperationState.AUTHORISED,
        at,
        verdict=verdict,
        entry=entry,
        next_look=next_look(OperationState.AUTHORISED, at, at),
    )
    return moved or state_of(db, id) is OperationState.AUTHORISED


def submitted(db: Connection, id: str, at: Ms) -> OperationState:
    """Whoever gets `authorised` may submit, nobody else."""
    if _move(
        db,
        id,
        (OperationState.AUTHORISED,),
        OperationState.SUBMITTED,
        at,
        attempts=T.c.attempts + 1,
        next_look=next_look(OperationState.SUBMITTED, at, at),
    ):
        return OperationState.AUTHORISED
    return _known(state_of(db, id))


def settle(
    db: Connection, id: str, state: OperationState, at: Ms, ref: str, reason: bytes | None, attempt: int = 0
) -> OperationState:
    """To `done`, `failed`, `unknown` or `staff`; to `authorised` when it may be asked for again: nobody knows it.

    `attempt`, if not 0: it `failed`, and a later one did not.
    """
    match state:
        case OperationState.DONE | OperationState.FAILED | OperationState.STAFF:
            look = next_look(state, at, at)
            last = (T.c.attempts == attempt,) if attempt and state is OperationState.FAILED else ()
            _move(db, id, OPEN, state, at, *last, external_ref=ref, reason=reason, next_look=look, leased_until=0)
        case OperationState.UNKNOWN:
            _unknown(db, id, at)
        case OperationState.AUTHORISED:
            _again(db, id, at)
        case _:
            raise ValueError(f"an operation is not settled as {state}")
    return _known(state_of(db, id))


def _unknown(db: Connection, id: str, at: Ms) -> None:
    """From then on it is late; looked at again, it keeps the time at which it became unknown."""
    since = db.execute(select(T.c.at).where(T.c.id == id, T.c.state == OperationState.UNKNOWN.value)).scalar()
    look = next_look(OperationState.UNKNOWN, at if since is None else since, at)
    if since is None:
        _move(
            db, id, (OperationState.SUBMITTED,), OperationState.UNKNOWN, at, late=True, next_look=look, leased_until=0
        )
    else:
        same = and_(T.c.id == id, T.c.state == OperationState.UNKNOWN.value)
        db.execute(update(T).where(same).values(next_look=look, leased_until=0))


def _again(db: Connection, id: str, at: Ms) -> None:
    """Back to `authorised`: at the earliest when the last attempt's call has ended for sure."""
    look = next_look(OperationState.AUTHORISED, at, at, attempts=1)
    over = T.c.at <= at - AGAIN_AFTER
    _move(db, id, OPEN, OperationState.AUTHORISED, at, over, late=True, next_look=look)


def withdraw(db: Connection, id: str, at: Ms) -> None:
    _move(db, id, (OperationState.DRAFTED, OperationState.CONFIRMED), OperationState.WITHDRAWN, at)


def receipt_sent(db: Connection, id: str) -> None:
    """Only an outcome can have been told."""
    closed = T.c.state.in_(_names((OperationState.DONE, OperationState.FAILED, OperationState.STAFF)))
    db.execute(update(T).where(T.c.id == id, closed).values(receipt=True, next_look=None, leased_until=0))


def lease(db: Connection, now: Ms, worker: str, limit: int) -> Sequence[RowMapping]:
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


def postpone(db: Connection, ids: Sequence[str], to: Ms) -> None:
    db.execute(update(T).where(T.c.id.in_(ids)).values(next_look=to))


def state_of(db: Connection, id: str) -> OperationState | None:
    state = db.execute(select(T.c.state).where(T.c.id == id)).scalar()
    return None if state is None else OperationState(state)


def _move(
    db: Connection, id: str, sources: Sequence[OperationState], to: OperationState, at: Ms, *also: Any, **values: Any
) -> bool:
    here = and_(T.c.id == id, T.c.state.in_(_names(sources)), *also)
    if to in OVER:
        values["secret"] = None
    moved = db.execute(update(T).where(here).values(state=to.value, at=at, **{"next_look": None, **values}))
    return moved.rowcount == 1


def _names(states: Sequence[OperationState]) -> list[str]:
    return [state.value for state in states]


def _known(state: OperationState | None) -> OperationState:
    if state is None:
        raise LookupError("the ledger has no such operation")
    return state
