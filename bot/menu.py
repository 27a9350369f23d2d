"""Numbered menus by brand. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.model import Account, Brand


@dataclass(frozen=True, slots=True)
class Menus:
    """Intent names by digit for each brand; `common` while the brand is not known."""

    brands: Mapping[Brand, Sequence[str]]
    common: Sequence[str]

    def of(self, account: Account | None) -> tuple[str, ...]:
        return tuple(self.brands.get(account.brand, self.common) if account else self.common)
