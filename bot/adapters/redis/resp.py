"""Commands as Redis reads them (RESP); keys that are used again are packed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Packed(NamedTuple):
    """Keys of one call: how many, and their bytes on the wire."""

    keys: int
    data: bytes


def pack_parts(parts: Sequence[bytes]) -> bytes:
    return b"".join([b"$%d\r\n%b\r\n" % (len(part), part) for part in parts])


def packed(*keys: bytes) -> Packed:
    return Packed(len(keys), pack_parts(keys))
