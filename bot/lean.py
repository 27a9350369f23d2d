"""What libraries load for a terminal, and for objects mapped to tables: a bot process has neither, and saves 13 MB."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

TERMINAL = ("rich", "pygments")  # structlog colours tracebacks with them, slixmpp its log
MAPPED = ("sqlalchemy.ext.asyncio.session", "sqlalchemy.ext.asyncio.scoping")  # they bring the ORM; we use the engine


class _Absent(ModuleType):
    """Stands for a module that nobody uses."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (_Unusable,), {})


class _Unusable:
    def __init__(self, *_: Any, **__: Any) -> None:
        raise RuntimeError(f"{type(self).__name__} was left out when this process started (bot/lean.py)")


@contextmanager
def lean() -> Iterator[None]:
    """What is imported in here does without them; they can be imported afterwards."""
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None: "there is no such module"
    stands: dict[str, ModuleType | None] = {**dict.fromkeys(TERMINAL), **{name: _Absent(name) for name in MAPPED}}
    new = {name: stand for name, stand in stands.items() if name not in modules}
    modules.update(new)
    try:
        yield
    finally:
        for name, stand in new.items():
            if modules.get(name, stand) is stand:
                modules.pop(name, None)
