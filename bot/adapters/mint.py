"""Keyed, deterministic ids, and the MAC that binds a code to exactly one operation."""

from __future__ import annotations

import base64
import hmac
import secrets
import struct

from bot.errors import ConfigError
from bot.model import Ms, Operation, local
from bot.ports import Drafting

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LEAST_KEY = 32  # bytes; security.md
LEAST_DIGITS = 6
KINDS = ("operation", "reply", "challenge", "file", "serial")


def base32(twenty: bytes, length: int) -> str:
    """RFC 4648 in small letters: the first characters (an even number, at most 32) of 20 bytes.

    Two at a time, a fifth of what `base64` takes.
    """
    number = int.from_bytes(twenty, "big")
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS[: length // 2]])


_SMALL = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + other for one in _SMALL for other in _SMALL]
_SHIFTS = range(150, -1, -10)
_length = struct.Struct(">I").pack


def joined(*parts: bytes) -> bytes:
    """Every part with its length in front: no byte can be shifted from one part to its neighbour."""
    return b"".join([_length(len(part)) + part for part in parts])


class KeyedMint:
    """`key` makes ids, `pepper` makes the MACs of codes; both ≥ 32 bytes. `digits` ≥ 6."""

    def __init__(self, key: bytes, pepper: bytes, *, digits: int = 6) -> None:
        if len(key) < LEAST_KEY:
            raise ConfigError(f"the key for ids is shorter than {LEAST_KEY} bytes")
        if len(pepper) < LEAST_KEY:
            raise ConfigError(f"the pepper is shorter than {LEAST_KEY} bytes")
        if digits < LEAST_DIGITS:
            raise ConfigError(f"a code has at least {LEAST_DIGITS} digits")
        # HMACs that have taken the key and are copied: making one anew costs three times as much.
        self._begun = {kind: hmac.new(key, joined(kind.encode()), "sha256") for kind in KINDS}
        self._pepper = bytes(pepper)
        self._digits = digits

    def __repr__(self) -> str:
        return "KeyedMint()"

    def operation(self, where: Drafting, n: int = 0) -> str:
        return "o" + self._name("operation", 26, where.conversation, where.entry, str(n))

    def reply(self, conversation: str, entry: str, n: int) -> str:
        return f"r{self._name('reply', 20, conversation, entry)}-{n}"

    def challenge(self, conversation: str, entry: str) -> str:
        return "c" + self._name("challenge", 26, conversation, entry)

    def file(self, conversation: str, entry: str, n: int) -> str:
        digest = self._digest("file", conversation, entry, str(n))
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")  # 43 characters

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
        mac = self._begun[kind].copy()
        mac.update(joined(*[part.encode() for part in parts]))
        return mac.digest()

    def _name(self, kind: str, length: int, *parts: str) -> str:
        return base32(self._digest(kind, *parts)[:20], length)
