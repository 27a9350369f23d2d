"""Whose line a sentence is about: what is told or done is of the own one, and is said to be."""

import pytest

from bot.intents.relatives import somebody_elses


@pytest.mark.parametrize(
    "line",
    [
        *("老婆的通话记录", "他的余额", "查一下我妈妈的话费", "把我妈的套餐换成便宜的", "别人的详单"),
        *("给老婆开通彩铃", "给我奶奶装上移动秘书", "帮我姐姐手机上也停机保号", "替朋友再办一个"),
        *("my wife's bill", "the balance of somebody else's phone"),
    ],
)
def test_about_somebody_elses(line: str) -> None:
    assert somebody_elses(line)


@pytest.mark.parametrize(
    "line",
    [
        *("", "他的", "查话费", "谁给我充的", "老婆给我充了吗", "我的话费"),
        *(
            "开通呼叫转移到我妈的手机",
            "把电话转到老婆的号上",
            "来电转往女朋友的手机",
            "forward calls to my wife's phone",
        ),
    ],
)
def test_about_the_own_line(line: str) -> None:
    assert not somebody_elses(line)
