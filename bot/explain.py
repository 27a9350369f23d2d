"""`hallbot explain`: what was typed, how it was read, which intents came near, what is decided."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict

from bot.intents.catalogue import everything
from bot.intents.match import Matcher
from bot.intents.slots import read
from bot.intents.text import bare, clean, syllables
from bot.model import Slots, local
from bot.wiring import wall


def explain(text: str, matcher: Matcher | None = None) -> dict[str, Any]:
    """Plain data, ready for JSON."""
    found = (matcher or Matcher(everything()))(text)
    cleaned = clean(text)
    default = asdict(Slots())
    slots = {k: v for k, v in asdict(read(text, f"{local(wall()):%Y-%m}")).items() if v != default[k]}
    return {
        "typed": text,
        "read as": bare(cleaned),
        "syllables": syllables(bare(cleaned)),
        "decision": found.decision,
        "intents": ", ".join(found.intents),
        "score": round(found.score, 1),
        "guarded": found.guarded,
        "slots": slots,
        "nearest": [{"intent": c.intent, "score": round(c.score, 1), "phrase": c.phrase} for c in found.candidates],
    }
