"""Every state and every kind of word: the whole table of `dialog.advance`, and the words it is made of."""

from __future__ import annotations

import string
import time
import unicodedata
from typing import assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot import dialog
from bot.dialog import Leave, Match, Remind, advance, code_of, fill, fold, numbers, yes
from bot.gate import Limits
from bot.model import AskedSlot, Choice, Choosing, Session, Slots, Todo, Topic
from tests.support.samples import AT, MINUTE, STATES, operation, session

LIMITS = Limits()


def short(step: dialog.Step) -> str:
    """A step in a few letters, so that the table below can be read."""
    match step:
        case dialog.Match(_, open):
            return "match open" if open else "match"
        case dialog.Ask(todo):
            slots = todo.slots
            what = str(slots.quantity) if slots.quantity else slots.text or " ".join(slots.items)
            return f"ask {todo.intent} {what}".rstrip()
        case dialog.CheckPassword():
            return "password"
        case dialog.CheckCode():
            return "code"
        case dialog.Confirmed():
            return "confirmed"
        case dialog.Resend():
            return "resend"
        case dialog.Leave(how):
            return f"leave {how}"
        case dialog.Correct(instead):
            return f"correct {instead.wanted}"
        case dialog.Remind(hint):
            return f"remind {hint}"
        case dialog.Next():
            return "next"
        case dialog.Command(intent):
            return intent
        case dialog.Speak(lang):
            return f"speak {lang}"
        case _:
            assert_never(step)


