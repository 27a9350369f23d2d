"""`hallbot evaluate FILE.jsonl`: predict every row, count, print, write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.evaluate.figures import by_kind, confusions, figures
from bot.evaluate.predict import Predict, hall, timed, trained
from bot.evaluate.report import page
from bot.evaluate.rows import put, read, write
from bot.intents.catalogue import everything
from bot.intents.wording import matcher as shipped_matcher
from bot.model import local
from bot.wiring import wall

SHOWN = 12


def evaluate(
    file: Path, train: Path | None = None, out: Path | None = None, html: Path | None = None
) -> dict[str, Any]:
    """All figures as plain data; ConfigError for a file that cannot be read or written."""
    rows = read(file)
    predict, changes, seconds = _trained(train) if train else _hall()
    predictions = timed(predict, rows)
    pairs = list(zip(rows, predictions, strict=True))
    found = figures(pairs, changes)
    if seconds:
        found["training_seconds"] = round(seconds, 2)
    result = {"figures": found, "kinds": by_kind(pairs), "confusions": confusions(pairs)[:SHOWN]}
    if out:
        write(out, predictions)
    if html:
        put(html, page(file.name, pairs, result))
    return result


def _hall() -> tuple[Predict, frozenset[str], float]:
    catalogue = everything()
    matcher = shipped_matcher(catalogue)
    changes = frozenset(intent.name for intent in catalogue if intent.changes)
    return hall(matcher, f"{local(wall()):%Y-%m}"), changes, 0.0


def _trained(file: Path) -> tuple[Predict, frozenset[str], float]:
    predict = trained(read(file))
    return predict, frozenset(), predict.seconds


def told(result: dict[str, Any]) -> str:
    """For people: one figure a line, then kinds, then what was confused."""
    lines = [f"{name:<32}{_plain(value)}" for name, value in result["figures"].items()]
    if len(result["kinds"]) > 1:
        lines += ["", f"{'kind':<20}{'rows':>6}{'right':>8}{'acted':>8}"]
        lines += [
            f"{kind:<20}{k['rows']:>6}{k['right']:>8.3f}{k['acted']:>8.3f}" for kind, k in result["kinds"].items()
        ]
    if result["confusions"]:
        lines += ["", "meant → understood"]
        lines += [f"{times:>5} × {meant} → {heard}" for meant, heard, times in result["confusions"]]
    return "\n".join(lines)


def as_json(result: dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False)


def _plain(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) and value < 10 else f"{value:.0f}"
