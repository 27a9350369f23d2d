"""How sure: the chance that the best intent is the right one, from its score, its lead and its nearest phrase.

A logistic curve fitted on labelled messages that are no phrases of the catalogue: on the phrases themselves, and
leaving one out of them, scores look surer than they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

import numpy as np
from msgspec import Struct

RIDGE = 1.0
STEPS = 40
LONGEST_STEP = 1.0  # so that a poor start does not overshoot


class Signs(Struct, frozen=True, gc=False):
    """What is known about the best intent of one message."""

    score: float  # linear and fuzzy together
    lead: float  # over the next one, outside included
    near: float  # nearest phrase, 0…1
    known: float  # how much of the text occurs in any phrase, 0…1
    strange: float  # how much of it is said besides the wish, 0…1
    apart: float = 1.0  # lead over what is nobody's
    alien: float = 0.0  # how much of it stands in no phrase of the intent, 0…1
    mended: float = 0.0  # how much of it was put right, 0…1

    @property
    def row(self) -> tuple[float, ...]:
        leads = min(self.lead, 1.0), min(self.apart, 1.0)
        return (1.0, self.score, leads[0], self.near, self.known, self.strange, leads[1], self.alien, self.mended)


class Confidence(Struct, frozen=True):
    weights: tuple[float, ...] = (-2.0, 2.0, 3.0, 1.5, 0.5, -1.0, 0.0, -1.0, 0.0)  # before anything was fitted

    def __call__(self, signs: Signs) -> float:
        """0…1"""
        z = sum(map(mul, self.weights, signs.row))
        return 1 / (1 + math.exp(-z)) if z > -500 else 0.0

    @classmethod
    def fitted(cls, judged: Sequence[tuple[Signs, bool]]) -> Confidence:
        """Newton's steps on the penalised logistic loss; the default when there is nothing to learn from."""
        if not judged or len({right for _, right in judged}) < 2:
            return cls()
        rows = np.array([signs.row for signs, _ in judged])
        right = np.array([float(r) for _, r in judged])
        prior = np.array(cls().weights)
        weights = prior.copy()
        for _ in range(STEPS):
            chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
            slope = rows.T @ (right - chance) - RIDGE * (weights - prior)
            curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + RIDGE * np.eye(rows.shape[1])
            step = np.linalg.solve(curve, slope)
            step = step * min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-9))
            weights = weights + step
            if float(np.abs(step).max()) < 1e-6:
                break
        return cls(tuple(float(w) for w in weights))
