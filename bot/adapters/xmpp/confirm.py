"""How a component knows that its server has what it sent: a ping behind each batch, which names the batch.

Any process of the domain may get the answer (ejabberd spreads them), so the id of the ping carries the references
itself, with a keyed check that nobody else can make.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from urllib.parse import quote, unquote

from bot.ports import DeliveryRef

BATCH_SECONDS = 0.05  # contracts.md, Outbox
LARGEST = 32  # references in one ping: keeps its id below 1 KiB
PREFIX = "hp1"
_plain = re.compile("[A-Za-z0-9-]*").fullmatch  # what `quote` leaves as it is; ids of answers are nothing else


def ping_key(secret: str, domain: str) -> bytes:
    return hmac.digest(secret.encode(), b"hallbot ping " + domain.encode(), "sha256")


def ping_id(refs: Sequence[DeliveryRef], key: bytes) -> str:
    names = [id_ for _, id_ in refs]
    if not _plain("".join(names)):
        names = [quote(id_, safe="") for id_ in names]
    body = ";".join([f"{ref[0]}:{name}" for ref, name in zip(refs, names, strict=True)])
    return f"{PREFIX}.{_check(body, key)}.{body}"


def refs_of(id_: str, key: bytes) -> tuple[DeliveryRef, ...]:
    """What a ping of ours stood behind; nothing when it is not ours."""
    prefix, _, rest = id_.partition(".")
    check, _, body = rest.partition(".")
    if prefix != PREFIX or not hmac.compare_digest(check.encode(), _check(body, key).encode()):
        return ()
    pairs = (ref.partition(":") for ref in body.split(";"))
    return tuple((int(partition), unquote(name)) for partition, _, name in pairs)


def _check(body: str, key: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(key, body.encode(), "sha256")[:12]).decode()


class Batch:
    """Collects what was sent; `ask` gets the ids of the pings to send behind it."""

    def __init__(self, key: bytes, ask: Callable[[str], None]) -> None:
        self._key = key
        self._ask = ask
        self._refs: list[DeliveryRef] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, ref: DeliveryRef) -> None:
        self._refs.append(ref)
        if len(self._refs) >= LARGEST:
            self.close()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(BATCH_SECONDS, self.close)

    def close(self) -> None:
        """Asks for what has been collected so far."""
        refs = self._forget()
        if refs:
            self._ask(ping_id(refs, self._key))

    def drop(self) -> None:
        """The connection is gone: its batch will not be confirmed, and goes again from the outbox."""
        self._forget()

    def _forget(self) -> list[DeliveryRef]:
        refs, self._refs = self._refs, []
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return refs
