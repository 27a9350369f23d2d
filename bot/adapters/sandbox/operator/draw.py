"""A draw that can be checked afterwards: neither the operator nor the hall can choose who wins. Pure.

When the promotion starts the operator makes a seed of 32 bytes and shows its SHA-256 (the commitment). Who joins is
drawn by number = HMAC-SHA256(seed, promotion id + "\\n" + external id) mod 1,000,000, lowest numbers win; the external
id is the operation's id, which the hall derives with a key that the operator does not know, from an inbox entry that
was there before. So the operator cannot pick a seed to fit, nor the hall an id: it does not know the seed. Every draw
is stored with its external id; once the promotion is over the seed is shown, and anybody can work all of them out
again. The remainder's bias is below 2^-230.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

OF = 1_000_000
Prize = tuple[str, int, int]  # name, how many of a million, 分 of 话费


def commitment(seed: bytes) -> str:
    return hashlib.sha256(seed).hexdigest()


def number(seed: bytes, promotion: str, external: str) -> int:
    digest = hmac.digest(seed, f"{promotion}\n{external}".encode(), "sha256")
    return int.from_bytes(digest, "big") % OF


def prize(drawn: int, prizes: Sequence[Prize]) -> Prize | None:
    """The prize of a number: the first ones of the list have the lowest numbers."""
    for one in prizes:
        if drawn < one[1]:
            return one
        drawn -= one[1]
    return None


def ticket(drawn: int) -> str:
    """What the customer keeps of it."""
    return f"{drawn:06d}"
