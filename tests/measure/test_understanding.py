"""The gates of understanding on the shared data; `HALLBOT_DATA` names its folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from statistics import mean
from typing import Any

from bot.evaluate.run import evaluate
from bot.intents.catalogue import everything
from bot.intents.wording import matcher as shipped_matcher


def measured(test: str, train: str = "") -> dict[str, Any]:
    data = Path(os.environ["HALLBOT_DATA"])
    found: dict[str, Any] = evaluate(data / test, data / train if train else None)["figures"]
    return found


def test_hint3_is_above_every_published_mean() -> None:
    bots = ("curekart", "powerplay11", "sofmattress")
    found = [measured(f"public/hint3/{bot}_test.jsonl", f"public/hint3/{bot}_train.jsonl") for bot in bots]
    assert mean(f["accuracy_without_rejection"] for f in found) > 0.735
    assert mean(f["best_mcc"] for f in found) > 0.544


def test_clinc150() -> None:
    found = measured("public/clinc150/test.jsonl", "public/clinc150/train.jsonl")
    assert found["accuracy_without_rejection"] >= 0.93
    assert found["out_of_scope_recall_at_0.909"] >= 0.77


def test_banking77() -> None:
    found = measured("public/banking77/test.jsonl", "public/banking77/train.jsonl")
    assert found["accuracy_without_rejection"] >= 0.918


def test_no_trap_is_walked_into() -> None:
    catalogue = everything()
    matcher = shipped_matcher(catalogue)
    lines = (Path(os.environ["HALLBOT_DATA"]) / "utterances/traps_dev.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        found = matcher(row["text"])
        assert found.decision != "act" or found.intents[0] not in row["forbid"], row["text"]


def test_what_customers_of_an_operator_type() -> None:
    found = measured("utterances/dev.jsonl")
    assert found["top1"] >= 0.90
    assert found["top3"] >= 0.97
    assert found["solved_within_one_tap"] >= 0.88
    assert found["wrong_operations_rate"] <= 0.003
