"""本机号码: whose line this is."""

from __future__ import annotations

from bot.intents.base import Call, Intent, said
from bot.model import Answer, Reply


async def number(call: Call) -> Answer:
    return Reply("profile/number", account=call.account, personal=True)


INTENTS = (
    Intent(
        "profile.number",
        "本机号码",
        number,
        (
            *said(
                "查本机号码 我的号码 我的手机号 我号码多少 我是什么号 我的电话号码 本机号 这个号是多少 "
                "我手机号是多少 号码查询 查号码 bjhm 我是哪个品牌 我是什么品牌 what_is_my_number benjihaoma "
                "忘了自己手机号 这张卡号码是啥 我自己的号记不住了 我电话多少来着 我的号是几 帮我看看我的号码 卡的号码 "
                "我是全球通还是神州行 本機號碼 woshoujihaoshiduoshao my_phone_number"
            ),
        ),
    ),
)
