"""A claim is renewed in one call per partition, and given up when its turn hangs."""

from __future__ import annotations

from bot.adapters.redis.claims import Claims
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.pace import DEFAULT_PACE, library
from tests.support.halls import Grounds


async def claims(grounds: Grounds, *, longest: float) -> Claims:
    functions = library(DEFAULT_PACE)
    await grounds.link.load(functions)
    return Claims(grounds.link, functions, "a", lambda: 0, longest=longest)


async def test_one_call_per_partition(grounds: Grounds) -> None:
    held = await claims(grounds, longest=60)
    for n in range(30):
        keys = Keys(1 + n % 3, f"{1 + n % 3}-conversation{n}")
        claim = held.new()
        await grounds.link.command("HSET", keys.state, "c", claim)
        held.hold(keys, claim)
    await held.renew()
    assert grounds.link.calls["renew"] == 3
    assert held.held("1-conversation0")
    assert await grounds.link.command("ZCARD", "{c2}:waiting") == 10


async def test_a_turn_that_hangs_loses_its_claim(grounds: Grounds) -> None:
    held = await claims(grounds, longest=-1)
    keys = Keys(1, "1-conversation")
    held.hold(keys, held.new())
    await held.renew()
    assert held.held("1-conversation") == ""
    assert grounds.link.calls["renew"] == 0


async def test_only_the_holder_is_forgotten(grounds: Grounds) -> None:
    held = await claims(grounds, longest=60)
    keys = Keys(1, "1-conversation")
    older, newer = held.new(), held.new()
    held.hold(keys, newer)
    held.forget("1-conversation", older)
    assert held.held("1-conversation") == newer
