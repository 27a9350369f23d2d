"""docs/deploy.md names every metric and every event, and none that there is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.adapters.watch import LogWatch

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
APART = {"bench", "demo", "sandbox"}
COUNTED = {"event": "event", "count": "event", "_count": "event", "_told": "event", "bug": "bug", "_saw": "bug"}


def cells(head: str) -> list[list[str]]:
    """The rows of the table headed `head`."""
    table = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table
    return [row.strip("|").split("|") for row in table[1].splitlines()]


def named(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", text))


def counted() -> Iterator[tuple[str, str]]:
    """(kind, name) as the code calls them."""
    for file in (ROOT / "bot").rglob("*.py"):
        if APART & set(file.parts):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            if kind := COUNTED.get(node.func.attr):
                first = node.args[0]
                names = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                values = [name.value for name in names if isinstance(name, ast.Constant)]
                yield from ((kind, value) for value in values if isinstance(value, str) and len(value) > 1)


def test_every_metric_is_told() -> None:
    watch = LogWatch()
    watch.turn("c", "bill.query", "bill/query", 0.1)
    made = {f"{one.name}_total" if one.type == "counter" else one.name for one in watch.registry.collect()}
    assert {name for row in cells("metric") for name in named(row[0])} == made


def test_every_event_is_told() -> None:
    assert {name for row in cells("event") for name in named(row[0])} == {n for kind, n in counted() if kind == "event"}


def test_every_place_of_a_bug_is_told() -> None:
    [row] = [row for row in cells("metric") if "bugs" in row[0]]
    assert named(row[2]) == {name for kind, name in counted() if kind == "bug"}
