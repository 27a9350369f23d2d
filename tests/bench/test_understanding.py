"""What decides when the matcher was measured: ratios and memory, not the milliseconds of one machine."""

import pytest

from bot.bench.understanding import Line, verdict

GOOD, SLOW = Line("p50", 0.1, "ms", 0.2), Line("p50", 0.3, "ms", 0.2)
BUILT, DEAR, BIG = Line("build", 2.0, "s", 1.0), Line("p50", 7.0, "×", 6.0), Line("memory", 101.0, "MB", 100.0)


@pytest.mark.parametrize(
    ("lines", "exit"),
    [([], 0), ([GOOD], 0), ([GOOD, SLOW], 3), ([SLOW, BUILT], 3), ([DEAR], 1), ([SLOW, BIG], 1), ([GOOD, BIG], 1)],
)
def test_only_times_of_a_machine_are_forgiven(lines: list[Line], exit: int) -> None:
    assert verdict(lines) == exit
