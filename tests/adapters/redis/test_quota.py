"""So many a day for one number, whoever counts."""

from __future__ import annotations

import asyncio

from bot.adapters.redis import RedisQuota
from tests.support.halls import KEY, Grounds
from tests.support.samples import AT, NUMBER

DAY = 24 * 3_600_000


async def quota(grounds: Grounds) -> RedisQuota:
    made = RedisQuota(grounds.new_link(), key=KEY, partitions=8)
    await made.start()
    return made


async def test_many_at_once_over_two_processes_get_exactly_so_many(grounds: Grounds) -> None:
    one, two = await quota(grounds), await quota(grounds)
    takes = [(one, two)[n % 2].take(NUMBER, "sms", f"o{n}", AT, 20) for n in range(60)]
    assert sum(await asyncio.gather(*takes)) == 20
    assert await one.left(NUMBER, "sms", AT, 20) == 0


async def test_the_same_id_counts_once_also_when_the_day_is_full(grounds: Grounds) -> None:
    counter = await quota(grounds)
    assert [await counter.take(NUMBER, "push", "p1", AT, 1) for _ in range(3)] == [True, True, True]
    assert not await counter.take(NUMBER, "push", "p2", AT, 1)
    assert await counter.take(NUMBER, "push", "p1", AT, 1)


async def test_days_kinds_and_numbers_are_counted_apart(grounds: Grounds) -> None:
    counter = await quota(grounds)
    assert await counter.take(NUMBER, "push", "a", AT, 1)
    assert await counter.take(NUMBER, "sms", "b", AT, 1)
    assert await counter.take("13700000000", "push", "c", AT, 1)
    assert await counter.take(NUMBER, "push", "d", AT + DAY, 1)
    assert not await counter.take(NUMBER, "push", "e", AT, 1)


async def test_no_number_stands_in_a_key_and_every_key_ends(grounds: Grounds) -> None:
    counter = await quota(grounds)
    await counter.take(NUMBER, "push", "a", AT, 1)
    keys = [key.decode() for key in await grounds.link.command("KEYS", "*quota*")]
    assert keys
    assert not any(NUMBER in key for key in keys)
    assert all([await grounds.link.command("PTTL", key) > 0 for key in keys])
