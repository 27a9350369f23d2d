"""Predictions of the hall's own matcher, or of the same engine trained on another set."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from bot.evaluate.rows import NONE, Prediction, Row, named
from bot.intents.engine import LIKELY, MANY, OPTIONS, Engine, Judged, outside
from bot.intents.engine import NONE as OUTSIDE
from bot.intents.lexicon import shipped
from bot.intents.match import ACT, ASK, Found, Matcher
from bot.intents.reading import HallReader, PlainReader, Reader
from bot.intents.slots import read as read_slots
from bot.intents.spelt import spelt

Predict = Callable[[str], Prediction]
HELD = 5  # every fifth training row fits the confidence


def timed(predict: Predict, rows: Sequence[Row]) -> list[Prediction]:
    """One prediction per row, in order, with its CPU time."""
    found: list[Prediction] = []
    for row in rows:
        begun = time.thread_time_ns()
        prediction = predict(row.text)
        micros = (time.thread_time_ns() - begun) / 1000
        fields = {name: getattr(prediction, name) for name in prediction.__struct_fields__} | {"micros": micros}
        found.append(Prediction(**fields))
    return found


def hall(matcher: Matcher, month: str) -> Predict:
    """The hall as customers meet it; `month` is the one that 上个月 is counted from."""

    def predict(text: str) -> Prediction:
        found = matcher(text, full=True)
        return _of_found(text, found, to_builtins(replace(read_slots(spelt(text), month), line="")))

    return predict


def _of_found(text: str, found: Found, slots: dict[str, Any]) -> Prediction:
    ranked = [*found.intents, *(c.intent for c in found.candidates if not outside(c.intent))]
    options = tuple(dict.fromkeys(named(name) for name in ranked))[:OPTIONS]
    first = named(found.intents[0]) if found.intents else NONE
    decision = NONE if first == NONE and found.decision == "act" else found.decision
    best = next((name for name in options if name != NONE), NONE)
    return Prediction(text, first, decision, options, round(found.score / 100, 4), best, slots)


@dataclass(frozen=True, slots=True)
class Trained:
    """The same engine on other people's phrases."""

    engine: Engine
    reader: Reader
    seconds: float = field(default=0.0)

    def __call__(self, text: str) -> Prediction:
        judged = self.engine.judge(self.reader(self.reader.whole(text)))
        inside = judged.inside
        options = tuple(s.intent for s in inside[:OPTIONS] if inside[0].total - s.total <= LIKELY)
        best = inside[0].intent if inside else NONE
        score = round(judged.sure, 4)
        if 100 * judged.sure < ASK or not inside:
            return Prediction(text, NONE, NONE, options, score, best)
        decision = "act" if 100 * judged.sure >= ACT and not _lost(judged) else "ask"
        return Prediction(text, best, decision, options, score, best)


def _lost(judged: Judged) -> bool:
    return outside(judged.ranking[0].intent)


def trained(rows: Sequence[Row]) -> Trained:
    """Confidence is fitted on training rows alone, in a rehearsal: an engine that has seen neither every fifth row
    nor any row of every fifth intent; those are out of scope for it. Then all rows teach."""
    begun = time.process_time()
    few = len(rows) < MANY * len({row.intent for row in rows})
    reader: Reader = HallReader(shipped()) if _chinese(rows) else PlainReader(few=few)
    pairs = [(reader(reader.whole(row.text))[-1], OUTSIDE if row.outside else row.intent) for row in rows]
    strangers = frozenset(sorted({intent for _, intent in pairs if not outside(intent)})[::HELD])
    taught = [(r, intent) for i, (r, intent) in enumerate(pairs) if i % HELD and intent not in strangers]
    asked = [(r, "" if intent in strangers else intent) for r, intent in pairs[::HELD]]
    rehearsal = Engine(taught)
    rehearsal.calibrate(([reading], frozenset({intent})) for reading, intent in asked)
    engine = Engine(pairs)
    engine.confidence = rehearsal.confidence
    return Trained(engine, reader, time.process_time() - begun)


def _chinese(rows: Sequence[Row]) -> bool:
    return sum(not row.text.isascii() for row in rows) > len(rows) / 2
