"""Addresses as servers stamp them: the bare part prepared, the resource as it came. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from slixmpp import JID
from slixmpp.jid import InvalidJID

LONGEST = 3071  # RFC 7622: three parts of at most 1,023 octets and two separators


class Address(NamedTuple):
    bare: str  # prepared: case, width and invisible characters are folded, so equal accounts compare equal
    local: str
    domain: str
    resource: str  # verbatim: the server that stamped it takes it back, whatever our own preparation thinks of it

    @property
    def full(self) -> str:
        return f"{self.bare}/{self.resource}" if self.resource else self.bare


@lru_cache(maxsize=8192)
def _bare(text: str) -> tuple[str, str, str] | None:
    try:
        jid = JID(text)
    except InvalidJID:
        return None
    return (jid.bare, jid.user, jid.domain) if jid.domain else None


def address(text: str | None) -> Address | None:
    """`text` taken apart, or None when it names nobody."""
    if not text or len(text) > LONGEST:
        return None
    bare, _, resource = text.partition("/")
    prepared = _bare(bare)
    return None if prepared is None else Address(*prepared, resource)
