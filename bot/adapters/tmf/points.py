"""Points and their history (TMF658 v1). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from bot.adapters.tmf.values import Json, at, day, ident, moment, text, whole
from bot.model import Points, PointsEntry


class Balances:
    """Those of one account, as they were told."""

    def __init__(self, rows: Sequence[Json]) -> None:
        self.rows = rows

    @cached_property
    def total(self) -> Points:
        return total(self.rows)


def total(balances: Iterable[Json]) -> Points:
    """The sum, and what of it expires first."""
    known = [(day(at(row, "validFor.endDateTime")), held(row)) for row in balances]
    first = min((end for end, points in known if end and points), default="")
    return Points(
        total=sum(points for _, points in known),
        expiring=sum(points for end, points in known if first and end == first),
        expires=first,
    )


def held(balance: Json) -> int:
    return whole(at(balance, "quantity.balance"))


def id_of(balance: Json) -> str:
    return ident(balance, "id")


def to_spend(balances: Sequence[Json], points: int) -> Json | None:
    """The balance that a burn is taken from: of those with enough in it the one that expires first."""
    enough = [row for row in balances if held(row) >= points]
    return min(enough, key=lambda row: day(at(row, "validFor.endDateTime")) or "9999", default=None)


def history(earned: Iterable[Json], burned: Iterable[Json], since: datetime) -> list[PointsEntry]:
    """Newest first; spent ones are negative."""
    moves = [_move(row, 1) for row in earned] + [_move(row, -1) for row in burned]
    return sorted((move for move in moves if move.at >= since), key=lambda move: move.at, reverse=True)


def _move(row: Json, sign: int) -> PointsEntry:
    quantity = sign * abs(whole(row.get("quantity")))
    return PointsEntry(moment(row.get("dateTime")), quantity, text(row, "description", 40))
