"""The engine inside the matcher: what it reads, what it asks first, what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.explain import explain
from bot.intents import judged
from bot.intents.base import Catalogue
from bot.intents.match import Matcher
from bot.intents.reload import Reloading


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


async def test_a_refused_reload_keeps_the_old_matcher(matcher: Matcher, tmp_path: Path) -> None:
    built, told = [matcher], list[str]()

    def build() -> Matcher:
        if not built:
            raise ConfigError("lexicon.txt:3: no")
        return built.pop()

    reloading = Reloading(build, told.append, tmp_path)
    assert not await reloading.reload()
    assert reloading("查话费") == matcher("查话费")
    assert "lexicon.txt:3" in told[0]


async def test_a_good_reload_takes_over(catalogue: Catalogue, matcher: Matcher, tmp_path: Path) -> None:
    fresh = Matcher(catalogue, ["话费有关的怪话"])
    built = [fresh, matcher]
    reloading = Reloading(built.pop, lambda _: None, tmp_path)
    assert await reloading.reload()
    assert reloading("话费有关的怪话").decision == "none"
