"""余额 typed in pinyin is no 月, and a month is no 余额."""

from __future__ import annotations

import pytest

from bot.intents.match import Matcher
from bot.intents.pinyin import tokens

BALANCE = """
huafei yue duoshao | hua fei yue duo shao | huafeiyue duoshao | huafei yu e duoshao | hua fei yu e | yue duoshao
yu e duo shao | yue hai sheng duoshao | yue shi duoshao | yue gou ma | wode yue duoshao | wo de yue
zhanghu yue duoshao | shouji yue duoshao | xianzai yue duoshao | chaxun huafei yue | cha yi xia yue | chakan yue
huafei yue cha yi xia | bang wo cha yue | bangwo cha yixia yue | ka li yue | yu'e duoshao
"""
OTHERS = {
    "bill.query": """
        benyue huafei | ben yue huafei duoshao | zhe ge yue hua fei | shang ge yue de zhangdan | shangyue huafei
        san yue huafei | 3yue huafei | qunian 12 yue huafei | dang yue huafei | yue zhangdan | huafei yue zhangdan
        huafei ben yue duoshao | huafei shang ge yue duoshao
        """,
    "bill.trend": "jin liu ge yue huafei | mei yue huafei duoshao | yue jun huafei | liang ge yue de huafei",
    "plan.query": "yue zu duoshao | yuezu | yue fei duoshao | yi ge yue duoshao qian",
    "usage.query": "liuliang yue duoshao | taocan yue duoshao",
    "alert.set": "yue tixing | shezhi yue tixing",
    "detail.query": "wu yue de xiangdan",
}
CASES = [
    (line.strip(), intent)
    for intent, said in {"balance.query": BALANCE, **OTHERS}.items()
    for row in said.strip().splitlines()
    for line in row.split("|")
]


@pytest.mark.parametrize(("said", "intent"), CASES)
def test_what_yue_is(said: str, intent: str, matcher: Matcher) -> None:
    found = matcher(said)
    assert (found.decision, found.intents[0]) == ("act", intent)


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("huafei yue", ["hua", "fei", "yu", "e"]),
        ("chayue", ["cha", "yu", "e"]),
        ("yue", ["yue"]),  # alone it is what phrases make of it
        ("yue zu", ["yue", "zu"]),
        ("xia yue", ["xia", "yue"]),
        ("yi xia yue", ["yi", "xia", "yu", "e"]),
        ("话费月", ["hua", "fei", "yue"]),  # written is written
        ("yuyue", ["yu", "yue"]),
    ],
)
def test_its_sounds(text: str, sounds: list[str]) -> None:
    found = tokens(text)
    assert [token.sound for token in found] == sounds
    assert "".join(text[token.start : token.end] for token in found) == text.replace(" ", "")
