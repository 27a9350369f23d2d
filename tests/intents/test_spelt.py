"""Pinyin is read as characters, English and what agrees stay as they are typed."""

from __future__ import annotations

import pytest

from bot.intents.pinyin import syllable
from bot.intents.slots import read
from bot.intents.spelt import KEPT, month_unread, spelt
from bot.intents.text import clean

NOW = "2026-11"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("shanggeyuehuafei", "上个月话费"),
        ("shang ge yue hua fei", "上个月话费"),
        ("SHANGYUE", "上月"),
        ("shangeyue huafei", "上个月话费"),
        ("10yuehuafei", "10月话费"),
        ("10 yue", "10月"),
        ("3yuefen", "3月份"),
        ("三yue", "三月"),
        ("上ge月", "上个月"),
        ("查shangyue话费", "查上月话费"),
        ("shieryue", "十二月"),
        ("qunian12yue", "去年12月"),
        ("2025nian12yue", "2025年12月"),
        ("zuijin sange yue", "最近三个月"),
        ("jin ban nian huafei", "近半年话费"),
        ("san ge yue yi qian", "三个月以前"),
        ("sangeyueqian", "三个月前"),
        ("san yue dao wu yue huafei", "三月到五月话费"),
        ("diyijidu huafei", "第一季度话费"),
        ("di er ge", "第二个"),
        ("wushi", "五十"),
        ("yi bai wu", "一百五"),
        ("wushikuai", "五十块"),
        ("yibaihuafei", "一百话费"),
        ("chong wushi", "充五十"),
        ("woyaochong50kuai", "我要充50块"),
        ("gei 13800138002 chong yibai", "给13800138002充一百"),
        ("kaitongcailing", "开通彩铃"),
        ("wo yao tuiding shoujibao", "我要退订手机报"),
        ("buyao kaitong cailing", "不要开通彩铃"),
        ("kaitongtianqizaozhidao", "开通tianqizaozhidao"),
        ("139youxiang", "139邮箱"),
        ("chongshuo", "重说"),
        ("xiayiye", "下一页"),
        ("fanhui", "返回"),
        ("rengong", "人工"),
    ],
)
def test_what_is_read(typed: str, said: str) -> None:
    assert spelt(typed) == said
    assert spelt(said) == said


@pytest.mark.parametrize(
    "typed",
    """open mobile | may i | bill for june | change plan | menu | make future bills | data plan for me | can you check
    | 20 yuan data pack | warn me when under 5 kuai | i need the 10 yuan one | top up 50 | he wrote 3 genuine lines
    | queren | quxiao | shi | shide | haode | tongyi | queding | buyao | bu yong | yue | cha yue | hf | 10 | wu | you de
    | 上个月话费 | | ?""".replace("\n", " ").split("|"),
)
def test_what_stays_as_it_was_typed(typed: str) -> None:
    assert spelt(typed) == typed


def test_nothing_in_letters_becomes_a_yes_or_a_no() -> None:
    words = [word for word in KEPT if not word.isascii()]
    for word in words:
        for typed in ("".join(map(syllable, word)), " ".join(map(syllable, word))):
            assert spelt(typed) == typed


@pytest.mark.parametrize(
    ("typed", "unread"),
    [
        ("jiuuyue huafei", True),
        ("xx yue huafei", True),
        ("十三月话费", True),
        ("huafei yue", False),
        ("yuezu duoshao", False),
        ("yinyue huiyuan", False),
        ("yuyue yingyeting", False),
        ("话费", False),
        ("last month", False),
    ],
)
def test_a_month_that_nobody_can_read(typed: str, unread: bool) -> None:
    assert month_unread(clean(spelt(typed))) is unread


@pytest.mark.parametrize(
    ("typed", "month", "months", "words"),
    [
        ("shanggeyuehuafei", "2026-10", 0, "上个月话费"),
        ("qunian12yue", "2025-12", 0, "去年12月"),
        ("zuijin sange yue", "", 3, "最近三个月"),
        ("kaitongcailing", "", 0, "彩铃"),
        ("kaitong tianqizaozhidao", "", 0, "tianqizaozhidao"),
        ("open mobile", "", 0, "mobile"),
    ],
)
def test_its_slots(typed: str, month: str, months: int, words: str) -> None:
    slots = read(spelt(typed), NOW)
    assert (slots.month, slots.months, slots.words) == (month, months, words)


@pytest.mark.parametrize("whole", ["kaitongcailing", "shanggeyuehuafei", "yibaiwushikuai", "10yuefen", "open mobile"])
def test_a_line_may_end_anywhere(whole: str) -> None:
    for end in range(len(whole) + 1):
        assert spelt(whole[:end]) is not None
        assert spelt(whole[end:]) is not None


def test_a_line_of_syllables_of_any_length_is_read_at_once() -> None:
    assert spelt("zuijinsangeyuehuafei" * 300).startswith("最近三个月话费")
    assert spelt("sangeyue" * 12 + "x" * 5)
