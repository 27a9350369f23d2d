"""Data for every branch of every reply, counter by counter: a new counter is a module here and a name in the list."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from msgspec import structs

from bot.model import Brand, Reply
from bot.paths import shipped
from bot.render import JinjaRenderer
from bot.tongue import Glossary, chinese, english, glossary
from bot.wiring import Words
from tests.support.replies import around, desk, lines, push, road
from tests.support.replies.road import OP as OP
from tests.support.replies.road import Samples
from tests.support.samples import AT, session

COUNTERS = (road, push, lines, desk, around)
SAMPLES: Samples = {name: data for counter in COUNTERS for name, data in counter.SAMPLES.items()}
# What the wares of the samples are called in English: `ENGLISH` of a counter, if it has any.
ENGLISH: dict[str, str] = {name: text for counter in COUNTERS for name, text in getattr(counter, "ENGLISH", {}).items()}
BOTH = (session(), structs.replace(session(), at_desk=True))


def worded(words: Words, hotline: str = "10086") -> Words:
    """The hall as it is, with all that bot.yaml may name; its English knows what the samples' wares are called, too."""
    names = Glossary.of({**glossary(shipped("replies") / "en" / "terms.txt"), **ENGLISH})
    both = (chinese(), english(names=names))
    tongues = {one.code: replace(one, hotline=hotline) for one in both}
    return replace(words, render=JinjaRenderer(shipped("replies"), tongues), tongues=tongues)


def rendered(words: Words, name: str, lang: str) -> list[str]:
    """Every sample of a reply, to who waits for staff and to everybody else."""
    return [
        words.render(Reply(name, **data), lang=lang, brand=Brand.GOTONE, session=who, at=AT)
        for data, who in product(SAMPLES[name], BOTH)
    ]
