"""profanity, a client that others wrote, holds the conversation with the real hall on Prosody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.grounds.profanity import Profanity
from tests.grounds.prosody import prosody

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    async with opened(tmp_path_factory.mktemp("hall"), prosody, words=words) as hall:
        yield hall


async def said(terminal: Profanity, line: str) -> str:
    return "\n".join(await terminal.say(line))


async def the_rest(hall: Hall, terminal: Profanity, number: str) -> None:
    """From last month's bill to the record of a service that was opened."""
    assert re.search(r"2026年4月账单：\d+\.\d\d元", await said(terminal, "上个月呢"))
    assert "积分" in await said(terminal, "积分")
    terms = await said(terminal, "开通彩铃")
    assert "5元/月" in terms
    assert "确认吗" in terms
    assert "验证码" in await said(terminal, "确认")
    done = await said(terminal, await hall.code(number))
    assert "办理成功" in done
    assert re.search(r"流水号 H260510-[0-9A-Z]{6}", done)
    assert "彩铃 5元/月" in await said(terminal, "0000")
    assert "已退出登录" in await said(terminal, "退出")
    assert len(await hall.effects(number)) == 1


async def test_profanity_holds_the_conversation_by_text(hall: Hall) -> None:
    number = hall.fresh()
    async with Profanity(hall.ground, number, to=hall.bot_jid) as terminal:
        assert "全球通客户" in await said(terminal, "你好")
        assert "客服密码" in await said(terminal, "查话费")
        bill = await said(terminal, hall.password(number))
        assert "登录成功" in bill
        assert re.search(r"2026年5月话费（截至现在）：\d+\.\d\d元", bill)
        await the_rest(hall, terminal, number)


async def test_profanity_holds_the_conversation_with_the_password_in_a_form(hall: Hall) -> None:
    number = hall.fresh()
    async with Profanity(hall.ground, number, to=hall.bot_jid) as terminal:
        assert "客服密码" in await said(terminal, "查话费")
        form = await terminal.open_form("login")
        assert "客服密码" in form
        await terminal.submit(hall.password(number))
        screen = await terminal.until("登录成功")
        assert hall.password(number) not in screen
        assert "话费（截至现在）" in screen
        await terminal.chat()  # the bill came as a form too, with its other months, and took the window
        await the_rest(hall, terminal, number)
