"""Keyed, deterministic ids, and the MAC that binds a code to exactly one operation."""

from __future__ import annotations

import base64
import hmac
import secrets

from bot.errors import ConfigError
from bot.model import Ms, Operation, local
from bot.ports import Drafting

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LEAST_KEY = 32  # bytes; security.md
LEAST_DIGITS = 6


def joined(*parts: bytes) -> bytes:
    """Every part with its length in front: no byte can be shifted from one part to its neighbour."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class KeyedMint:
    """`key` makes ids, `pepper` makes the MACs of codes; both ≥ 32 bytes. `digits` ≥ 6."""

    def __init__(self, key: bytes, pepper: bytes, *, digits: int = 6) -> None:
        if len(key) < LEAST_KEY:
            raise ConfigError(f"the key for ids is shorter than {LEAST_KEY} bytes")
        if len(pepper) < LEAST_KEY:
            raise ConfigError(f"the pepper is shorter than {LEAST_KEY} bytes")
        if digits < LEAST_DIGITS:
            raise ConfigError(f"a code has at least {LEAST_DIGITS} digits")
        self._key = bytes(key)
        self._pepper = bytes(pepper)
        self._digits = digits

    def __repr__(self) -> str:
        return "KeyedMint()"

    def operation(self, where: Drafting, n: int = 0) -> str:
        return "o" + self._name("operation", where.conversation, where.entry, str(n))[:26]

    def reply(self, conversation: str, entry: str, n: int) -> str:
        return "r" + self._name("reply", conversation, entry)[:20] + f"-{n}"

    def challenge(self, conversation: str, entry: str) -> str:
        return "c" + self._name("challenge", conversation, entry)[:26]

    def serial(self, operation_id: str, at: Ms) -> str:
        """流水号: `H261124-ABC123`, the day in Asia/Shanghai."""
        number = int.from_bytes(self._digest("serial", operation_id)[:4], "big")
        return f"H{local(at):%y%m%d}-" + "".join(CROCKFORD[number >> shift & 31] for shift in range(0, 30, 5))

    def mac(self, challenge: str, jid: str, operation: Operation, code: str) -> bytes:
        """Binds bare JID, number, intent and canonical parameters with the price. Not the resource (contracts.md)."""
        texts = (challenge, jid, operation.order.number, operation.id, operation.intent)
        parts = (*(text.encode() for text in texts), operation.order.canonical(), code.encode())
        return hmac.digest(self._pepper, joined(b"code", *parts), "sha256")

    def code(self) -> str:
        return f"{secrets.randbelow(10**self._digits):0{self._digits}}"

    def _digest(self, kind: str, *parts: str) -> bytes:
        return hmac.digest(self._key, joined(kind.encode(), *(part.encode() for part in parts)), "sha256")

    def _name(self, kind: str, *parts: str) -> str:
        return base64.b32encode(self._digest(kind, *parts)[:20]).decode().lower()  # 32 characters, no padding