ORDER = tuple(STATES)
# A column per state, in the order of STATES: idle, choosing, asked for one of three, for several of three, for a
# quantity, for a text, for the password, for a yes, for the code.
TABLE: dict[str, tuple[str, ...]] = {
    "取消": ("leave cancel",) * 9,
    "返回": ("leave back",) * 9,
    "帮助": ("help",) * 9,
    "重说": ("repeat",) * 9,
    "English please": ("speak en",) * 9,
    "说中文": ("speak zh",) * 9,
    "人工": ("handoff",) * 9,
    "退出": ("logout",) * 9,
    "下一页": (*("next",) * 5, "ask handoff 下一页", *("next",) * 3),
    "确认": (
        *("remind no_yes", "match", "match open", "match open", "match open", "ask handoff 确认"),
        *("match open", "confirmed", "match open"),
    ),
    "取消。": ("leave cancel",) * 9,
    "人工！": ("handoff",) * 9,
    "返回~": ("leave back",) * 9,
    "下一頁": (*("next",) * 5, "ask handoff 下一頁", *("next",) * 3),
    "2。": (
        *("ask balance.query", "ask points.history", "ask service.subscribe paper", "ask service.cancel paper"),
        *("ask points.redeem 2", "remind text", "remind password", "remind confirm", "remind code"),
    ),
    "取消开通": (*("match",) * 2, *("match open",) * 3, "ask handoff 取消开通", "match open", "leave no", "leave no"),
    "手机丢了": (*("match",) * 2, *("match open",) * 7),
    "嗯": (
        *("match", "match", "match open", "match open", "match open", "ask handoff 嗯"),
        *("remind password", "remind confirm", "remind code"),
    ),
    "不要": (
        *("match", "match", "leave no", "leave no", "leave no", "leave no"),
        *("leave no", "leave no", "leave no"),
    ),
    "都不是": (
        *("match", "leave neither", "leave no", "leave no", "leave no", "ask handoff 都不是"),
        *("match open", "match open", "match open"),
    ),
    "1": (
        *("ask bill.query", "ask points.query", "ask service.subscribe ring", "ask service.cancel ring"),
        *("ask points.redeem 1", "remind text", "remind password", "remind confirm", "remind code"),
    ),
    "2": (
        *("ask balance.query", "ask points.history", "ask service.subscribe paper", "ask service.cancel paper"),
        *("ask points.redeem 2", "remind text", "remind password", "remind confirm", "remind code"),
    ),
    "3": (
        *("ask points.query", "leave neither", "ask service.subscribe data5", "ask service.cancel data5"),
        *("ask points.redeem 3", "remind text", "remind password", "remind confirm", "remind code"),
    ),
    "第二个": (
        *("ask balance.query", "ask points.history", "ask service.subscribe paper", "ask service.cancel paper"),
        *("remind quantity", "ask handoff 第二个", "match open", "match open", "match open"),
    ),
    "9": (
        *("match", "remind number", "remind number", "remind numbers"),
        *("ask points.redeem 9", "remind text", "remind password", "remind confirm", "remind code"),
    ),
    "1 3": (
        *("match", "remind number", "ask service.subscribe ring data5", "ask service.cancel ring data5"),
        *("remind quantity", "remind text", "remind password", "remind confirm", "remind code"),
    ),
    "最后一个": (
        *("ask points.query", "ask points.history", "ask service.subscribe data5", "ask service.cancel data5"),
        *("match open", "ask handoff 最后一个", "match open", "match open", "match open"),
    ),
    "the first one": (
        *("ask bill.query", "ask points.query", "ask service.subscribe ring", "ask service.cancel ring"),
        *("match open", "ask handoff the first one", "match open", "match open", "match open"),
    ),
    "退第一个": (
        *("match", "match", "match open", "ask service.cancel ring"),
        *("match open", "ask handoff 退第一个", "match open", "match open", "match open"),
    ),
    "全都要": (
        *("match", "remind one", "remind not_all", "ask service.cancel"),
        *("match open", "ask handoff 全都要", "match open", "match open", "match open"),
    ),
    "13": (
        *("match", "remind number", "remind number", "remind numbers"),
        *("ask points.redeem 13", "remind text", "remind password", "remind confirm", "remind code"),
    ),
    "0": (
        *("handoff", "handoff", "handoff", "handoff", "ask points.redeem -1", "handoff"),
        *("handoff", "handoff", "handoff"),
    ),
    "0000": (
        *("match", "match", "match open", "match open", "match open", "remind text"),
        *("match open", "match open", "match open"),
    ),
    "246810": (
        *("remind no_code", "remind no_code", "match open", "match open", "match open", "remind no_code"),
        *("password", "remind confirm", "code"),
    ),
    "两份": (
        *("match", "match", "match open", "match open", "ask points.redeem 2", "ask handoff 两份"),
        *("match open", "match open", "match open"),
    ),
    "手机报": (
        *("match", "match", "ask service.subscribe paper", "ask service.cancel paper", "match open"),
        *("ask handoff 手机报", "match open", "match open", "match open"),
    ),
    "要手机报": (
        *("match", "match", "ask service.subscribe paper", "ask service.cancel paper", "match open"),
        *("ask handoff 要手机报", "match open", "match open", "match open"),
    ),
    "不要手机报": (*("match",) * 2, *("match open",) * 3, "ask handoff 不要手机报", *("match open",) * 3),
    "重发": (*("match",) * 2, *("match open",) * 3, "ask handoff 重发", "match open", "match open", "resend"),
    "不是彩铃，是手机报": (
        *(
            "match",
            "match",
            "match open",
            "ask service.cancel",
            "match open",
            "ask handoff 不是彩铃，是手机报",
            "match open",
        ),
        *("correct 手机报", "correct 手机报"),
    ),
    "不是彩铃": (
        *(
            "match",
            "match",
            "match open",
            "ask service.cancel",
            "match open",
            "ask handoff 不是彩铃",
            "match open",
            "leave no",
            "leave no",
        ),
    ),
    "查积分": (*("match",) * 2, *("match open",) * 3, "ask handoff 查积分", *("match open",) * 3),
    "": (
        *("match", "match", "match open", "match open", "remind quantity", "remind text"),
        *("remind password", "remind confirm", "remind code"),
    ),
}


@pytest.mark.parametrize("state", ORDER)
@pytest.mark.parametrize("text", TABLE)
def test_the_table(text: str, state: str) -> None:
    step = advance(session(STATES[state]), text, AT, LIMITS)
    assert short(step) == TABLE[text][ORDER.index(state)]


@pytest.mark.parametrize("word", sorted(dialog.YES))
@pytest.mark.parametrize("state", [name for name in ORDER if name != "confirming"])
def test_yes_means_something_only_where_it_was_asked(word: str, state: str) -> None:
    assert not isinstance(advance(session(STATES[state]), word, AT, LIMITS), dialog.Confirmed)


