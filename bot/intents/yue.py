"""`yue` in pinyin is 月 (huafei, ben yue) or 余额 run together (huafei yue duoshao): its neighbours say which. Pure."""

from __future__ import annotations

from collections.abc import Sequence

YUE, HALVES = "yue", ("yu", "e")
# 查余额, 话费余额, 我的余额, 卡里余额, 账户余额
_BEFORE = frozenset(("cha", "xun", "kan", "fei", "de", "li", "ka", "hu", "ji", "hao", "wo"))
# Before the second one alone it would be 月 or 约: 下月, 签约, 两月, 预约.
_BEFORE_TWO = frozenset(
    ["yi xia", "dang qian", "mu qian", "xian zai", "sheng yu", "ke yong", "liu liang", "she zhi", "tao can", "qing wen"]
)
# 月租, 月账单, 月话费; 余额宝 is none of ours.
_BEHIND = frozenset(("zu", "fei", "zhang", "jun", "mo", "di", "chu", "du", "jie", "bao", "tao", "fen", "hua"))


def balance(sounds: Sequence[str], at: int) -> bool:
    """Is the typed `yue` at this place 余额?"""
    before, behind = sounds[max(at - 2, 0) : at], sounds[at + 1 : at + 2]
    if not _BEHIND.isdisjoint(behind) or not (before or behind):
        return False
    return not before or before[-1] in _BEFORE or " ".join(before) in _BEFORE_TWO
