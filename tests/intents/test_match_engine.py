"""The engine inside the matcher: what it reads, what it asks first, what it never does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.explain import explain
from bot.intents import judged
from bot.intents.base import Catalogue
from bot.intents.engine import FAR, FUZZY, LIKELY, NONE, OPTIONS, Race, Scored, outside
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


@pytest.mark.parametrize("scores", [[random.Random(seed).uniform(-1.2, 0.9) for _ in range(12)] for seed in range(300)])
def test_who_is_left_out_of_the_race_changes_nothing(scores: list[float]) -> None:
    """Scored in order of the linear score, each with what its phrases add: all of them, or without those that lost."""
    linear, near = sorted(scores[:6], reverse=True), [abs(x) / 1.2 for x in scores[6:]]
    intents = ["oos", "a", "oos.domain", "b", "c", "d"]
    random.Random(sum(scores)).shuffle(intents)
    race = Race()
    left: list[Scored] = []
    every: list[Scored] = []
    for score, much, intent in zip(linear, near, intents, strict=True):
        ours = not outside(intent)
        scored = Scored(intent, score + FUZZY * much, score, much, "", ours)
        every.append(scored)
        if not race.lost(score + FUZZY, intent, ours):
            race.enter(scored.total, intent, ours)
            left.append(scored)
    assert _seen(left) == _seen(every)


def _seen(scored: list[Scored]) -> tuple[object, ...]:
    """All that is looked at: the best of ours, its leads as far as they count, what may be meant."""
    ranking = sorted(scored, key=lambda s: s.total, reverse=True)
    best = next(s for s in ranking if s.ours)
    others = [best.total - s.total for s in ranking if s is not best]
    nobodys = [best.total - s.total for s in ranking if not s.ours]
    meant = [s for s in ranking if s.intent != NONE][:OPTIONS]
    likely = [s.intent for s in meant if meant[0].total - s.total <= LIKELY]
    return best.intent, min([FAR, *others]), min([FAR, *nobodys]), likely


def test_who_is_not_compared_would_have_changed_nothing(matcher: Matcher, catalogue: Catalogue) -> None:
    """`full` compares the phrases of every intent: the same decisions, options and chances."""
    for text, _ in judged.messages(frozenset(intent.name for intent in catalogue)):
        short, full = matcher(text), matcher(text, full=True)
        told = [(one.decision, one.intents, one.guarded, one.score) for one in (short, full)]
        assert told[0] == told[1], text
