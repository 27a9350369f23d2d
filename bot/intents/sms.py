"""自写短信: a text message from the chat."""

from __future__ import annotations

from bot.intents.base import elsewhere, said

INTENTS = (
    elsewhere(
        "sms.send",
        "发短信",
        said(
            "自写短信 帮我发条短信 发个短信 给13800138000发短信 网上发短信 写短信 我要发信息 发条消息给我妈 "
            "发送短信 替我给他发个信息 编辑短信 代发短信 发短信给朋友 在这能发短信吗 用网页发短信 "
            "给老公发条短信说我晚点回 群发短信 给我媳妇发个信 替我发句话给他 fdx faduanxin send_sms "
            "send_a_text_message 發短信 發簡訊 "
            "发信息给13900139000"
        ),
        changes=True,
    ),
)
