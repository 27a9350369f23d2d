"""What the bench's customers say: each line is understood as its wish, and none comes twice too soon."""

from __future__ import annotations

from bot.bench.fresh import lines
from bot.intents.match import Matcher
from bot.intents.recent import LINES, rests
from bot.intents.text import clean, quiet

WISHES = ("points.query", "balance.query", "bill.query", "service.query")


def test_lines_never_heard_before_are_all_different_and_more_than_are_remembered() -> None:
    said = [line.text for line in lines()]
    assert len({quiet(clean(text)) for text in said}) == len(said) > 24_000 > LINES
    assert all(map(rests, said))  # they would stay, if they came again


def test_lines_never_heard_before_are_understood(matcher: Matcher) -> None:
    """Every one: a single line that asks back ends the bench."""
    for n, line in enumerate(lines()):
        found = matcher(line.text)
        assert (found.decision, found.intents) == ("act", (WISHES[n % len(WISHES)],)), line.text
