"""Scores of a message for every intent: linear on n-grams, fuzzy on the nearest phrases, one confidence from both."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.intents.confidence import Confidence, Signs
from bot.intents.features import Floats, Rows, Vocabulary
from bot.intents.learned import Learned
from bot.intents.linear import Linear
from bot.intents.nearest import Shelf, units_of
from bot.intents.reading import Reading

NONE = "oos"  # also the prefix of what is near: oos.domain
FUZZY = 0.5  # weight of the nearest phrase beside the linear score
TOP = 6  # intents whose phrases are compared
FAR = 1.0  # in total: no lead counts for more
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
        rich = len(pairs) >= MANY * len(self.intents)
        texts = [reading.grams.numbers() for reading, _ in pairs]
        self.vocabulary = Vocabulary.of(texts, power=TAMED if rich else 1.0)
        if len(self.vocabulary) * len(self.intents) > MOST_WEIGHTS:
            self.vocabulary = Vocabulary.of(texts, least=2, power=TAMED if rich else 1.0)
        vectors = [self.vocabulary(text)[:2] for text in texts]
        owners = [index[intent] for _, intent in pairs]
        features, intents = len(self.vocabulary), len(self.intents)
        judge, given = Linear.trained(vectors, owners, features=features, intents=intents, rounds=rounds)
        self.vocabulary, self.linear = compact(self.vocabulary, judge, vectors, given)
        self._shelves = _shelves(pairs, self.intents)
        self.confidence = Confidence()

    @classmethod
    def recalled(cls, learned: Learned) -> Engine:
        """One that was trained before."""
        made = cls.__new__(cls)
        made.intents = list(learned.intents)
        made.vocabulary, made.linear = learned.vocabulary, learned.linear
        made._shelves = [Shelf(phrases) for phrases in learned.shelves]
        made.confidence = Confidence(learned.confidence)
        return made

    def learned(self, name: str, fragments: Mapping[str, int]) -> Learned:
        """Everything, to be kept under `name` with the `fragments` that its reader knows."""
        return Learned(
            name,
            self.intents,
            self.vocabulary.numbers.data.cast("B"),
            self.vocabulary.weights.data.cast("B"),
            self.vocabulary.rows.data.cast("B"),
            self.vocabulary.shares.data.cast("B"),
            self.vocabulary.unknown,
            self.linear.weights.data.cast("B"),
            [shelf.phrases for shelf in self._shelves],
            self.confidence.weights,
            dict(fragments),
        )

    def judge(self, readings: Sequence[Reading], *, full: bool = False) -> Judged:
        """`full`: also those in the ranking that are too far behind to change anything."""
        judged = [self._judge(reading, full) for reading in readings]
        return judged[0] if len(judged) == 1 else max(judged, key=lambda j: j.sure)

    def _judge(self, reading: Reading, full: bool) -> Judged:
        rows, values, known = self.vocabulary(reading.grams.numbers())
        linear = self.linear(rows, values)
        ranking = self._ranked(reading, linear, full)
        return Judged(reading, ranking, self._sure(reading, ranking, known), known)

    def _ranked(self, reading: Reading, linear: Floats, full: bool) -> tuple[Scored, ...]:
        """By total. Who cannot come within `FAR` of the best of ours, whatever his phrases, is no option (match.py),
        and a lead that long counts like a longer one (confidence.py)."""
        top = linear.argsort()[-TOP:]
        order = sorted(zip(linear[top].tolist(), top.tolist(), strict=True), reverse=True)
        units = units_of(reading.text)
        scored: list[Scored] = []
        best = -math.inf
        for score, i in order:
            if score + FUZZY <= best - FAR and not full:
                break
            found = self._scored(reading, units, i, score)
            scored.append(found)
            if found.total > best and not outside(found.intent):
                best = found.total
        scored.sort(key=_total, reverse=True)
        return tuple(scored)

    def _scored(self, reading: Reading, units: Sequence[str], i: int, linear: float) -> Scored:
        near, phrase = self._shelves[i](reading.text, reading.code, units)
        return Scored(self.intents[i], linear + FUZZY * near, linear, near, phrase)

    def _sure(self, reading: Reading, ranking: Sequence[Scored], known: float) -> float:
        return self.confidence(self._signs(reading, ranking, known)) if known else 0.0

    def _signs(self, reading: Reading, ranking: Sequence[Scored], known: float) -> Signs:
        """Of the best intent that is ours; its lead may be negative, over what is not ours."""
        best = next((s for s in ranking if not outside(s.intent)), None)
        if best is None:
            return Signs(-1.0, -1.0, 0.0, known, 1.0)
        odd = alien = 0.0
        if reading.words:
            size = max(len(_UNITS.findall(reading.text)), 1)
            odd = len(strange(reading, best.phrase)) / size
            home = self._shelves[self.intents.index(best.intent)].units
            alien = sum(word not in home for word in reading.words) / size
        other = nobody = best.total - 1
        others = [s for s in ranking if s.intent != best.intent]
        if others:
            other = max(s.total for s in others)
            nobody = max((s.total for s in others if outside(s.intent)), default=nobody)
        return Signs(best.total, best.total - other, best.near, known, odd, best.total - nobody, alien, reading.mended)

    def top_features(self, reading: Reading, intent: str, most: int = 8) -> list[tuple[str, float]]:
        """The n-grams that speak loudest for `intent`."""
        numbers = reading.grams.numbers()
        names = dict(zip(numbers.tolist(), reading.grams.names(), strict=True))
        rows, values, _ = self.vocabulary(numbers)
        known = self.vocabulary.numbers[self.vocabulary.places(numbers)[0]].tolist()
        parts = values * self.linear.weights[rows, self.intents.index(intent)]
        return [(names[known[i]], float(parts[i])) for i in np.argsort(-parts)[:most].tolist()]

    def calibrate(self, judged: Iterable[tuple[Sequence[Reading], frozenset[str]]]) -> None:
        """Fits the confidence on labelled messages: (readings, intents that count as right)."""
        rows: list[tuple[Signs, bool]] = []
        for readings, right in judged:
            found = self.judge(readings)
            best = next(iter(found.inside), None)
            if best and found.known:
                rows.append((self._signs(found.reading, found.ranking, found.known), best.intent in right))
        self.confidence = Confidence.fitted(rows)


def compact(
    vocabulary: Vocabulary, judge: Linear, texts: Sequence[tuple[Rows, Floats]], given: Floats
) -> tuple[Vocabulary, Linear]:
    """The same in a third of the memory: the weights of a feature that one text alone has are what that text gave,
    times how much of the feature is in it, and most features are of that kind."""
    times = np.zeros(len(vocabulary), np.int64)
    owner, share = np.zeros(len(vocabulary), np.int32), np.ones(len(vocabulary), np.float32)
    for number, (rows, values) in enumerate(texts):
        times[rows] += 1
        owner[rows], share[rows] = number, values
    common = int((times > 1).sum())  # their rows come first
    share[:common] = 1
    place = np.where(times > 1, np.arange(len(times)), common + owner).astype(np.int32)
    weights = np.concatenate([judge.weights[:common], given, judge.weights[-1:]])
    was = vocabulary.rows
    return Vocabulary(vocabulary.numbers, vocabulary.weights, place[was], share[was], vocabulary.unknown), Linear(
        weights
    )


def _total(scored: Scored) -> float:
    return scored.total


def strange(reading: Reading, phrase: str) -> list[str]:
    """What was said that neither the phrase nor any wish contains."""
    if not reading.words:
        return []
    expected = set(_UNITS.findall(phrase))
    return [word for word in reading.words if word not in expected]


def _shelves(pairs: Sequence[tuple[Reading, str]], intents: Sequence[str]) -> list[Shelf]:
    found: dict[str, list[tuple[str, str]]] = {intent: [] for intent in intents}
    for reading, intent in pairs:
        found[intent].append((reading.text, reading.code))
    return [Shelf(found[intent]) for intent in intents]