@pytest.mark.parametrize(
    "word", ["确认", " 确认 ", "確認", "確定", "是", "是的", "好的", "同意", "确定", "yes", "YES", "ＹＥＳ", "确认\n"]
)
def test_yes(word: str) -> None:
    assert yes(word)


@pytest.mark.parametrize(
    "word",
    [
        "1",
        "嗯",
        "y",
        "ok",
        "好",
        "行",
        "可以",
        "不确认",
        "确认吗",
        "确认？",
        "确认?",
        "确认。",
        "已确认",
        "是不是",
        "确 认",
        "queren",
        "yes; no",
        "确认确认",
        "确认 办理50元流量包",
        "确认\u200b",
        "",
        "确认" + " " * 300 + "不要",
    ],
)
def test_no_yes(word: str) -> None:
    assert not yes(word)
    assert not isinstance(advance(session(STATES["confirming"]), word, AT, LIMITS), dialog.Confirmed)


@pytest.mark.parametrize(
    "text",
    [
        "123456",
        " 123456 ",
        "123 456",
        "123-456",
        "1 2 3 4 5 6",
        "１２３４５６",
        "１23４56",
        "𝟏𝟐𝟑𝟒𝟓𝟔",
        "①②③④⑤⑥",
        "123456\n",
        "12 34-56",
        "验证码123456",
        "验证码 123456",
        "验证码:123456",
        "验证码：123456",
        "验证码是123456",
        "验证码是：123456",
        "是123456",
        "是:123456",
        ":123456",
        "123\xa0456",
    ],
)
def test_a_code(text: str) -> None:
    assert code_of(text, 6) == "123456"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12345",
        "1234567",
        "123456 654321",
        "१२३४५६",
        "⒈⒉⒊⒋⒌⒍",
        "一二三四五六",
        "12345б",
        "l23456",
        "123\u202e654",
        "123456\u200b",
        "1_23456",
        "+123456",
        "1e5",
        "123456.0",
        "123,456",
        "0x1E240",
        "NaN",
        "code 123456",
        "验证码是不是123456",
        "我的验证码123456",
        "123456吗",
        "['123456']",
        "&#49;&#50;",
        "123456" + " " * 300 + "不要",
        "123\x00456",
    ],
)
def test_no_code(text: str) -> None:
    assert code_of(text, 6) is None


def test_what_normalises_to_six_digits_is_six_digits() -> None:
    assert code_of("²³¹⁴⁵⁶", 6) == "231456"


def test_a_code_has_as_many_digits_as_were_sent() -> None:
    assert code_of("12345678", 8) == "12345678"
    assert code_of("123456", 8) is None


