"""What is wished instead of the order that waits."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.dialog.correcting import Correction, correction, fewer, only_wrong
from bot.dialog.words import fold
from bot.model import OrderItem
from tests.support.samples import operation

INSTEAD = {
    "不是彩铃，是手机报": "手机报",
    "不是彩铃是手机报": "手机报",
    "不是彩铃，我要的是手机报": "手机报",
    "說錯了，是手機報": "手機報",
    "说错了，是手机报": "手机报",
    "不好意思说错了，应该是手机报": "手机报",
    "不对，发给13800138003": "发给13800138003",
    "不是，一百": "一百",
    "不对，100": "100",
    "不是50，是100": "100",
    "不是给我，是给13800138003充": "给13800138003充",
    "手机报，不是彩铃": "手机报",
    "要手机报不要彩铃": "手机报",
    "no, 100": "100",
    "不，充200": "充200",
    "不是1份，2份": "2份",
    "错了错了，是50": "50",
    "Sorry, I meant Caller ID": "Caller ID",
    "not 50, 100": "100",
    "not ring-back tone but mobile news": "mobile news",
    "wrong, mobile news please": "mobile news",
}
DROPPED = {  # what is wished instead, and the name of what is given up, where it is named
    "不开彩铃了，开移动秘书": ("开移动秘书", "彩铃"),
    "不要彩铃，要手机报": ("手机报", "彩铃"),
    "算了 查话费": ("查话费", ""),
    "别充50了，充100": ("充100", "50"),
    "不办了我要换套餐": ("换套餐", ""),
    "不办了，查话费": ("查话费", ""),
    "算了，开手机报吧": ("开手机报", ""),
    "不充了充30": ("充30", ""),
    "cancel that, top up 100": ("top up 100", ""),
}
OTHERWISE = {
    "改成100": "100",
    "等一下，我要充给13800138003": "充给13800138003",
    "少充点，50": "50",
    "换成手机报": "手机报",
    "还是充100吧": "充100",
    "改发给13800138003": "发给13800138003",
    "make it 100": "100",
    "ok make it 100": None,
    "change it to 100": "100",
    "mobile news instead": "mobile news",
}
NONE = (
    "确认",
    "开通手机报",
    "查话费",
    "30",
    "是不是要钱",
    "不是免费的吗",
    "彩铃每月5块，不是3块吗",
    "手机丢了",
    "算了查话费",
    "嗯",
    "",
    "给13800138000充50",
)


@pytest.mark.parametrize(("line", "wanted"), INSTEAD.items())
def test_what_waits_is_denied(line: str, wanted: str) -> None:
    assert correction(line) == Correction(wanted, firm=True)


@pytest.mark.parametrize(("line", "told"), DROPPED.items())
def test_what_waits_is_given_up(line: str, told: tuple[str, str]) -> None:
    assert correction(line) == Correction(told[0], firm=True, drops=not told[1], dropped=told[1])


@pytest.mark.parametrize(("line", "wanted"), OTHERWISE.items())
def test_another_value(line: str, wanted: str | None) -> None:
    assert correction(line) == (Correction(wanted, firm=False) if wanted else None)


@pytest.mark.parametrize("line", NONE)
def test_nothing_is_corrected(line: str) -> None:
    assert correction(line) is None


@pytest.mark.parametrize(
    "line", ["不是这个", "不对", "说错了", "弄错了！", "不是这个啊", "不是那项", "wrong", "not this one"]
)
def test_only_wrong(line: str) -> None:
    assert only_wrong(fold(line))


@pytest.mark.parametrize("line", ["不是彩铃", "不对，100", "是", "这个", "确认"])
def test_more_than_wrong(line: str) -> None:
    assert not only_wrong(fold(line))


TWO = (OrderItem("delete", "s-1", "来电显示"), OrderItem("delete", "s-2", "手机报"))


@pytest.mark.parametrize(
    ("line", "left"),
    [
        *(("来电显示不退", ["手机报"]), ("手机报还是留着吧", ["来电显示"]), ("只退手机报", ["手机报"])),
        *(("除了来电显示", ["手机报"]), ("别退手机报", ["来电显示"]), ("都不退", []), ("确认", []), ("退订", [])),
        ("来电显示和手机报都不退", []),
    ],
)
def test_fewer_of_what_waits(line: str, left: list[str]) -> None:
    waits = replace(operation(), intent="service.cancel", order=replace(operation().order, items=TWO))
    assert fewer(fold(line), waits) == left
    assert fewer(fold(line), operation()) == []
