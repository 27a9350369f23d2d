"""Figures from rows and predictions, the files, and another set to learn from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.evaluate.figures import figures, mcc
from bot.evaluate.predict import trained
from bot.evaluate.rows import Prediction, Row, read, write
from bot.evaluate.run import evaluate
from bot.intents.match import Matcher
from bot.mine import Group, mine, told

ROWS = [Row("a", "x"), Row("b", "y", also=("x",)), Row("c", "oos.domain"), Row("d", "oos")]


def _said(text: str, intent: str, decision: str, score: float) -> Prediction:
    return Prediction(text, intent, decision, (intent,), score, intent if intent != "none" else "x")


def test_figures_count_what_they_say() -> None:
    said = [
        _said("a", "x", "act", 0.9),
        _said("b", "z", "act", 0.8),
        _said("c", "none", "none", 0.1),
        _said("d", "x", "act", 0.7),
    ]
    found = figures(list(zip(ROWS, said, strict=True)), frozenset({"z"}))
    assert (found["top1"], found["acted_wrong"]) == (0.5, 0.5)
    assert (found["out_of_scope_recall"], found["out_of_scope_acted_on"]) == (0.5, 0.5)
    assert found["wrong_operations"] == 1


def test_mcc_is_one_when_all_is_right_and_nought_by_chance() -> None:
    assert mcc([("a", "a"), ("b", "b")]) == pytest.approx(1)
    assert mcc([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == pytest.approx(0)


def test_predictions_stand_in_the_order_of_the_rows(tmp_path: Path) -> None:
    write(tmp_path / "out.jsonl", [_said("二", "x", "act", 0.5), _said("一", "none", "none", 0.0)])
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines] == ["二", "一"]
    assert set(lines[0]) == {"text", "intent", "decision", "options", "score", "slots"}


@pytest.mark.parametrize("line", ["{", '{"text": 1, "intent": "x"}', '{"text": "a"}'])
def test_a_malformed_row_is_refused_with_its_line(line: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{{"text": "a", "intent": "x"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"rows.jsonl:2: not of the form"):
        read(file)


@pytest.mark.parametrize("which", ["out", "html"])
def test_a_file_that_cannot_be_written_is_one_sentence(which: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "查话费", "intent": "bill.query"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"page.html cannot be written: No such file"):
        evaluate(file, **{which: tmp_path / "no such folder" / "page.html"})


def test_the_same_engine_learns_another_set(tmp_path: Path) -> None:
    verbs = ["block", "see", "get", "lose"]
    rows = [Row(f"{verb} my {noun}", noun) for noun in ("card", "loan", "cheque") for verb in verbs]
    predict = trained(rows)
    assert predict("lose the card").best == "card"


def test_a_report_is_one_page_of_its_own(tmp_path: Path) -> None:
    train = tmp_path / "train.jsonl"
    pairs = [("see card", "card"), ("lost card", "card"), ("my loan", "loan"), ("pay loan", "loan")]
    train.write_text("".join(json.dumps({"text": t, "intent": i}) + "\n" for t, i in pairs), encoding="utf-8")
    result = evaluate(train, train, tmp_path / "p.jsonl", tmp_path / "r.html")
    assert result["figures"]["rows"] == 4
    html = (tmp_path / "r.html").read_text("utf-8")
    assert html.count("<svg") == 2
    assert "http" not in html


def test_mining_groups_what_is_not_understood(matcher: Matcher) -> None:
    groups = mine(["查话费", "咕噜咕噜咕噜", "咕噜咕噜咕噜噜"], matcher)
    assert [len(group.texts) for group in groups] == [2]


def test_what_is_mined_can_be_pasted(matcher: Matcher) -> None:
    groups = [
        Group("usage.query", 41.0, ("流量咋整", "流量咋整呀", "号码13800138000流量咋整".replace("13800138000", "***"))),
        Group("", 0.0, ("咕噜咕噜",)),
    ]
    assert told(groups).splitlines() == [
        "# 3 × usage.query (41%)",
        "usage.query | 流量咋整 | 流量咋整呀",
        "#   号码***流量咋整",
        "# 1 × none (0%)",
        "# none | 咕噜咕噜",
    ]


def test_slots_with_a_sum_are_written_too(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "给13800138000充五十", "intent": "payment.topup"}\n', encoding="utf-8")
    evaluate(rows, out=tmp_path / "p.jsonl")
    found = json.loads((tmp_path / "p.jsonl").read_text("utf-8"))
    assert (found["slots"]["amount"], found["slots"]["number"]) == ("50", "13800138000")
