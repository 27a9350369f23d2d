"""What stands in the log: where an exception came from, never what it quotes."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.logs import hall_log

SECRET = b"number=1207&password=geheim" + b"\xff"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    with hall_log(tmp_path) as path:
        yield path


def _lines(log: Path) -> list[dict[str, Any]]:
    assert "geheim" not in log.read_text("utf-8")
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def test_the_exception_of_a_library_is_logged_without_what_it_quotes(log: Path) -> None:
    try:
        SECRET.decode()
    except UnicodeDecodeError as error:
        logging.getLogger("aiohttp.server").exception("Error handling request from %s", "127.0.0.1")
        logging.getLogger("aiohttp.server").error("again", exc_info=error)
    first, second = _lines(log)
    assert first["event"] == "Error handling request from 127.0.0.1"
    assert first["error"] == second["error"] == "UnicodeDecodeError"
    assert first["at"][-1].startswith("test_watch_quotes.py:")


async def test_a_task_that_nobody_waited_for_is_logged_without_what_it_quotes(log: Path) -> None:
    async def fails() -> None:
        SECRET.decode()

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    del task
    gc.collect()
    (line,) = _lines(log)
    assert line["event"] == "Task exception was never retrieved"
    assert line["error"] == "UnicodeDecodeError"


def test_a_line_without_an_exception_is_as_it_was(log: Path) -> None:
    logging.getLogger("slixmpp").warning("the server ends the stream: %s", "conflict", exc_info=False)
    (line,) = _lines(log)
    assert line["event"] == "the server ends the stream: conflict"
    assert "error" not in line
    assert "exc_info" not in line
