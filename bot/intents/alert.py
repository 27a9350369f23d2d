"""余额提醒: a text when the balance gets low."""

from __future__ import annotations

from bot.intents.base import elsewhere, said
from bot.model import Brand

INTENTS = (
    elsewhere(
        "alert.set",
        "余额提醒",
        said(
            "设置余额提醒 余额不足提醒我 低于10块提醒我 话费少于20元通知我 话费快没了提醒一下 开通余额提醒 "
            "关闭余额提醒 余额提醒改成5元 低余额提醒 余额预警 设个话费提醒 话费不足提醒 剩10块的时候告诉我 "
            "停机前提醒我 欠费提醒设置 余额提醒怎么设 取消余额提醒 yetx yuetixing balance_alert "
            "set_low_balance_alert 餘額提醒 提醒额度调高 不到五块发短信"
        ),
        changes=True,
        brands=frozenset({Brand.EASYOWN}),
    ),
)
