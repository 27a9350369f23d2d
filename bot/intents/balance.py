"""余额: what is left, or owed."""

from __future__ import annotations

from bot.intents import bill, periods
from bot.intents.base import Call, Intent, said
from bot.model import Answer, Reply


async def query(call: Call) -> Answer:
    """What is left is what is left now; of a month that is over there is its bill."""
    said = periods.asked(call.slots, call.this_month)
    if said and call.this_month not in said:
        return await bill.query(call)
    balance = await call.hall.balance(call.account)
    return Reply("balance/query", balance=balance, account=call.account, personal=True)


INTENTS = (
    Intent(
        "balance.query",
        "查余额",
        query,
        (
            *said(
                "余额 话费余额 还有多少钱 还剩多少钱 还剩多少话费 我欠费了吗 欠费 欠多少钱 账户余额 剩余话费 "
                "手机余额 余额多少 ye yue cxye chayue 查一下余额 卡里还有多少钱 卡里剩多少 账上还有多少钱 我的余额 "
                "余额查询 话费还有多少 话费剩多少 还有话费吗 还有钱吗 查欠费 有没有欠费 是不是欠费了 欠了多少 "
                "欠费多少 手机里还有多少钱 手机还剩多少钱 balance check_balance 剩多少钱 话费够不够 没钱了吗 "
                "可用余额 余额还有多少 号里还剩几块 "
                "卡上还剩几个钱 还能打多久电话 我还有几毛钱 里头还有钱没 话费余多少 余额不足了吗 帮看下还剩多少 "
                "钱还够用不 我这卡还有钱不 查余 yecx cx余额 查ye 剩余话费还有吗 yu'e huafeiyue haiyouduoshaoqian "
                "my_balance how_much_money_left 還剩多少錢 查詢餘額 話費餘額 欠你们多少钱 欠了几块 查下欠不欠费 "
                "现在欠费多少 我是不是欠钱了 还差多少钱 要补多少钱 账户里有多少钱 手机账户余额 可用话费 "
                "赠送的话费还有多少 剩的话费能用到啥时候 余额有效期 余额到期时间 查下我手机里的钱 俺手机还有钱没 "
                "还有没有话费 话费快没了吧 余额多少钱"
            ),
        ),
    ),
)
