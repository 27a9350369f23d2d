"""The whole hall on real servers whose connection is cut: a client loses nothing, a component nothing accepted."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import pytest

from bot.talk import read
from bot.wiring import Words
from tests.adapters.xmpp.live import until
from tests.e2e.hall import Hall, Maker, opened
from tests.e2e.talks import played
from tests.grounds.client import Talker
from tests.grounds.ejabberd import ejabberd
from tests.grounds.prosody import prosody

SERVERS = pytest.mark.parametrize("make", [prosody, ejabberd], ids=lambda make: make.__name__)
CUSTOMERS, EACH = 5, 300
ANSWERS = {
    "您有": "积分",
    "本机": "本机号码",
    "您目": "查余额",
    "没有": "查余额",
    "最近": "缴费记录",
}  # begins so: answers this
# Nothing that needs no memory: on a busy machine Redis may be late, and 你好 is answered without it, and again with it.
LINES = list(islice(cycle(("积分", "本机号码", "查余额", "缴费记录")), EACH))


@SERVERS
async def test_a_hall_that_is_a_client_holds_the_road(tmp_path: Path, make: Maker, words: Words) -> None:
    async with opened(tmp_path / "hall", make, attach="client", words=words) as hall:
        await played(hall, read(Path(__file__).parents[1] / "talks" / "road.talk"))


@SERVERS
async def test_four_cuts_in_1500_queries_to_a_client_lose_and_double_nothing(
    tmp_path: Path, make: Maker, words: Words
) -> None:
    async with (
        opened(tmp_path / "hall", make, attach="client", cuttable=True, words=words) as hall,
        AsyncExitStack() as stack,
    ):
        talkers = [await _customer(stack, hall, repeat_after=None) for _ in range(CUSTOMERS)]
        for said in await _talk_while_it_is_cut(hall, talkers):
            assert said == LINES  # in order, too
        assert [talker.repeats for talker in talkers] == [0] * CUSTOMERS
        back = [hall.watch.events.count(event) for event in ("resumed", "connected")]
        # Prosody 0.12 cannot resume behind half a stanza: a new session is begun then.
        assert sum(back) >= 5 if hall.ground.name == "prosody" else back == [4, 1]


@SERVERS
async def test_four_cuts_in_1500_queries_to_a_component_lose_nothing_accepted(
    tmp_path: Path, make: Maker, words: Words
) -> None:
    """What never arrived is repeated by its writer; what was accepted is answered without any repetition."""
    async with (
        opened(tmp_path / "hall", make, cuttable=True, words=words) as hall,
        AsyncExitStack() as stack,
    ):
        talkers = [await _customer(stack, hall, repeat_after=2.0) for _ in range(CUSTOMERS)]
        for said in await _talk_while_it_is_cut(hall, talkers):
            assert Counter(said) == Counter(LINES)
        assert hall.watch.events.count("connected") == 5


@pytest.mark.parametrize("attach", ["client", "component"])
@SERVERS
async def test_a_restarted_server_is_found_again_with_an_operation_open(
    tmp_path: Path, make: Maker, words: Words, attach: str
) -> None:
    async with (
        opened(tmp_path / "hall", make, attach=attach, words=words) as hall,
        AsyncExitStack() as stack,
    ):
        talker = await _customer(stack, hall, repeat_after=2.0)
        await talker.say("开通彩铃")
        await talker.say("确认")
        code = await hall.code(talker.jid.partition("@")[0])
        await hall.ground.restart()
        async with asyncio.timeout(10):
            await until(partial(_is_back, hall, 1))
        await talker.connected(times=2)
        assert "办理成功：" in (await talker.say(code))[0]


async def _customer(stack: AsyncExitStack, hall: Hall, repeat_after: float | None) -> Talker:
    number = hall.fresh()
    talker = await stack.enter_async_context(hall.talker(number, repeat_after=repeat_after))
    await talker.say("登录")
    assert "登录成功" in (await talker.say(hall.password(number)))[0]
    return talker


async def _talk_while_it_is_cut(hall: Hall, talkers: list[Talker]) -> list[list[str]]:
    """The lines that were answered, by customer, in the order of the answers."""
    before = [len(talker.received) for talker in talkers]
    cutting = asyncio.create_task(_cut(hall, 4))
    for line in LINES:
        for talker in talkers:
            talker.send(line)
        await asyncio.sleep(CUSTOMERS / 200)
    await cutting
    for talker in talkers:
        await talker.until(answered=EACH + 2, within=40)
        assert talker.turns.doubled == 0
    return [
        [ANSWERS[answer[:2]] for answer in talker.heard(start)] for talker, start in zip(talkers, before, strict=True)
    ]


async def _cut(hall: Hall, times: int) -> None:
    assert hall.wire
    for n in range(1, times + 1):
        await asyncio.sleep(1.2)
        await hall.wire.cut(swallow=0.2)
        await until(partial(_is_back, hall, n))
    assert hall.wire.count.swallowed > 0


def _is_back(hall: Hall, times: int) -> bool:
    assert hall.running
    return hall.watch.events.count("disconnected") >= times and hall.running.wire.connected
