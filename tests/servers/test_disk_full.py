"""No process may write a file any more: operations are refused, questions are answered, and nothing is half done."""

from __future__ import annotations

import asyncio
import resource

from tests.e2e.customers import Count, Customer, agree
from tests.e2e.processes import staffed

ROOM = 4096  # bytes: every file of the hall is longer


async def test_a_full_disk_refuses_operations_and_answers_questions() -> None:
    count = Count()
    async with staffed() as site:
        (bot,) = site.bots
        first, second = site.numbers(2)
        async with Customer(site, first, count) as anne, Customer(site, second, count) as bert:
            await anne.change()
            await anne.wish()
            await anne.confirm()
            await bert.log_in()
            limits = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (ROOM, limits[1]))
            assert "没有办理" in await anne.ask(await site.code(first))
            assert "没有办理" in await bert.ask("开通手机报")
            for _ in range(3):
                await bert.look()
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, limits)
            await asyncio.sleep(1)  # one SMS a second
            assert "位验证码" in await anne.ask("重发")
            await anne.enter()
            await bert.change()
            agree(await site.settled(), await site.effects(), count)
        assert count.operations == 3
        assert site.bugs() == []