@given(st.text(max_size=300), st.integers(6, 10))
def test_a_code_is_ascii_digits_and_stands_in_the_text(text: str, digits: int) -> None:
    code = code_of(text, digits)
    if code is not None:
        assert len(code) == digits
        assert set(code) <= set(string.digits)
        assert code in "".join(unicodedata.normalize("NFKC", text).replace("-", "").split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("3", (3,)), ("３", (3,)), (" 3 ", (3,)), ("12", (12,)), ("0", (0,)), ("第三个", (3,))),
        *(
            ("1 3", (1, 3)),
            ("1,3", (1, 3)),
            ("1，3", (1, 3)),
            ("1、3", (1, 3)),
            ("1 ,3", (1, 3)),
            ("1、2 3", (1, 2, 3)),
        ),
        *(("1 1", (1,)), ("123", ()), ("1,", ()), (",1", ()), ("1.3", ()), ("1-3", ()), ("一", ()), ("-1", ())),
        *(("", ()), ("1 x", ()), ("0000", ()), ("1" * 5000, ()), ("1 " * 300, ())),
    ],
)
def test_numbers(text: str, expected: tuple[int, ...]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(("word", "step"), [("是", "remind no_yes"), ("好的", "remind no_yes"), ("嗯", "match")])
def test_a_yes_to_the_draft_that_log_out_kept_is_none_yet(word: str, step: str) -> None:
    kept = replace(session(STATES["idle"]), draft=operation())
    assert short(advance(kept, word, AT, LIMITS)) == step
    assert short(advance(replace(kept, draft=None), word, AT, LIMITS)) == "match"


def test_a_code_that_nobody_waits_for_is_said_to_be_of_no_use() -> None:
    for text in ("123456", "验证码是 123 456", "１２３４５６"):
        assert advance(session(), text, AT, Limits()) == dialog.Remind("no_code")
    assert advance(session(), "1234567", AT, Limits()) == dialog.Match("1234567")


def test_below_what_is_told_by_months_a_month_is_no_code() -> None:
    told = replace(session(), topic=Topic("bill.query", Slots()))
    assert advance(told, "2026-06", AT, Limits()) == dialog.Match("2026-06")
    for one, text in ((told, "2026-13"), (told, "202-606"), (told, "202606"), (session(), "2026-06")):
        assert advance(one, text, AT, Limits()) == dialog.Remind("no_code")


@pytest.mark.parametrize(
    ("shown", "place", "figure"),
    [
        ("", "ask bill.query", "ask bill.query"),
        ("menu", "ask bill.query", "ask bill.query"),
        ("hidden", "remind no_list", "ask bill.query"),
        ("read", "remind not_chosen", "ask bill.query"),
        ("choice", "remind expired", "ask bill.query"),
        ("expired", "remind expired", "remind expired"),
    ],
)
def test_a_place_is_said_of_the_list_that_was_shown_last(shown: str, place: str, figure: str) -> None:
    before = replace(session(), shown=shown)
    for text in ("第一个", "the first one", "选第一个吧"):
        assert short(advance(before, text, AT, LIMITS)) == place
    assert short(advance(before, "1", AT, LIMITS)) == figure
    assert short(advance(before, "88", AT, LIMITS)) == "match"


@pytest.mark.parametrize("slot", ["amount", "number", "email"])
def test_where_no_list_is_open_a_place_is_no_wish(slot: str) -> None:
    asked = AskedSlot(Todo("payment.topup"), slot, at=AT)
    for text in ("第二个", "最后一个", "the first one"):
        assert short(advance(session(asked), text, AT, LIMITS)) == f"remind bad_{slot}"


def test_none_of_them_is_wanted_any_more_where_they_are_to_end() -> None:
    listed = AskedSlot(Todo("service.cancel"), "items", (("彩铃", "a"), ("手机报", "b")), several=True, at=AT)
    opened = AskedSlot(Todo("service.subscribe"), "items", (("彩铃", "a"), ("手机报", "b")), at=AT)
    for word in ("都不要了", "全都不要了。"):
        assert short(advance(session(listed), word, AT, LIMITS)) == "ask service.cancel"
        assert short(advance(session(opened), word, AT, LIMITS)) in ("leave no", "match open")


def test_of_a_menu_one_is_chosen() -> None:
    assert short(advance(session(), "第一个和第二个", AT, LIMITS)) == "remind one"
    assert short(advance(session(), "第九个", AT, LIMITS)) == "remind number"
    assert short(advance(replace(session(), menu=()), "第一个", AT, LIMITS)) == "remind no_list"


@pytest.mark.parametrize("word", ["退第三个", "第三个", "3", "cancel the third one"])
def test_a_list_of_what_may_end_has_no_line_that_is_none_of_them(word: str) -> None:
    """Below two services 退第三个 was told that nothing was done, as if 3 stood there for 都不是."""
    two = [Choice(name, Todo("service.cancel", Slots(items=(name,)))) for name in ("ring", "paper")]
    asked = [Choice("退订业务", Todo("service.cancel")), Choice("删除亲情号", Todo("family.remove"))]
    assert short(advance(session(Choosing(tuple(two), AT)), word, AT, LIMITS)) == "remind number"
    assert short(advance(session(Choosing(tuple(asked), AT)), word, AT, LIMITS)) == "leave neither"


def test_menu_digits_live_ten_minutes() -> None:
    shown = session()
    assert short(advance(shown, "1", AT + 10 * MINUTE, LIMITS)) == "ask bill.query"
    assert short(advance(shown, "1", AT + 10 * MINUTE + 1, LIMITS)) == "match"
    assert short(advance(replace(shown, menu=()), "1", AT, LIMITS)) == "match"


def test_the_digits_of_a_choice_live_as_long() -> None:
    shown = session(STATES["choosing"])
    assert short(advance(shown, "1", AT + 10 * MINUTE, LIMITS)) == "ask points.query"
    assert short(advance(shown, "1", AT + 10 * MINUTE + 1, LIMITS)) == "match"


def test_several_of_a_list_become_one_question() -> None:
    listed = Choosing(tuple(Choice(f"退订{n}", Todo("service.cancel", Slots(items=(n,)))) for n in "abc"), AT)
    assert short(advance(session(listed), "1、3", AT, LIMITS)) == "ask service.cancel a c"
    assert short(advance(session(listed), "1 5", AT, LIMITS)) == "remind number"


def test_a_cut_text_is_no_word() -> None:
    assert fold("  取消 ") == "取消"
    assert fold("取消" + " " * 300 + "x") == "取消…"
    assert len(fold("话" * 100_000)) == dialog.WHOLE + 1


def test_a_dictated_text_is_taken_as_it_is_and_bounded() -> None:
    step = advance(session(STATES["asked_text"]), "  我要投诉" + "！" * 5000, AT, LIMITS)
    assert isinstance(step, dialog.Ask)
    assert step.todo.slots.text.startswith("我要投诉")
    assert len(step.todo.slots.text) == dialog.TEXT


def test_secrets_and_words_are_in_no_repr() -> None:
    steps = (
        advance(session(STATES["asked_password"]), "246810", AT, LIMITS),
        advance(session(STATES["asked_code"]), "246810", AT, LIMITS),
        advance(session(), "我的密码是246810", AT, LIMITS),
    )
    assert [type(step) for step in steps] == [dialog.CheckPassword, dialog.CheckCode, dialog.Match]
    assert not any("246810" in repr(step) for step in steps)


def test_filling_a_slot() -> None:
    todo = Todo("points.redeem", Slots(words="话费"))
    assert fill(todo, "items", "a", "b").slots == Slots(items=("a", "b"))
    assert fill(todo, "quantity", "0").slots.quantity == -1  # said, and wrong: not the same as not said
    assert fill(todo, "month", "2026-05").slots.month == "2026-05"


@given(st.text(max_size=250), st.sampled_from(ORDER))
def test_any_text_in_any_state_is_one_step(text: str, state: str) -> None:
    step = advance(session(STATES[state]), text, AT, LIMITS)
    if isinstance(step, dialog.Confirmed):
        assert state == "confirming"
        assert fold(text) in dialog.YES
    if isinstance(step, dialog.CheckCode):
        assert state == "asked_code"


@pytest.mark.parametrize("unit", ["话", "1", "1 ", "确认", "\u0300", "㌖", "*", "\t", "\U0010ffff", "验证码", "1、"])
@pytest.mark.parametrize("state", ORDER)
def test_a_hundred_thousand_characters_cost_little(unit: str, state: str) -> None:
    begun = time.process_time()
    advance(session(STATES[state]), unit * (100_000 // len(unit)), AT, LIMITS)
    assert time.process_time() - begun < 0.1


def test_names_of_a_list_are_chosen_only_when_one_fits() -> None:
    both = AskedSlot(Todo("service.subscribe"), "items", (("5元流量包", "a"), ("20元流量包", "b")), at=AT)
    assert short(advance(session(both), "流量包", AT, LIMITS)) == "match open"
    assert short(advance(session(both), "20元", AT, LIMITS)) == "ask service.subscribe b"
    assert short(advance(session(both), "退订5元流量包", AT, LIMITS)) == "match open"


def test_all_of_a_list_is_all_of_it_and_no_part_of_a_name() -> None:
    """`all` became hall notices where news were offered, and caller ID where services were to be cancelled."""
    listed = AskedSlot(
        Todo("service.cancel"), "items", (("caller ID", "a"), ("hall notices", "b")), several=True, at=AT
    )
    for word in ("all", "All of them", "everything", "全部", "都要", "全部退订"):
        step = advance(session(listed), word, AT, LIMITS)
        assert isinstance(step, dialog.Ask), word
        assert (step.todo.slots.words, step.todo.slots.line, step.todo.slots.items) == ("全部", "全部", ())
    narrowed = replace(listed, every=("a", "b", "c"))  # c stands on its second page
    for word in ("全部", "都退掉", "全退了", "cancel all"):
        assert short(advance(session(narrowed), word, AT, LIMITS)) == "ask service.cancel a b c"
    for word, said in (("all", "remind one"), ("call", "match open")):
        assert short(advance(session(replace(listed, several=False)), word, AT, LIMITS)) == said
    news = replace(listed, todo=Todo("news.subscribe"))
    assert short(advance(session(news), "全部退订", AT, LIMITS)) == "match open"
    assert short(advance(session(listed), "caller", AT, LIMITS)) == "ask service.cancel a"
    assert short(advance(session(listed), "notices", AT, LIMITS)) == "ask service.cancel b"


def _dictates(intent: str) -> Session:
    return session(AskedSlot(Todo(intent), "text"))


@pytest.mark.parametrize("text", ["0", "人工", "转人工", "human"])
def test_who_asks_for_a_human_again_has_left_no_message(text: str) -> None:
    """`0`, typed again, became a ticket that said "0"."""
    for intent in ("handoff", "complaint", "fault.report", "line.suspend"):
        assert advance(_dictates(intent), text, AT, LIMITS) == dialog.Command("handoff")
    assert isinstance(advance(_dictates("sms.send"), text, AT, LIMITS), dialog.Ask)


@pytest.mark.parametrize(
    ("text", "message"), [("1", False), ("？？？", False), ("😀", False), ("10086", True), ("坏", True)]
)
def test_a_message_for_the_staff_says_something(text: str, message: bool) -> None:
    step = advance(_dictates("handoff"), text, AT, LIMITS)
    assert isinstance(step, dialog.Ask) if message else step == dialog.Remind("text")
    assert isinstance(advance(_dictates("sms.send"), text, AT, LIMITS), dialog.Ask)


@pytest.mark.parametrize(
    "word", ["算了别退", "算了吧不要了", "我先不办了", "别充了", "暂时不换了", "算了下次再说", "那不开通了", "不玩了"]
)
@pytest.mark.parametrize("name", ["asked_password", "confirming", "asked_code", "asked_slot"])
def test_who_declines_in_his_own_words_leaves_what_is_open(name: str, word: str) -> None:
    assert advance(session(STATES[name]), word, AT, LIMITS) == Leave("no")


@pytest.mark.parametrize("word", ["不要取消", "别停", "算了查话费", "不要彩铃要手机报", "别的呢", "不知道"])
@pytest.mark.parametrize("name", ["asked_password", "confirming", "asked_code"])
def test_what_denies_something_else_leaves_nothing(name: str, word: str) -> None:
    assert isinstance(advance(session(STATES[name]), word, AT, LIMITS), Match)


@pytest.mark.parametrize("word", ["可以", "ok", "好吧", "没问题", "sure"])
def test_what_sounds_like_a_yes_is_told_what_a_yes_is(word: str) -> None:
    assert advance(session(STATES["confirming"]), word, AT, LIMITS) == Remind("confirm")


@pytest.mark.parametrize("name", ["asked_password", "confirming", "asked_code"])
def test_a_wish_of_one_character_and_a_figure_is_a_wish(name: str) -> None:
    assert advance(session(STATES[name]), "充50", AT, LIMITS) == Match("充50", open=True)


@pytest.mark.parametrize("word", ["我的密码是246810", "密码：246810", "246810谢谢", "my password is 246810"])
@pytest.mark.parametrize("name", ["asked_password", "asked_code"])
def test_a_secret_in_a_sentence_is_no_try_and_no_wish(name: str, word: str) -> None:
    assert advance(session(STATES[name]), word, AT, LIMITS) == Remind("only_digits")


@pytest.mark.parametrize("word", ["忘记密码", "我的号码是13800138000", "没收到验证码怎么办", "充100000"])
@pytest.mark.parametrize("name", ["asked_password", "asked_code"])
def test_what_holds_no_secret_is_a_wish(name: str, word: str) -> None:
    assert isinstance(advance(session(STATES[name]), word, AT, LIMITS), Match)


@pytest.mark.parametrize("word", ["是", "对的", "yes", "确认"])
def test_yes_takes_the_only_thing_that_may_be_meant(word: str) -> None:
    one = Choosing((Choice("换套餐", Todo("plan.change")),), AT)
    assert advance(session(one), word, AT, LIMITS) == dialog.Ask(Todo("plan.change"))
    two = Choosing((*one.options, Choice("我的套餐", Todo("plan.query"))), AT)
    assert isinstance(advance(session(two), word, AT, LIMITS), Match)
    listed = Choosing((Choice("退订彩铃", Todo("service.cancel", Slots(items=("ring",)))),), AT)
    assert isinstance(advance(session(listed), word, AT, LIMITS), Match)


@pytest.mark.parametrize(("word", "step"), [("人工人工！", "handoff"), ("快转人工", "handoff"), ("不说了", "leave no")])
def test_what_is_no_message_for_staff(word: str, step: str) -> None:
    assert short(advance(session(STATES["asked_text"]), word, AT, LIMITS)) == step


@pytest.mark.parametrize(
    "text",
    [
        *(
            "没收到",
            "沒收到",
            "重發",
            "没收到验证码。",
            "还没收到呢",
            "收不到短信",
            "验证码没收到",
            "短信还没到",
            "验证码呢",
        ),
        *("再发一遍", "请重新发一下", "再给我发一次验证码", "I didn't get the code", "the code hasn't arrived"),
    ],
)
def test_a_code_that_did_not_come_is_sent_again(text: str) -> None:
    assert isinstance(advance(session(STATES["asked_code"]), text, AT, LIMITS), dialog.Resend)


@pytest.mark.parametrize("text", ["怎么收不到流量", "短信多少钱", "再发一条短信给13900139000", "收到了", "没收到账单"])
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    assert not isinstance(advance(session(STATES["asked_code"]), text, AT, LIMITS), dialog.Resend)


@pytest.mark.parametrize("text", ["取消开通", "取消充值。", "我要取消订购", "取消兌換", "cancel the order"])
@pytest.mark.parametrize("state", ["confirming", "asked_code"])
def test_what_was_asked_for_is_called_off(text: str, state: str) -> None:
    assert advance(session(STATES[state]), text, AT, LIMITS) == Leave("no")


@pytest.mark.parametrize("text", ["确认。", "好的！", "是。", "ok", "可以~"])
def test_what_is_nearly_a_yes_is_asked_again(text: str) -> None:
    assert advance(session(STATES["confirming"]), text, AT, LIMITS) == Remind("confirm")


@pytest.mark.parametrize("text", ["取消彩铃", "取消0000", "取消流量包和彩铃"])
def test_what_might_be_another_wish_is_not(text: str) -> None:
    assert advance(session(STATES["confirming"]), text, AT, LIMITS) == Match(text, open=True)


@pytest.mark.parametrize(
    "text",
    [
        "手机丢了",
        "手机唔见咗",
        "我的手机被偷了！",
        "手機丟了",
        "電話卡剛才遺失了怎麼辦",
        "糟了，手机不见了怎么办",
        "lost my phone",
        "挂失",
    ],
)
@pytest.mark.parametrize("slot", ["text", "secret", "again", "number", "amount", "quantity"])
def test_a_lost_phone_is_heard_whatever_is_asked_for(text: str, slot: str) -> None:
    state = AskedSlot(Todo("fault.report"), slot)
    assert advance(session(state), text, AT, LIMITS) == Match(text, open=True)


@pytest.mark.parametrize("text", ["手机丢了你们不给停机我要投诉", "手机掉水里了没信号", "我没丢手机"])
def test_more_than_that_is_what_was_to_be_dictated(text: str) -> None:
    state = AskedSlot(Todo("complaint"), "text")
    assert advance(session(state), text, AT, LIMITS) == dialog.Ask(fill(state.todo, "text", text))


@pytest.mark.parametrize("text", ["手机丢了", "退出。"])
def test_but_a_text_of_his_own_is_his(text: str) -> None:
    state = AskedSlot(Todo("sms.send"), "text")
    assert advance(session(state), text, AT, LIMITS) == dialog.Ask(fill(state.todo, "text", text))
