"""One log line per turn (structlog, JSON) and metrics (prometheus). No text, number or JID ever enters here."""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import sys
import traceback
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

BUCKETS = (0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Lines:
    """Where our own lines go: to the file that `logging` has open, whichever that is now.

    Those of one loop tick are written together at its end: a write each costs more than the rest of the line.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self._waiting: list[bytes] = []

    def msg(self, line: bytes) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no loop, or a thread beside it: nobody would come back for the line
            self._write(line + b"\n")
            return
        if not self._waiting:
            loop.call_soon(self.flush)
        self._waiting.append(line)

    debug = info = warning = error = critical = msg

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._write(b"\n".join(waiting) + b"\n")

    def _write(self, lines: bytes) -> None:
        self.stream.write(lines)
        self.stream.flush()


OUT = Lines(sys.stderr.buffer)
atexit.register(OUT.flush)  # a loop that is stopped makes no further tick


def configure(level: int = logging.INFO, path: Path | None = None) -> None:
    """JSON lines to stderr, or to `path`; called once per process, by the command line."""
    handler: logging.Handler = logging.FileHandler(path, encoding="utf-8") if path else logging.StreamHandler()
    processors: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_unquoted, *processors],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )
    handler.setFormatter(render)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("slixmpp", "aiosqlite", "asyncio", "alembic", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
    OUT.stream = _bytes_of(handler) if path else sys.stderr.buffer
    structlog.configure(  # our own lines do not pass through `logging`: a third of the cost
        processors=[structlog.processors.add_log_level, _line],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: OUT,
        cache_logger_on_first_use=True,
    )


def _unquoted(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Lines of libraries: of an exception its type and places, because its text may quote a request or a stanza.

    asyncio writes the exception into the line itself, behind its first.
    """
    _, error, _ = event.pop("exc_info", None) or (None, None, None)
    if error:
        event["error"], event["at"] = type(error).__name__, _places(error)
    if event["_record"].name == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _places(error: BaseException) -> list[str]:
    """The last of them, as file:line."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames][-6:]


def _bytes_of(handler: Any) -> BinaryIO:
    """Below the text stream of a FileHandler."""
    stream: BinaryIO = handler.stream.buffer
    return stream


def _line(_: object, __: str, event: MutableMapping[str, Any]) -> bytes:
    """One event, one line, with the time in ISO 8601; what is not ASCII is escaped."""
    event["timestamp"] = datetime.now(UTC)
    line = msgspec.json.encode(event)
    return line if line.isascii() else json.dumps(msgspec.json.decode(line)).encode("ascii")


class Turns(Collector):
    """How many turns, and how long they took: plain counts, made into metrics when somebody asks for them."""

    def __init__(self) -> None:
        self._by: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._within = [0] * (len(BUCKETS) + 1)  # by the first bucket that holds them; the last has no end
        self._seconds = 0.0

    def add(self, intent: str, outcome: str, seconds: float) -> None:
        self._by[intent, outcome] += 1
        self._within[bisect_left(BUCKETS, seconds)] += 1
        self._seconds += seconds

    def collect(self) -> Iterator[Metric]:
        turns = CounterMetricFamily("hallbot_turns", "Turns worked", labels=["intent", "outcome"])
        for labels, count in self._by.items():
            turns.add_metric(labels, count)
        yield turns
        bounds = [*map(floatToGoString, BUCKETS), "+Inf"]
        buckets = list(zip(bounds, accumulate(self._within), strict=True))
        yield HistogramMetricFamily("hallbot_turn_seconds", "From hand-out to commit", buckets, self._seconds)


class LogWatch:
    """Implements `ports.Watch`."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._log = structlog.get_logger("hallbot")
        self._turns = Turns()
        self.registry.register(self._turns)
        self._events = Counter("hallbot_events", "Rare things", ["name"], registry=self.registry)
        self._bugs = Counter("hallbot_bugs", "Exceptions of our own", ["where"], registry=self.registry)

    def turn(self, conversation: str, intent: str, outcome: str, seconds: float) -> None:
        self._turns.add(intent, outcome, seconds)
        self._log.info(
            "turn", conversation=conversation[:12], intent=intent, outcome=outcome, ms=round(seconds * 1000, 1)
        )

    def event(self, name: str, **fields: str | int | float) -> None:
        self._events.labels(name).inc()
        self._log.warning(name, **fields)

    def bug(self, where: str, error: BaseException) -> None:
        """Type and places only: the text of an exception may quote what a customer typed."""
        self._bugs.labels(where).inc()
        self._log.error("bug", where=where, error=type(error).__name__, at=_places(error))
