"""Data for every branch of every reply, counter by counter: a new counter is a module here and a name in the list."""

from __future__ import annotations

from tests.support.replies import around, desk, lines, push, road
from tests.support.replies.road import OP as OP
from tests.support.replies.road import Samples

COUNTERS = (road, push, lines, desk, around)
SAMPLES: Samples = {name: data for counter in COUNTERS for name, data in counter.SAMPLES.items()}
# What the wares of the samples are called in English: `ENGLISH` of a counter, if it has any.
ENGLISH: dict[str, str] = {name: text for counter in COUNTERS for name, text in getattr(counter, "ENGLISH", {}).items()}
