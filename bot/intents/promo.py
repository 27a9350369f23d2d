"""优惠活动: what is on offer, and taking part."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "promo.query",
        "优惠活动",
        said(
            "有什么优惠 有啥活动 最近有什么活动 优惠 活动 促销 促销活动 有没有优惠 充话费有优惠吗 "
            "充一百送多少 充值送话费活动 存费送费 现在有啥好活动 有没有便宜可占 有什么福利 优惠查询 活动查询 "
            "看看优惠 老用户有啥优惠 老客户有没有回馈 送手机的活动 买手机送话费 打折活动 看电影优惠 "
            "有免费看电影的吗 有送流量的活动吗 新出的活动 本月活动 yh youhui huodong promotions any_offers "
            "discounts 優惠活動 有優惠嗎 预存送手机 近期优惠 交话费送啥不 现在存钱送不送东西 有什么赠送的"
        ),
    ),
    elsewhere(
        "promo.join",
        "参加活动",
        said(
            "我要参加活动 报名活动 参与活动 参加优惠 办那个优惠活动 抽奖 我要抽奖 参加抽奖 我来抽个奖 "
            "参加充值送话费 参加预存话费送话费 报名看电影 领取优惠 领话费 领流量 我要领券 领电影票 "
            "把那个活动给我办上 参加存100送100 活动报名 申请参加促销 我也要参加 办存费送费 cj choujiang "
            "canjiahuodong join_the_promotion lucky_draw 參加活動 領獎"
        ),
        changes=True,
    ),
)
