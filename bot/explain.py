"""`hallbot explain`: what was typed, how it was read, which intents came near, what is decided."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from bot.intents.catalogue import everything
from bot.intents.match import Found, Matcher
from bot.intents.slots import read
from bot.intents.spelt import spelt
from bot.intents.text import bare, clean, syllables
from bot.intents.wording import matcher as shipped_matcher
from bot.learning import memory
from bot.model import local
from bot.wiring import wall


def explain(text: str, matcher: Matcher | None = None) -> dict[str, Any]:
    """Plain data, ready for JSON."""
    matcher = matcher or _shipped()
    found = matcher(text, full=True)
    cleaned = clean(text)
    slots = to_builtins(replace(read(spelt(text), f"{local(wall()):%Y-%m}"), line=""))
    return {
        "typed": text,
        "read as": bare(cleaned),
        **({"in characters": said} if (said := clean(spelt(text))) != cleaned else {}),
        "syllables": syllables(bare(cleaned)),
        **_reading(found, matcher),
        "decision": found.decision,
        "intents": ", ".join(found.intents),
        "score": round(found.score, 1),
        "guarded": found.guarded,
        "slots": slots,
        "nearest": [
            {
                "intent": c.intent,
                "score": round(c.score, 1),
                "phrase": c.phrase,
                "linear": round(c.linear, 2),
                "fuzzy": round(c.near, 2),
            }
            for c in found.candidates
        ],
    }


def _reading(found: Found, matcher: Matcher) -> dict[str, Any]:
    """Repairs, action, guard and the loudest n-grams; nothing of it after an exact hit."""
    if found.judged is None or not found.candidates:
        return {}
    reading = found.judged.reading
    loud = matcher.engine.top_features(reading, found.candidates[0].intent)
    return {
        "repaired": reading.text,
        "action": ", ".join(reading.acts),
        "denied": reading.denied,
        "strongest": ", ".join(f"{name[1:]!r} {part:.2f}" for name, part in loud),
    }


def _shipped() -> Matcher:
    catalogue = everything()
    return shipped_matcher(catalogue, memory=memory(None))
