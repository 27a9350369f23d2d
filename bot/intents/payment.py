"""缴费记录: what was paid and when."""

from __future__ import annotations

from bot.intents.base import Call, Intent, Page, elsewhere, said
from bot.intents.slots import months_back
from bot.model import Answer, Reply


async def history(call: Call) -> Answer:
    months = min(max(call.slots.months or 6, 1), 12)
    since = months_back(call.this_month, months)
    payments = await call.hall.payments(call.account, since)
    page = Page.of(payments, call.slots.page)
    return Reply("payment/history", payments=page.items, more=page.more, months=months, personal=True)


INTENTS = (
    Intent(
        "payment.history",
        "缴费记录",
        history,
        (
            *said(
                "充值记录 查缴费记录 查充值记录 我充了多少钱 上次充值 充值历史 缴费历史 交费记录 付款记录 "
                "最近充值 充值查询 缴费查询 我什么时候充的值 充值到账了吗 充的钱到了没 jfjl payment_history "
                "最近三个月缴费记录 交话费记录 我昨天充的钱呢 充的50到没到 钱充进去了没 上个月交了几次费 充钱记录 "
                "交费明细 充值明细 刚才充值成功没 谁给我充的话费 最后一次交费是哪天 缴费清单 充值流水 充過幾次值 "
                "chongzhijilu jiaofeijilu 查一下充值情况 我一共充了几次 前天交的钱没看到 交了钱没显示 "
                "昨天交的话费到了没有 老婆给我充了没"
            ),
        ),
    ),
    elsewhere(
        "payment.topup",
        "充值缴费",
        said(
            "充值 缴费 充话费 交话费 缴话费 充50 充100块 充三十 冲话费 充钱 充点钱 交费 交电话费 交手机费 "
            "我要充值 我想交话费 给我充五十 帮朋友充话费 给我妈充100 给别的号码充值 替别人交费 代充话费 "
            "给13800138000充50 怎么充值 咋充话费 在哪交话费 网上缴费 网上充值 在线充值 手机充值 充值卡充值 "
            "用充值卡充话费 我有张充值卡 欠费了咋办 补交欠费 把欠费交了 还欠费 续费 续个费 话费充值 "
            "存点话费 预存话费 预交话费 银行卡交话费 支付宝能充话费吗 微信能交话费不 刷卡交费 cz czhf "
            "chonghuafei jiaohuafei cz50 充20吧 来一百话费 给手机存点钱 往手机里打100 存两百话费 帮老爸交电话费 "
            "手机没钱了帮交一下 往这个号里充钱 给手机号打点钱 整50块话费 top_up recharge topup_50 pay_my_bill "
            "儲值 繳費 充話費 没钱了帮我充点 停机了要交多少才能开 快没话费了充一下 一百五充进去 冲一百"
        ),
        changes=True,
    ),
)
