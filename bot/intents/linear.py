"""One linear judge per intent, trained together: squared hinge loss, dual coordinate descent, numpy only.

The same steps as one-against-the-rest support vector machines take, for all intents at once per phrase: what a phrase
still costs says how far its weights move; no learning rate, 10–20 rounds, the same result every time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.intents.features import Floats, Rows

BIAS = 0.5
SOFT = 2.0  # how dear a wrong phrase is
ROUNDS = 15
STILL = 1e-3  # mean step at which training ends


class Linear:
    """`weights[feature, intent]`; the last row is the bias."""

    def __init__(self, weights: NDArray[np.float32]) -> None:
        self.weights = weights
        self._bias: Floats = weights[-1] * np.float32(BIAS)

    def __call__(self, rows: Rows, values: Floats) -> Floats:
        """One score per intent: above 0 is for it, -1 knows nothing."""
        scores: Floats = values.dot(self.weights.take(rows, axis=0))
        scores += self._bias
        return scores

    @classmethod
    def trained(
        cls,
        texts: Sequence[tuple[Rows, Floats]],
        owners: Sequence[int],
        *,
        features: int,
        intents: int,
        soft: float = SOFT,
        rounds: int = ROUNDS,
    ) -> tuple[Linear, Floats]:
        """The judge, and what each text gave to each intent: a feature's weights are the sum over its texts of that,
        times how much of it was in the text."""
        random = np.random.default_rng(0)
        weights = np.zeros((features + 1, intents), np.float32)
        duals = np.zeros((len(texts), intents), np.float32)
        signs = np.full((len(texts), intents), -1, np.float32)
        signs[np.arange(len(texts)), np.asarray(owners)] = 1
        slack = np.float32(0.5 / soft)
        columns = [_column(rows, values, features) for rows, values in texts]
        steps = [np.float32(1 / (float(column[:, 0] @ column[:, 0]) + slack)) for _, column in columns]
        for _ in range(rounds):
            moved = 0.0
            for i in random.permutation(len(columns)):
                rows, column = columns[i]
                here = weights.take(rows, axis=0)
                cost = signs[i] * (column[:, 0] @ here) - 1 + slack * duals[i]
                new = np.maximum(duals[i] - cost * steps[i], 0)
                change = (new - duals[i]) * signs[i]
                most = float(np.abs(change).max())
                if most > 1e-4:
                    duals[i] = new
                    weights[rows] = here + column * change
                    moved += most
            if moved < STILL * len(columns):
                break
        return cls(weights), duals * signs


def _column(rows: Rows, values: Floats, features: int) -> tuple[Rows, NDArray[np.float32]]:
    return np.append(rows, features), np.append(values, np.float32(BIAS))[:, None]
