"""A row of the ledger and what it says: nothing personal rests in the clear."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import RowMapping

from bot.leftovers import Late
from bot.model import Entry, Operation, OperationState, Order
from bot.ports import Seal


class Terms(Struct, frozen=True):
    """The sealed part of a row that never changes."""

    order: msgspec.Raw  # canonical bytes, as bound into the code's MAC, without a secret
    title: str
    sms: str
    prompt: str  # as it was shown
    reply_to: str
    sender: str
    lang: str


class Rows:
    """Seals and opens; `key` makes numbers comparable without storing them."""

    def __init__(self, seal: Seal, key: bytes) -> None:
        self._seal = seal
        self._key = key

    def number(self, number: str) -> str:
        return number_hash(self._key, number)

    def sealed(self, id: str, kind: str, text: str) -> bytes:
        return self._seal.seal(text.encode(), f"ledger:{id}:{kind}")

    def new(self, entry: Entry) -> dict[str, Any]:
        """The values of a drafted row."""
        operation = entry.operation
        secret = operation.order.secret
        terms = Terms(
            msgspec.Raw(replace(operation.order, secret="").canonical()),
            operation.title,
            operation.sms,
            operation.terms,
            entry.reply_to,
            entry.sender,
            entry.lang,
        )
        return {
            "id": operation.id,
            "serial": operation.serial,
            "number": self.number(operation.order.number),
            "conversation": entry.conversation,
            "intent": operation.intent,
            "terms": self._seal.seal(msgspec.json.encode(terms), f"ledger:{operation.id}:terms"),
            "secret": self.sealed(operation.id, "secret", secret) if secret else None,
            "external_key": operation.id,
            "state": OperationState.DRAFTED.value,
            "drafted_at": operation.at,
            "at": operation.at,
        }

    def entry(self, row: RowMapping) -> Entry:
        id = row["id"]
        terms = msgspec.json.decode(self._seal.open(row["terms"], f"ledger:{id}:terms"), type=Terms)
        order = msgspec.json.decode(terms.order, type=Order)
        if row["secret"]:
            order = replace(order, secret=self._seal.open(row["secret"], f"ledger:{id}:secret").decode())
        operation = Operation(
            id, row["serial"], row["intent"], order, terms.title, terms.sms, row["drafted_at"], terms.prompt
        )
        reason = row["reason"] and self._seal.open(row["reason"], f"ledger:{id}:reason").decode()
        return (Late if row["late"] else Entry)(
            operation,
            OperationState(row["state"]),
            row["conversation"],
            reason=reason or "",
            attempts=row["attempts"],
            entry=row["entry"],
            at=row["at"],
            receipt=row["receipt"],
            reply_to=terms.reply_to,
            sender=terms.sender,
            lang=terms.lang,
        )


def number_hash(key: bytes, number: str) -> str:
    """How a number is found again without being stored."""
    return hmac.new(key, b"ledger number\0" + number.encode(), hashlib.sha256).hexdigest()[:32]
