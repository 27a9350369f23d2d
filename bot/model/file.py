"""What is served behind a link, and the leave to read it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.model.account import Account
from bot.model.time import Ms


class Picture(Struct, frozen=True, omit_defaults=True, tag="picture"):
    """A chart: a template beside the reply's, `bill/trend`, and what it shows. Drawn when somebody looks."""

    template: str
    data: dict[str, Any]  # plain values: words, numbers, lists of them
    lang: str = "zh"

    def __repr__(self) -> str:
        return f"Picture({self.template})"


class Export(Struct, frozen=True, omit_defaults=True, tag="export"):
    """A whole 详单, made when it is fetched."""

    account: Account
    month: str
    kind: str
    lang: str = "zh"


File = Picture | Export


class Grant(Struct, frozen=True, omit_defaults=True):
    """A code was entered for exactly this month and kind of 详单: its pages are shown for 5 minutes."""

    month: str
    kind: str
    at: Ms
