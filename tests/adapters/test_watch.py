"""The log: one line per event, as JSON, in order and at once."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.watch import Lines, LogWatch

LOG = """
import asyncio, os, structlog
from pathlib import Path
from bot.adapters.watch import LogWatch, configure

configure(path=Path({path!r}))
watch = LogWatch()

async def main():
    {work}

asyncio.run(main())
"""


def logged(folder: Path, work: str) -> list[dict[str, Any]]:
    """What a process of its own has written when it is over."""
    path = folder / "bot.log"
    subprocess.run([sys.executable, "-c", LOG.format(path=str(path), work=work)], timeout=60, check=False)
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_turn_is_one_line(tmp_path: Path) -> None:
    (line,) = logged(tmp_path, "watch.turn('17-abcdefghijkl', 'bill.query', 'bill/query', 0.0123)")
    at = datetime.fromisoformat(line.pop("timestamp"))
    assert at.utcoffset() is not None
    assert line == {
        "event": "turn",
        "conversation": "17-abcdefghi",
        "intent": "bill.query",
        "outcome": "bill/query",
        "ms": 12.3,
        "level": "info",
    }


def test_turns_are_counted_and_timed() -> None:
    watch = LogWatch()
    for intent, seconds in (("bill.query", 0.005), ("bill.query", 0.01), ("greet", 0.3), ("greet", 99.0)):
        watch.turn("17-abcdefghijkl", intent, "ok", seconds)
    value = watch.registry.get_sample_value
    assert value("hallbot_turns_total", {"intent": "bill.query", "outcome": "ok"}) == 2
    assert value("hallbot_turns_total", {"intent": "greet", "outcome": "ok"}) == 2
    within = [value("hallbot_turn_seconds_bucket", {"le": bound}) for bound in ("0.005", "0.02", "0.5", "10.0", "+Inf")]
    assert within == [1, 2, 3, 3, 4]
    assert value("hallbot_turn_seconds_count") == 4
    assert value("hallbot_turn_seconds_sum") == pytest.approx(99.315)


def test_what_is_not_ascii_is_escaped(tmp_path: Path) -> None:
    (line,) = logged(tmp_path, "watch.event('seen', about='话费😀')")
    assert (line["about"], line["level"]) == ("话费😀", "warning")
    assert (tmp_path / "bot.log").read_bytes().isascii()


def test_nothing_is_lost_when_the_process_ends_within_the_tick(tmp_path: Path) -> None:
    """Neither by an exception that ends it, nor by a loop that is stopped before its next tick."""
    lines = logged(tmp_path, "watch.event('one'); watch.event('two'); raise SystemExit(1)")
    assert [line["event"] for line in lines] == ["one", "two"]


def test_what_was_said_in_an_earlier_tick_outlives_a_kill(tmp_path: Path) -> None:
    work = "watch.event('one'); watch.event('two'); await asyncio.sleep(0); os.kill(os.getpid(), 9)"
    assert [line["event"] for line in logged(tmp_path, work)] == ["one", "two"]


class Stream:
    """A file that counts how often it is written to."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def flush(self) -> None:
        pass


@pytest.fixture
def stream() -> Stream:
    return Stream()


async def test_the_lines_of_a_tick_are_written_together(stream: Stream) -> None:
    lines = Lines(stream)  # type: ignore[arg-type]  # as much of a file as is needed
    lines.msg(b"one")
    lines.msg(b"two")
    assert stream.writes == []
    await asyncio.sleep(0)
    lines.msg(b"three")
    await asyncio.sleep(0)
    assert stream.writes == [b"one\ntwo\n", b"three\n"]


async def test_a_thread_beside_the_loop_writes_at_once(stream: Stream) -> None:
    lines = Lines(stream)  # type: ignore[arg-type]
    thread = threading.Thread(target=lines.msg, args=(b"from a thread",))
    thread.start()
    thread.join()
    assert stream.writes == [b"from a thread\n"]


def test_without_a_loop_a_line_is_written_at_once(stream: Stream) -> None:
    Lines(stream).msg(b"alone")  # type: ignore[arg-type]
    assert stream.writes == [b"alone" + os.linesep.encode()]
