"""Scores of a message for every intent: linear on n-grams, fuzzy on the nearest phrases, one confidence from both."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

import numpy as np
from msgspec import Struct

from bot.intents.confidence import Confidence, Signs
from bot.intents.features import Floats, Rows, Vocabulary
from bot.intents.learned import Learned
from bot.intents.linear import Linear
from bot.intents.nearest import Shelf
from bot.intents.reading import Reading

NONE = "oos"  # also the prefix of what is near: oos.domain
FUZZY = 0.5  # weight of the nearest phrase beside the linear score
TOP = 6  # intents whose phrases are compared
FAR = 1.0  # in total: no lead counts for more
LIKELY = 0.55  # how far behind the best an option may be, in total
OPTIONS = 3
MANY = 60  # phrases per intent from which rare features weigh less
TAMED = 0.4
MOST_WEIGHTS = 10_000_000  # 40 MB; above, features that occur once are left out

_UNITS = re.compile(r"[a-z']+|\d+|[^\sa-z\d]")
_total = attrgetter("total")
_CHINESE = re.compile("[\u4e00-\u9fff]+")


def outside(intent: str) -> bool:
    return intent == NONE or intent.startswith("oos.")


class Scored(Struct, frozen=True, gc=False):
    """One intent's parts."""

    intent: str
    total: float
    linear: float
    near: float  # 0…1, nearest phrase by eye or by ear
    phrase: str
    ours: bool

    def __repr__(self) -> str:
        """Phrases may be anybody's words."""
        return f"Scored({self.intent!r}, {self.total!r}, {self.linear!r}, {self.near!r})"


class Judged(Struct, frozen=True, gc=False):
    """All that was found out about one message, best first; `sure` is the chance that the best is right."""

    reading: Reading
    ranking: tuple[Scored, ...]
    sure: float
    known: float

    def __repr__(self) -> str:
        """What was typed is left out."""
        return f"Judged(sure={self.sure!r}, known={self.known!r})"

    @property
    def inside(self) -> tuple[Scored, ...]:
        return tuple([s for s in self.ranking if s.ours])


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
        self._furnish(_shelves(pairs, self.intents))
        self.confidence = Confidence()

    @classmethod
    def recalled(cls, learned: Learned) -> Engine:
        """One that was trained before."""
        made = cls.__new__(cls)
        made.intents = list(learned.intents)
        made.vocabulary, made.linear = learned.vocabulary, learned.linear
        made._furnish([Shelf(phrases) for phrases in learned.shelves])
        made.confidence = Confidence(learned.confidence)
        return made

    def _furnish(self, shelves: Sequence[Shelf]) -> None:
        self._shelves = shelves
        self._homes = dict(zip(self.intents, shelves, strict=True))
        self._ours = [not outside(intent) for intent in self.intents]

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
        rows, values, known = self.vocabulary.of_grams(reading.grams)
        linear = self.linear(rows, values)
        ranking = self._ranked(reading, linear, full)
        return Judged(reading, ranking, self._sure(reading, ranking, known), known)

    def _ranked(self, reading: Reading, linear: Floats, full: bool) -> tuple[Scored, ...]:
        """By total. Who cannot come within `FAR` of the best of ours, whatever his phrases, is no option (match.py),
        and a lead that long counts like a longer one (confidence.py)."""
        top = linear.argsort()[: -TOP - 1 : -1]
        race = Race()
        scored: list[Scored] = []
        for score, i in zip(linear[top].tolist(), top.tolist(), strict=True):
            intent, ours = self.intents[i], self._ours[i]
            if race.lost(score + FUZZY, intent, ours) and not full:
                continue
            near, phrase = self._shelves[i](reading.text, reading.code)
            total = score + FUZZY * near
            race.enter(total, intent, ours)
            scored.append(Scored(intent, total, score, near, phrase, ours))
        scored.sort(key=_total, reverse=True)
        return tuple(scored)

    def _sure(self, reading: Reading, ranking: Sequence[Scored], known: float) -> float:
        return self.confidence(self._signs(reading, ranking, known)) if known else 0.0

    def _signs(self, reading: Reading, ranking: Sequence[Scored], known: float) -> Signs:
        """Of the best intent that is ours; its lead may be negative, over what is not ours."""
        best: Scored | None = None
        other = nobody = -math.inf
        for scored in ranking:  # by total
            if best is None and scored.ours:
                best = scored
                continue
            other = max(other, scored.total)
            nobody = nobody if scored.ours else max(nobody, scored.total)
        if best is None:
            return Signs(-1.0, -1.0, 0.0, known, 1.0)
        odd = alien = 0.0
        if words := reading.words:
            size = _size(reading.text)
            odd = len(strange(reading, best.phrase)) / size
            home = self._homes[best.intent].units
            alien = len([word for word in words if word not in home]) / size
        total = best.total
        return Signs(
            total,
            total - max(other, total - 1),
            best.near,
            known,
            odd,
            total - max(nobody, total - 1),
            alien,
            reading.mended,
        )

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


class Race:
    """How far the best have come, while one after the other is scored; in totals."""

    __slots__ = ("best", "first", "nobody", "other", "second", "third")

    def __init__(self) -> None:
        self.best = self.other = -math.inf  # of ours, the two that lead
        self.nobody = -math.inf  # of what is not ours, who leads
        self.first = self.second = self.third = -math.inf  # of all that may be meant

    def lost(self, most: float, intent: str, ours: bool) -> bool:
        """Would a total of `most` change neither who is best, nor its lead over others and over what is nobody's, nor
        what else may be meant (match.py)?"""
        if most <= self.best - FAR:
            return True
        if most > (min(self.best, max(self.other, self.nobody)) if ours else self.nobody):
            return False
        return intent == NONE or most < max(self.first - LIKELY, self.third)

    def enter(self, total: float, intent: str, ours: bool) -> None:
        if not ours:
            self.nobody = max(self.nobody, total)
        elif total > self.other:
            self.best, self.other = max(self.best, total), min(self.best, total)
        if intent != NONE and total > self.third:
            self.first, self.second, self.third = sorted((self.first, self.second, total), reverse=True)


def strange(reading: Reading, phrase: str) -> list[str]:
    """What was said that neither the phrase nor any wish contains."""
    return [word for word in reading.words if word not in phrase or not _whole(word, phrase)]


def _whole(word: str, phrase: str) -> bool:
    """Does it stand there as a word, and not inside one?"""
    return (len(word) == 1 and not word.isascii()) or word in _UNITS.findall(phrase)


def _size(text: str) -> int:
    """Characters, words in letters and numbers, at least 1."""
    return len(text) if _CHINESE.fullmatch(text) else max(len(_UNITS.findall(text)), 1)


def _shelves(pairs: Sequence[tuple[Reading, str]], intents: Sequence[str]) -> list[Shelf]:
    found: dict[str, list[tuple[str, str]]] = {intent: [] for intent in intents}
    for reading, intent in pairs:
        found[intent].append((reading.text, reading.code))
    return [Shelf(found[intent]) for intent in intents]
