"""A line that opens one thing and ends another: each wish is read from its own part."""

from __future__ import annotations

import pytest

from bot.intents.clauses import own_words


@pytest.mark.parametrize(
    ("line", "closed", "opened"),
    [
        ("退订来电显示，再开通139邮箱", "来电显示", "139邮箱"),
        ("开通139邮箱，退订来电显示", "来电显示", "139邮箱"),
        ("先退订来电显示，然后开通彩铃", "来电显示", "彩铃"),
        ("退来电显示和手机报，开彩铃", "来电显示和手机报", "彩铃"),
        ("退订来电显示再开通彩铃", "来电显示", "彩铃"),
        ("cancel caller id and subscribe to ringtone", "caller id", "ringtone"),
        *((line, "", "") for line in ("退订来电显示", "开通彩铃和手机报", "取消开通", "退订，开通", "把彩铃退了", "")),
    ],
)
def test_each_wish_has_its_own_words(line: str, closed: str, opened: str) -> None:
    assert own_words(line, closing=True) == closed
    assert own_words(line, closing=False) == opened
