"""Words to intents: exact, by ear, by eye; never an operation on a guess, never one that was denied."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.sandbox.operator.catalogue import SERVICES
from bot.intents.base import Catalogue
from bot.intents.catalogue import everything
from bot.intents.match import ACT, ACT_CHANGES, ASK, Matcher
from bot.wiring import Words

CATALOGUE = everything()
PHRASES = sorted(CATALOGUE.phrases())
CHANGING = [(phrase, name) for phrase, name in PHRASES if CATALOGUE[name].changes]
KNOWN = {phrase for phrase, _ in PHRASES}


OWN = {"余额提醒", "亲情号码", "集团短号"}  # services with functions of their own
SOLD = sorted({offer.name for offer in SERVICES} - OWN)


@pytest.mark.parametrize("name", SOLD)
def test_whatever_is_sold_is_opened_and_cancelled_in_the_words_that_its_terms_promise(
    name: str, matcher: Matcher, words: Words
) -> None:
    """退订生活播报 stood in its terms, and was not understood."""
    english = words.tongues["en"].name(name)
    for line, intent in (
        *((f"开通{name}", "service.subscribe"), (f"退订{name}", "service.cancel")),
        *((f"open {english}", "service.subscribe"), (f"cancel {english}", "service.cancel")),
    ):
        found = matcher(line)
        assert (line, found.decision, found.intents) == (line, "act", (intent,))


@pytest.mark.parametrize(("phrase", "intent"), PHRASES)
def test_every_phrase_is_its_intent(phrase: str, intent: str, matcher: Matcher) -> None:
    found = matcher(phrase)
    expected = ("none", ()) if intent == "oos" else ("act", (intent,))
    assert (found.decision, found.intents) == expected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("查话费", "bill.query"),
        ("話費", "bill.query"),
        ("话废", "bill.query"),
        ("划费", "bill.query"),
        ("hua费", "bill.query"),
        ("hf", "bill.query"),
        ("CXHF", "bill.query"),
        ("ｃｘｈｆ", "bill.query"),
        ("chahuafei", "bill.query"),
        ("cha hua fei", "bill.query"),
        ("话 费 查 询", "bill.query"),
        ("话\u200b费", "bill.query"),
        ("请问话费", "bill.query"),
        ("麻烦帮我查一下话费，谢谢！", "bill.query"),
        ("话费查询。", "bill.query"),
        ("記分", "points.query"),
        ("jifen", "points.query"),
        ("0000", "service.query"),
        ("開通彩鈴", "service.subscribe"),
        ("开通采铃", "service.subscribe"),
        ("帮我开通彩铃吧", "service.subscribe"),
        ("退订 1 3", "service.cancel"),
        ("退订1、3", "service.cancel"),
        ("转人工", "handoff"),
    ],
)
def test_what_customers_type(text: str, intent: str, matcher: Matcher) -> None:
    found = matcher(text)
    assert (found.decision, found.intents) == ("act", (intent,))


@pytest.mark.parametrize(
    "text",
    [
        "今天天气怎么样",
        "阿巴阿巴",
        "移动硬盘",
        "天猫积分",
        "",
        " ",
        "?",
        "。。。",
        "1",
        "null",
        "{{7*7}}",
        "确认",
        "是",
        "s",
        "246810",
        "💰",
        "我要自杀",
    ],
)
def test_what_is_not_ours(text: str, matcher: Matcher) -> None:
    assert matcher(text).decision == "none"


@pytest.mark.parametrize("text", ["商城", "商 城", "去商城", "看看商城", "商城呢"])
def test_a_noun_that_phrases_end_in_asks_which_of_them(text: str, matcher: Matcher) -> None:
    found = matcher(text)
    assert found.decision == "ask"
    assert set(found.intents) >= {"shop.query", "points.redeem"}


@pytest.mark.parametrize("text", ["红包", "老婆"])
def test_also_where_nothing_else_speaks_for_it(text: str, matcher: Matcher) -> None:
    assert matcher(text).decision == "ask"


@pytest.mark.parametrize("text", ["天气预报", "哈哈", "时间", "明天", "吃饭", "下雨", "铃铛"])
def test_other_nouns_ask_nothing(text: str, matcher: Matcher) -> None:
    assert matcher(text).decision == "none"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        *(("付好了", "payment.history"), ("我付过了", "payment.history"), ("钱付好了", "payment.history")),
        *(("退好了", "operation.query"), ("办好了", "operation.query"), ("改好了", "operation.query")),
    ],
)
def test_what_is_done_is_no_greeting(text: str, intent: str, matcher: Matcher) -> None:
    found = matcher(text)
    assert (found.decision, found.intents[:1]) == ("act", (intent,))


@pytest.mark.parametrize("text", ["查积分话费", "套餐和流量", "开通退订"])
def test_between_two_it_asks(text: str, matcher: Matcher) -> None:
    found = matcher(text)
    assert found.decision == "ask"
    assert 1 <= len(found.intents) <= 3
    assert "oos" not in found.intents


# --- negation, questions, conditions ---------------------------------------------------------------------------

DENIALS = [
    "不要",
    "别",
    "不想",
    "我不想",
    "不用",
    "请不要",
    "千万别",
    "没让你",
    "不能",
    "先别",
    "谁让你们",
    "不",
    "别给我",
    "不需要",
]
DENIALS += [
    "沒讓你",
    "別",
    "請別",
    "不想再",
    "从没",
    "误",
    "如果",
    "要是",
    "为什么",
    "怎么",
    "是不是",
    "buyao",
    "bie",
    "not ",
]
DOUBTS = [
    "吗",
    "了吗",
    "是不是",
    "干什么",
    "了没有",
    "怎么办",
    "不行",
    "失败了",
    "会怎样",
    "要多少钱",
    "不了",
    "錯了",
    "嗎",
]


@pytest.mark.parametrize("denial", DENIALS)
def test_what_is_denied_is_never_acted_on(denial: str, matcher: Matcher) -> None:
    for phrase, intent in CHANGING:
        text = denial + phrase
        found = matcher(text)
        assert found.decision != "act" or found.intents != (intent,) or text in KNOWN, text


@pytest.mark.parametrize("doubt", DOUBTS)
def test_what_is_asked_about_is_not_acted_on(doubt: str, matcher: Matcher) -> None:
    for phrase, intent in CHANGING:
        text = phrase + doubt
        found = matcher(text)
        assert found.decision != "act" or found.intents != (intent,) or text in KNOWN, text


def test_a_guarded_question_says_so(matcher: Matcher) -> None:
    found = matcher("别开通彩铃")
    assert (found.decision, found.guarded) == ("ask", True)
    assert "service" in found.intents[0]


@given(
    st.sampled_from(CHANGING),
    st.sampled_from(DENIALS),
    st.sampled_from(["", "请", "那个", " "]),
    st.sampled_from(["", "了", "吧", "啊", "！"]),
)
def test_no_filler_hides_a_denial(phrase: tuple[str, str], denial: str, before: str, after: str) -> None:
    text = f"{before}{denial}{phrase[0]}{after}"
    found = SHARED(text)
    assert found.decision != "act" or found.intents != (phrase[1],) or denial + phrase[0] in KNOWN


# --- what never changes an intent ------------------------------------------------------------------------------

SHARED = Matcher(CATALOGUE)
FILLERS_BEFORE = ["", "请", "帮我", "你好，", "麻烦您", "请问", "那个", "嗯嗯", "亲，", " "]
FILLERS_AFTER = ["", "。", "！", "？", "~", "吧", "啊", "谢谢", "呢", "好吗", " ", "…", "\u200b", "\n"]


WISHES = [pair for pair in PHRASES if pair[1] not in {"greet", "thanks", "oos"}]  # those are fillers themselves


@given(st.sampled_from(WISHES), st.sampled_from(FILLERS_BEFORE), st.sampled_from(FILLERS_AFTER))
def test_politeness_and_punctuation_change_nothing(phrase: tuple[str, str], before: str, after: str) -> None:
    found = SHARED(f"{before}{phrase[0]}{after}")
    if found.intents != (phrase[1],):  # with its filler it is a phrase of its own: 不用了再见, 好的谢谢
        assert found.score == 100
    assert found.decision == "act"


@given(st.sampled_from(PHRASES), st.data())
def test_blanks_between_characters_change_nothing(phrase: tuple[str, str], data: st.DataObject) -> None:
    spaced = "".join(c + (" " if data.draw(st.booleans()) and ord(c) > 0x2E7F else "") for c in phrase[0])
    assert SHARED(spaced).intents == SHARED(phrase[0]).intents


@given(st.sampled_from(PHRASES))
def test_case_and_width_change_nothing(phrase: tuple[str, str]) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in phrase[0])
    assert SHARED(phrase[0].upper()).intents == SHARED(wide).intents == SHARED(phrase[0]).intents


# --- bars ------------------------------------------------------------------------------------------------------


@given(st.one_of(st.text(max_size=60), st.text(alphabet="话费积分开通彩铃退订余额查兑换取消不要别", max_size=12)))
def test_the_bars_hold_for_any_text(text: str) -> None:
    found = SHARED(text)
    if found.decision == "none":
        assert found.intents == ()
        return
    assert found.score >= ASK
    assert "oos" not in found.intents
    assert len(found.intents) <= 3
    if found.decision == "act":
        changes = CATALOGUE[found.intents[0]].changes
        assert found.score >= (ACT_CHANGES if changes else ACT)


@pytest.mark.parametrize(
    "text",
    [
        "话" * 100_000,
        "话费 " * 3000,
        "aaaaaaaaaaaaaaaaaaaaaaaa!",
        "㌖" * 2000,
        "话费查询" * 5000,
        "开通" * 50_000,
        "9" * 4301,
    ],
)
def test_any_text_takes_bounded_time(text: str, matcher: Matcher) -> None:
    begun = time.process_time()
    found = matcher(text)
    assert time.process_time() - begun < 0.1  # about 1 ms
    assert len(found.text) <= 200


def test_outside_phrases_win_over_a_near_intent(catalogue: Catalogue) -> None:
    assert Matcher(catalogue)("看积分赛").decision != "none"
    assert Matcher(catalogue, ["看积分赛"])("积分赛程").decision == "none"


def test_what_was_typed_is_in_no_repr(matcher: Matcher) -> None:
    assert "话费" not in repr(matcher("我要查我老婆的话费"))
