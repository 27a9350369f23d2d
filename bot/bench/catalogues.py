"""The hall's catalogue in other sizes: with so many phrases, with so many intents."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from bot.intents.base import Catalogue, Intent
from bot.intents.wording import Wording

EACH = 12  # phrases of one intent, where there are many intents


def sized(catalogue: Catalogue, phrases: int) -> Catalogue:
    """The hall's intents with this many phrases in all: every n-th, or with variants made of them."""
    pairs = _pairs(catalogue)
    draw = random.Random(0)
    if len(pairs) >= phrases:
        chosen = draw.sample(pairs, phrases)
    else:
        known = {say for say, _ in pairs}
        chosen = list(pairs)
        while len(chosen) < phrases:
            say, name = draw.choice(pairs)
            at = draw.randrange(len(say) + 1)
            made = f"{say[:at]}{chr(draw.randrange(0x4E00, 0x9000))}{say[at:]}"
            if made not in known:
                known.add(made)
                chosen.append((made, name))
    return Catalogue(_with(intent, chosen) for intent in catalogue)


def _with(intent: Intent, chosen: Sequence[tuple[str, str]]) -> Intent:
    says = tuple(say for say, name in chosen if name == intent.name) or intent.says[:1]
    return Intent(intent.name, intent.title, intent.run, says, intent.proof, intent.changes, intent.brands)


def many(catalogue: Catalogue, intents: int) -> Catalogue:
    """So many intents with some phrases each: the hall's own first, then others made of the phrases they have left.

    There are enough phrases for some 700.
    """
    says: dict[str, list[str]] = {}
    for say, name in _pairs(catalogue):
        says.setdefault(name, []).append(say)
    own = [replace(intent, says=tuple(says[intent.name][:EACH])) for intent in catalogue]
    more = [
        replace(catalogue[name], name=f"{name}.{n}", title=left[n], says=tuple(left[n : n + EACH]), english="")
        for name, left in says.items()
        for n in range(EACH, len(left), EACH)
    ]
    random.Random(0).shuffle(more)
    return Catalogue([*own, *more][:intents])


def _pairs(catalogue: Catalogue) -> list[tuple[str, str]]:
    """(phrase, intent), without titles."""
    more = Wording.read(catalogue).phrases
    return list(dict.fromkeys([*((say, intent.name) for intent in catalogue for say in intent.says), *more]))
