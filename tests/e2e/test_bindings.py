"""A JID that is bound by SMS, over everything real: it outlives the bot, and speaks for that number alone."""

from __future__ import annotations

from pathlib import Path

from bot.wiring import Words
from tests.e2e.hall import prepared
from tests.grounds.client import Talker


async def says(talker: Talker, line: str) -> str:
    [answer] = await talker.say(line, within=15)
    return answer


async def test_a_bound_jid_is_bound_after_a_restart_until_it_is_unbound(tmp_path: Path, words: Words) -> None:
    async with prepared(tmp_path / "hall", words=words, binding="sms") as hall:
        mine, number = hall.fresh(), hall.fresh("mzone")  # the chat account is called like somebody else's number
        async with hall.bot(), hall.talker(mine) as talker:
            assert "先绑定" in await says(talker, "查积分")
            assert "验证码" in await says(talker, number)
            assert await hall.sms(mine) == []
            told = await says(talker, await hall.code(number))
            assert "办理成功：绑定手机号码" in told
            assert "客服密码" in told
            assert "积分" in await says(talker, hall.password(number))
        async with hall.bot(), hall.talker(mine) as talker:
            await says(talker, "退出")
            await says(talker, "查积分")
            assert "密码不对" in await says(talker, hall.password(mine))
            assert "积分" in await says(talker, hall.password(number))
            assert "动感地带" in await says(talker, "本机号码")
            await says(talker, "解除绑定")
            assert "办理成功：解除绑定" in await says(talker, "确认")
            assert "先绑定" in await says(talker, "查积分")
        assert hall.ledger(number) == ["done", "done"]
        assert hall.ledger(mine) == []
