"""How long to wait before connecting again. Pure but for chance."""

from __future__ import annotations

from random import SystemRandom

FIRST = 0.5  # seconds at most: a cut is mostly over at once
LONGEST = 60.0
STABLE = 1.0  # a connection that stood so long ends a series of failures


class Backoff:
    """At once, then 1, 2, 4 … 60 s, each time a random half to the whole of it: a thousand bots do not come at once."""

    def __init__(self) -> None:
        self._failures = 0
        self._random = SystemRandom()

    def next(self, stood: float) -> float:
        """Seconds to wait after a connection that stood for `stood` seconds (0: it never did)."""
        if stood >= STABLE:
            self._failures = 0
        failures, self._failures = self._failures, self._failures + 1
        if failures == 0:
            return self._random.uniform(0, FIRST)
        ceiling = min(LONGEST, 2.0 ** min(failures - 1, 16))
        return self._random.uniform(ceiling / 2, ceiling)
