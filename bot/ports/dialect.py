"""How another operator's system is spoken to: an entry point of the group `hallbot.hall`, named in bot.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.model import Ms, OrderKind
from bot.ports import Hall

HERE = frozenset({OrderKind.BINDING, OrderKind.GRANT})  # carried out by the bot itself, never sent to an operator

Recognised = Literal["client key", "natural key"]
"""How an order that was sent and not answered is found again: by the key that the bot gave it, or by what it did."""


@dataclass(frozen=True, slots=True)
class Operator:
    """What bot.yaml says of the operator. `names` are its maps (paths, traits, kinds, offerings, brands, words)."""

    base: str
    token: str = field(default="", repr=False)
    timeout: float = 10  # seconds for one call
    cache_seconds: float = 30
    number_filter: str = ""
    cashier: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class OpenHall(Hall, Protocol):
    async def start(self) -> None: ...
    async def close(self) -> None: ...

    async def listen(self, callback: str) -> None:
        """Ask the operator for hints at this address; nothing where it gives none."""
        ...


class Dialect(Protocol):
    """`recognises` must name every kind of order that is sent: what cannot be found again is refused at start."""

    recognises: Mapping[OrderKind, Recognised]

    def hall(self, operator: Operator, now: Callable[[], Ms]) -> OpenHall:
        """ValueError names what of `operator` cannot be used."""
        ...
