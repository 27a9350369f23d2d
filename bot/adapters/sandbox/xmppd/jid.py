"""XMPP addresses, parsed and brought to one spelling. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

MAX_PART = 1023  # bytes of each part (RFC 7622)
_BAD_LOCAL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\"&'/:<>@]")
_BAD_DOMAIN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\"&'/<>@]")
_BAD_RESOURCE = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Jid(NamedTuple):
    local: str
    domain: str
    resource: str

    @property
    def bare(self) -> str:
        return f"{self.local}@{self.domain}" if self.local else self.domain

    @property
    def full(self) -> str:
        return f"{self.bare}/{self.resource}" if self.resource else self.bare


@lru_cache(maxsize=8192)
def parse(text: str) -> Jid:
    """Raises ValueError for what is no address. The text is not repeated in the error."""
    bare, slash, resource = text.partition("/")
    local, at, domain = bare.rpartition("@")
    local, domain = local.lower(), domain.lower().removesuffix(".")
    if (at and not local) or not domain or (slash and not resource):
        raise ValueError("a part of the address is empty")
    if _BAD_LOCAL.search(local) or _BAD_DOMAIN.search(domain) or _BAD_RESOURCE.search(resource):
        raise ValueError("the address has a forbidden character")
    if max(len(part.encode()) for part in (local, domain, resource)) > MAX_PART:
        raise ValueError("a part of the address is too long")
    return Jid(local, domain, resource)
