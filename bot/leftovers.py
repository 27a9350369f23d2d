"""What is done with operations that were left behind, and when one looks at them. Pure."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct

from bot.model import Entry, Ms, OperationState, OrderKind, Outcome

# After it became unknown, then staff. Payments wait for their customer 15 minutes: one look when these are over.
LOOKS: tuple[Ms, ...] = (5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 960_000, 3_600_000)
STAFF_AGAIN: Ms = 600_000  # between two attempts to hand it to staff, after the last look
AGAIN_AFTER: Ms = 12_000  # `submit` ends after 10 s at the latest; before that nobody may send the order again
ATTEMPTS = 3
LEASE: Ms = 30_000  # longer than a look with a second attempt: 10 s to ask, 10 s to send, 3 s to wait
LEFT_SUBMITTED: Ms = 15_000  # its turn is gone: 10 s to send, 3 s to wait
LEFT_AUTHORISED: Ms = 150_000  # its turn is gone: an inbox entry older than 120 s changes nothing any more
LEFT_UNTOLD: Ms = 30_000  # settled, and nobody noted that the customer was told
CLOSED = frozenset({OperationState.DONE, OperationState.FAILED, OperationState.STAFF})


class Late(Entry, frozen=True):
    """A row that was `unknown` once: its turn says 处理中 for ever, and the outcome is a receipt of its own."""


def next_look(state: OperationState, at: Ms, now: Ms, *, attempts: int = 0) -> Ms | None:
    """When a row that is in `state` since `at` must be looked at, if nobody moves it before; None = never."""
    match state:
        case OperationState.AUTHORISED:
            return at + (LEFT_SUBMITTED if attempts else LEFT_AUTHORISED)
        case OperationState.SUBMITTED:
            return at + LEFT_SUBMITTED
        case OperationState.UNKNOWN:
            return next((at + look for look in LOOKS if at + look > now), now + STAFF_AGAIN)
        case OperationState.DONE | OperationState.FAILED | OperationState.STAFF:
            return at + LEFT_UNTOLD  # unless the customer is told before
        case OperationState.DRAFTED | OperationState.CONFIRMED | OperationState.WITHDRAWN:
            return None
        case _:
            assert_never(state)


class Submit(Struct, frozen=True):
    """The operator knows nothing of it and cannot be about to: ask again, with the same key."""


class Settle(Struct, frozen=True):
    state: OperationState
    ref: str = ""
    reason: str = ""


class Wait(Struct, frozen=True):
    """Look again later."""


class Staff(Struct, frozen=True):
    """No machine will find out any more."""


Look = Submit | Settle | Wait | Staff


def look(entry: Entry, outcome: Outcome | None, now: Ms) -> Look:
    """What becomes of a row that is due. `outcome`: None = the operator knows nothing; away counts as pending."""
    age = now - entry.at
    if outcome is not None and outcome.state != "pending":
        return Settle(OperationState(outcome.state), outcome.ref, outcome.reason)
    if entry.state is OperationState.AUTHORISED and not entry.attempts:
        expired = outcome is None and age > LEFT_AUTHORISED
        return Settle(OperationState.FAILED, reason="expired") if expired else Wait()
    if outcome is None and age >= AGAIN_AFTER and entry.operation.order.kind is OrderKind.PAYMENT:
        return Settle(OperationState.FAILED, reason="busy")  # nobody was told where to pay: nothing to send again
    if outcome is None and age >= AGAIN_AFTER:
        return Submit() if entry.attempts < ATTEMPTS else Staff()
    return Staff() if entry.state is OperationState.UNKNOWN and age >= LOOKS[-1] else Wait()
