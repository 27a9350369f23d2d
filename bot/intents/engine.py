"""Scores of a message for every intent: linear on n-grams, fuzzy on the nearest phrases, one confidence from both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.intents.confidence import Confidence, Signs
from bot.intents.features import Floats, Vocabulary
from bot.intents.linear import Linear
from bot.intents.nearest import Shelf
from bot.intents.reading import Reading

NONE = "oos"  # also the prefix of what is near: oos.domain
FUZZY = 0.5  # weight of the nearest phrase beside the linear score
TOP = 6  # intents whose phrases are compared
MANY = 60  # phrases per intent from which rare features weigh less
TAMED = 0.4
MOST_WEIGHTS = 10_000_000  # 40 MB; above, features that occur once are left out

_UNITS = re.compile(r"[a-z']+|\d+|[^\sa-z\d]")


def outside(intent: str) -> bool:
    return intent == NONE or intent.startswith("oos.")


@dataclass(frozen=True, slots=True)
class Scored:
    """One intent's parts."""

    intent: str
    total: float
    linear: float
    near: float  # 0…1, nearest phrase by eye or by ear
    phrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """All that was found out about one message, best first; `sure` is the chance that the best is right."""

    reading: Reading = field(repr=False)
    ranking: tuple[Scored, ...] = field(repr=False)
    sure: float
    known: float

    @property
    def inside(self) -> tuple[Scored, ...]:
        return tuple(s for s in self.ranking if not outside(s.intent))


class Engine:
    """Learned once from (phrase, intent) pairs; `judge` is pure and takes bounded time."""

    def __init__(self, pairs: Sequence[tuple[Reading, str]], *, rounds: int = 15) -> None:
        self.intents = sorted({intent for _, intent in pairs})
        index = {intent: i for i, intent in enumerate(self.intents)}
        self._outside = np.array([outside(name) for name in self.intents])
        rich = len(pairs) >= MANY * len(self.intents)
        texts = [reading.grams for reading, _ in pairs]
        self.vocabulary = Vocabulary(texts, power=TAMED if rich else 1.0)
        if len(self.vocabulary) * len(self.intents) > MOST_WEIGHTS:
            self.vocabulary = Vocabulary(texts, least=2, power=TAMED if rich else 1.0)
        vectors = [self.vocabulary(text)[:2] for text in texts]
        owners = [index[intent] for _, intent in pairs]
        features, intents = len(self.vocabulary), len(self.intents)
        self.linear = Linear.trained(vectors, owners, features=features, intents=intents, rounds=rounds)
        self._shelves = _shelves(pairs, self.intents)
        self.confidence = Confidence()

    def judge(self, readings: Sequence[Reading]) -> Judged:
        judged = [self._judge(reading) for reading in readings]
        return max(judged, key=lambda j: j.sure)

    def _judge(self, reading: Reading) -> Judged:
        ids, values, known = self.vocabulary(reading.grams)
        linear = self.linear(ids, values)
        ranking = self._ranked(reading, linear)
        return Judged(reading, ranking, self._sure(reading, ranking, known), known)

    def _ranked(self, reading: Reading, linear: Floats) -> tuple[Scored, ...]:
        top = np.argpartition(-linear, TOP)[:TOP] if len(linear) > TOP else np.arange(len(linear))
        scored = [self._scored(reading, int(i), float(linear[i])) for i in top]
        scored.sort(key=lambda s: -s.total)
        return tuple(scored)

    def _scored(self, reading: Reading, i: int, linear: float) -> Scored:
        near, phrase = self._shelves[i](reading.text, reading.code)
        return Scored(self.intents[i], linear + FUZZY * near, linear, near, phrase)

    def _sure(self, reading: Reading, ranking: Sequence[Scored], known: float) -> float:
        return self.confidence(signs(reading, ranking, known)) if known else 0.0

    def top_features(self, reading: Reading, intent: str, most: int = 8) -> list[tuple[str, float]]:
        """The n-grams that speak loudest for `intent`."""
        ids, values, _ = self.vocabulary(reading.grams)
        parts = values * self.linear.weights[ids, self.intents.index(intent)]
        order = np.argsort(-parts)[:most]
        names = self.vocabulary.named(ids[order])
        return [(name, float(part)) for name, part in zip(names, parts[order], strict=True)]

    def calibrate(self, judged: Iterable[tuple[Sequence[Reading], frozenset[str]]]) -> None:
        """Fits the confidence on labelled messages: (readings, intents that count as right)."""
        rows: list[tuple[Signs, bool]] = []
        for readings, right in judged:
            found = self.judge(readings)
            best = next(iter(found.inside), None)
            if best and found.known:
                rows.append((signs(found.reading, found.ranking, found.known), best.intent in right))
        self.confidence = Confidence.fitted(rows)


def strange(reading: Reading, phrase: str) -> list[str]:
    """What was said that neither the phrase nor any wish contains."""
    expected = set(_UNITS.findall(phrase))
    return [word for word in reading.words if word not in expected]


def signs(reading: Reading, ranking: Sequence[Scored], known: float) -> Signs:
    """Of the best intent that is ours; its lead may be negative, over what is not ours."""
    best = next((s for s in ranking if not outside(s.intent)), None)
    if best is None:
        return Signs(-1.0, -1.0, 0.0, known, 1.0)
    odd = len(strange(reading, best.phrase)) / max(len(_UNITS.findall(reading.text)), 1)
    other = max((s.total for s in ranking if s.intent != best.intent), default=best.total - 1)
    return Signs(best.total, best.total - other, best.near, known, odd)


def _shelves(pairs: Sequence[tuple[Reading, str]], intents: Sequence[str]) -> list[Shelf]:
    found: dict[str, list[tuple[str, str]]] = {intent: [] for intent in intents}
    for reading, intent in pairs:
        found[intent].append((reading.text, reading.code))
    return [Shelf(found[intent]) for intent in intents]
