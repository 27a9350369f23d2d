"""The operator's business system over TM Forum Open APIs v4."""

from __future__ import annotations

from bot.adapters.tmf.hall import TmfHall
from bot.adapters.tmf.settings import TmfSettings

__all__ = ["TmfHall", "TmfSettings"]
