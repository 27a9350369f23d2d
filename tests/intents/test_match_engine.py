"""The engine inside the matcher: what it reads, what it asks first, what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.explain import explain
from bot.intents import judged
from bot.intents.match import Matcher


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("本月画费多少", "bill.query"),
        ("quxiao cailing", "service.cancel"),
        ("開通彩鈴", "service.subscribe"),
        ("不是查积分,是要换东西", "points.redeem"),
    ],
)
def test_what_is_meant_comes_first(text: str, intent: str, matcher: Matcher) -> None:
    assert matcher(text).intents[0] == intent


@pytest.mark.parametrize("text", ["我朋友说要开通彩铃", "等下个月再退订手机报", "开通彩铃多久生效", "不要转人工", "50"])
def test_what_is_no_plain_wish_is_not_acted_on(text: str, matcher: Matcher) -> None:
    assert matcher(text).decision != "act"


def test_explaining_names_readings_parts_and_ngrams(matcher: Matcher) -> None:
    found = explain("本月画费用了多少嘛", matcher)
    assert "话费" in found["repaired"]
    assert found["strongest"]
    assert {"linear", "fuzzy"} <= found["nearest"][0].keys()


def test_an_unknown_intent_among_the_labels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "judged.txt").write_text("# head\nbil.query | 话费\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"judged.txt:2: there is no intent 'bil.query'"):
        judged.messages(frozenset({"bill.query"}), tmp_path)


@pytest.mark.parametrize("text", ["停机了", "退订了手机报", "流量包买好了", "密码我改过了", "他把密码改了", "不停机"])
def test_what_tells_how_it_is_wishes_nothing(text: str, matcher: Matcher) -> None:
    assert matcher(text).decision != "act"


@pytest.mark.parametrize("text", ["b要取消彩铃", "不交话费", "不jiaohuafei", "怎么baoting", "wuxushenqingshoujibao"])
def test_what_only_sounds_like_a_wish_is_not_acted_on(text: str, matcher: Matcher) -> None:
    assert matcher(text).decision != "act"
