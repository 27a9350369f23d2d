"""Promotions, news, places and the club as the operator's own port tells them. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from bot.adapters.tmf.values import Json, at, day, enum, flag, ident, moment, money, rows, text
from bot.ports.around import Area, Board, Branch, Channel, Club, News, Promotion, Shop, Ticket

_KINDS: dict[str, Literal["credit", "voucher", "draw"]] = {"credit": "credit", "voucher": "voucher", "draw": "draw"}


def promotion(row: Json) -> Promotion | None:
    """None for a kind that this hall cannot let anybody join."""
    kind = _KINDS.get(enum(row, "kind"))
    if kind is None:
        return None
    amount = money(row["amount"]) if row.get("amount") is not None else Decimal(0)
    name, words, until = text(row, "name", 20), text(row, "description", 60), day(row.get("validUntil"))
    return Promotion(ident(row, "id"), name, kind, words, until, amount, flag(row, "joined"))


def gain(row: Json) -> str:
    """What taking part gave, as the receipt reads it; "" when it cannot be told."""
    won = at(row, "result")
    match enum(won, "kind"):
        case "credit":
            return f"credit|{money(at(won, 'amount')):.2f}"
        case "voucher":
            return f"voucher|{_word(won, 'code')}|{day(at(won, 'validUntil'))}"
        case "prize":
            return f"prize|{_word(won, 'name')}|{_word(won, 'ticket')}"
        case "nothing":
            return f"nothing||{_word(won, 'ticket')}"
        case _:
            return ""


def _word(value: object, path: str) -> str:
    return text(value, path, 40).replace("|", " ")


def channel(row: Json) -> Channel:
    return Channel(ident(row, "id"), text(row, "name", 12))


def news(row: Json) -> News:
    return News(moment(row.get("publishedAt")), text(row, "title", 40), text(row, "channel", 20))


def latest(found: list[News]) -> list[News]:
    return sorted(found, key=_when, reverse=True)


def _when(one: News) -> datetime:
    return one.at


_OVER = frozenset({"resolved", "closed", "cancelled", "canceled", "rejected"})


def ticket(row: Json) -> Ticket:
    topic = enum(row, "ticketType")
    return Ticket(ident(row, "id"), topic, enum(row, "status") in _OVER, moment(row.get("creationDate")))


def area(row: Json) -> Area:
    return Area(text(row, "city", 12), tuple(text(one, "name", 12) for one in rows(row.get("districts"))))


def branch(row: Json) -> Branch:
    return Branch(
        text(row, "name", 20),
        text(row, "city", 12),
        text(row, "district", 12),
        text(row, "address", 30),
        text(row, "hours", 20),
        enum(row, "kind") == "kiosk",
    )


def shop(row: Json) -> Shop:
    return Shop(
        text(row, "name", 16),
        text(row, "city", 12),
        text(row, "kind", 8),
        text(row, "discount", 12),
        text(row, "address", 20),
    )


def board(row: Json) -> Board:
    posts = tuple(text(post, "title", 24) for post in rows(row.get("posts")))
    return Board(ident(row, "id"), text(row, "name", 12), text(row, "link", 80), posts)


def club(row: Json, level: str) -> Club:
    benefits = tuple(text(one, "name", 24) for one in rows(row.get("benefits")))
    return Club(level, benefits, text(row, "next", 40))
