"""One log line per turn (structlog, JSON) and metrics (prometheus). No text, number or JID ever enters here."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Lines:
    """Where our own lines go: to the file that `logging` has open, whichever that is now."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def msg(self, line: bytes) -> None:
        self.stream.write(line + b"\n")
        self.stream.flush()

    debug = info = warning = error = critical = msg


OUT = Lines(sys.stderr.buffer)


def configure(level: int = logging.INFO, path: Path | None = None) -> None:
    """JSON lines to stderr, or to `path`; called once per process, by the command line."""
    handler: logging.Handler = logging.FileHandler(path, encoding="utf-8") if path else logging.StreamHandler()
    processors: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*processors],
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
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: OUT,
        cache_logger_on_first_use=True,
    )


def _bytes_of(handler: Any) -> BinaryIO:
    """Below the text stream of a FileHandler."""
    stream: BinaryIO = handler.stream.buffer
    return stream


def _line(event: dict[str, Any], **_: Any) -> bytes:
    """One event, one line; what is not ASCII is escaped."""
    line = msgspec.json.encode(event)
    return line if line.isascii() else json.dumps(event).encode("ascii")


class LogWatch:
    """Implements `ports.Watch`."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._log = structlog.get_logger("hallbot")
        labels = ["intent", "outcome"]
        self._turns = Counter("hallbot_turns", "Turns worked", labels, registry=self.registry)
        self._seconds = Histogram(
            "hallbot_turn_seconds", "From hand-out to commit", buckets=BUCKETS, registry=self.registry
        )
        self._events = Counter("hallbot_events", "Rare things", ["name"], registry=self.registry)
        self._bugs = Counter("hallbot_bugs", "Exceptions of our own", ["where"], registry=self.registry)

    def turn(self, conversation: str, intent: str, outcome: str, seconds: float) -> None:
        self._turns.labels(intent, outcome).inc()
        self._seconds.observe(seconds)
        self._log.info(
            "turn", conversation=conversation[:12], intent=intent, outcome=outcome, ms=round(seconds * 1000, 1)
        )

    def event(self, name: str, **fields: str | int | float) -> None:
        self._events.labels(name).inc()
        self._log.warning(name, **fields)

    def bug(self, where: str, error: BaseException) -> None:
        """Type and places only: the text of an exception may quote what a customer typed."""
        self._bugs.labels(where).inc()
        places = [
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        self._log.error("bug", where=where, error=type(error).__name__, at=places[-6:])
