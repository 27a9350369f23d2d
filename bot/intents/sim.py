"""补卡: what the chat can do about a SIM card."""

from __future__ import annotations

from bot.intents.base import Call, Intent, said
from bot.model import Answer, Proof, Reply


async def replace(call: Call) -> Answer:
    """The card is handed over in a hall, to whom it belongs; what the chat can do is named."""
    return Reply("sim/replace")


INTENTS = (
    Intent(
        "sim.replace",
        "补卡",
        replace,
        said(
            "补办卡 手机卡坏了 sim卡坏了 换卡 补一张卡 卡丢了要补 补卡要带什么证件 补卡多少钱 补卡怎么办 "
            "换sim卡 换大卡 剪卡 换小卡 我要补sim卡 卡不读了 手机不识卡 显示无sim卡 卡折了咋办 卡消磁了 "
            "补手机卡去哪 换USIM卡 换3G卡 bk buka huanka replace_sim sim_card_broken lost_sim_card 補卡 "
            "卡插进去没反应 手机认不到卡 插上卡没反应 异地补卡能办吗"
        ),
        proof=Proof.OPEN,
    ),
)
