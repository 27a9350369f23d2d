"""What is to stay as it is, told from what is wished."""

from __future__ import annotations

import pytest

from bot.dialog.apart import Apart, apart, tells_apart

NAMES = [
    ("彩铃", "ring"),
    ("手机报", "paper"),
    ("来电显示", "clip"),
    ("呼叫转移", "forward"),
    ("不限量日包", "day"),
    ("ring-back tone", "ring"),
    ("mobile news", "paper"),
    ("caller id", "clip"),
]


def of(kept: str, wished: str = "", rest: bool = False) -> Apart:
    return Apart(frozenset(kept.split()), tuple(wished.split()), rest)


CLOSING = {
    "除了手机报都退": of("paper", rest=True),
    "除了手机报,其他都退订": of("paper", rest=True),
    "除手机报以外全退": of("paper", rest=True),
    "除手机报外,别的都退掉": of("paper", rest=True),
    "手机报以外的业务都退了": of("paper", rest=True),
    "手机报之外全部取消": of("paper", rest=True),
    "除了手机报和彩铃都退": of("paper ring", rest=True),
    "除了手机报,来电显示和彩铃都退": of("paper", "clip ring"),
    "把所有业务都退了,除了彩铃": of("ring", rest=True),
    "全部退订,手机报除外": of("paper", rest=True),
    "只退来电显示,不退手机报": of("paper", "clip"),
    "退来电显示不退手机报": of("paper", "clip"),
    "退订来电显示,手机报不退": of("paper", "clip"),
    "手机报不退,来电显示退掉": of("paper", "clip"),
    "来电显示不要了,手机报留着": of("paper", "clip"),
    "只留手机报,其他都退掉": of("paper", rest=True),
    "保留手机报,别的都退": of("paper", rest=True),
    "别退手机报": of("paper"),
    "别把手机报退了": of("paper"),
    "不要取消彩铃、手机报": of("ring paper"),
    "别退彩铃,手机报": of("ring paper"),
    "是退来电显示,不是手机报": of("paper", "clip"),
    "除了报纸都退": of(""),
    "退订呼叫转移,不限量日包不退": of("day", "forward"),
    "cancel everything except mobile news": of("paper", rest=True),
    "cancel all but mobile news and caller id": of("paper clip", rest=True),
    "cancel everything other than mobile news please": of("paper", rest=True),
    "cancel caller id but keep mobile news": of("paper", "clip"),
    "cancel caller id, not mobile news": of("paper", "clip"),
    "keep mobile news, cancel the rest": of("paper", rest=True),
    "don't cancel mobile news": of("paper"),
}
OPENING = {
    "除了彩铃都要": of("ring", rest=True),
    "开通手机报,不要彩铃": of("ring", "paper"),
    "不要彩铃,要手机报": of("ring", "paper"),
    "不开彩铃": of("ring"),
    "彩铃别开,开手机报": of("ring", "paper"),
    "彩铃以外的都开": of("ring", rest=True),
    "turn on everything except ring-back tone": of("ring", rest=True),
    "turn on mobile news, not ring-back tone": of("ring", "paper"),
    "turn on mobile news but not ring-back tone": of("ring", "paper"),
}
NOTHING_APART = {
    True: (
        "退订手机报",
        "手机报不要了",
        "不用彩铃了帮我退掉",
        "能不能退手机报",
        "删除彩铃",
        "全部退订",
        "彩铃太贵了退掉",
        "退订不限量日包",
        "把彩铃和手机报退了",
        "cancel mobile news",
        "i don't need caller id any more",
    ),
    False: ("开通彩铃", "彩铃不错,给我开一个", "要不开个彩铃吧", "能不能开彩铃", "开通不限量日包", "turn on caller id"),
}


@pytest.mark.parametrize("line", ["手机报以外的业务", "除了手机报以外的业务", "手机报以外的其他服务"])
@pytest.mark.parametrize("closing", [True, False])
def test_services_in_general_are_no_name_of_one(line: str, closing: bool) -> None:
    """务, left of 以外的业务, was heard as 位置服务 where that is sold."""

    def near(words: str) -> list[str]:
        return ["location"] if "务" in words else []

    assert apart(line, NAMES, closing=closing, near=near) == of("paper", rest=True)


@pytest.mark.parametrize(("line", "told"), CLOSING.items(), ids=CLOSING.keys())
def test_what_stays_where_something_is_to_end(line: str, told: Apart) -> None:
    assert apart(line, NAMES, closing=True) == told
    assert tells_apart(line, closing=True, names=NAMES)


@pytest.mark.parametrize(("line", "told"), OPENING.items(), ids=OPENING.keys())
def test_what_stays_where_something_is_to_be_opened(line: str, told: Apart) -> None:
    assert apart(line, NAMES, closing=False) == told
    assert tells_apart(line, closing=False, names=NAMES)


@pytest.mark.parametrize(("line", "closing"), [(line, how) for how, lines in NOTHING_APART.items() for line in lines])
def test_nothing_is_set_apart(line: str, closing: bool) -> None:
    assert apart(line, NAMES, closing=closing) is None
    assert not tells_apart(line, closing=closing, names=NAMES)


def test_other_words_for_what_stays() -> None:
    near = {"报纸": ["paper"]}
    told = apart("除了报纸都退", NAMES, closing=True, near=lambda words: near.get(words, []))
    assert told == of("paper", rest=True)
