"""What customers type and are told stays between them and the hall: whatever is written is searched for it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.lives import MARKER, lived
from tests.e2e.traces import forms, traces
from tests.grounds.sandbox import sandbox


async def test_nothing_written_at_the_loudest_tells_what_was_said_nor_does_any_exception(tmp_path: Path) -> None:
    written = await lived(
        tmp_path / "hall", sandbox, "-m", "tests.e2e.spied", "{folder}/bot.yaml", "{folder}/logs/caught.txt"
    )
    assert b"OutcomeUnknown" in written["logs/caught.txt"]


def test_the_search_finds_every_form() -> None:
    for word in ("314159", "128.50", MARKER, "13800138000"):
        for form in [word.encode(), *forms(word)]:
            assert traces([word], {"a file": b"before " + form + b" after"}) == ["a file@7"]
            assert traces(["999999", "另外一句话"], {"a file": b"before " + form + b" after"}) == []
