"""Pings that carry what they stand behind."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.xmpp.confirm import LARGEST, Batch, ping_id, ping_key, refs_of

KEY = ping_key("sixteen-characters", "hall.im")
REFS = ((17, "rABCDEFGHIJKLMNOPQRST-1"), (256, "r…;:.'-2"))


@given(st.lists(st.tuples(st.integers(1, 256), st.text(min_size=1)), min_size=1, max_size=40))
def test_what_a_ping_says_is_read_again(refs: list[tuple[int, str]]) -> None:
    assert refs_of(ping_id(refs, KEY), KEY) == tuple(refs)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "guess",
        "hp1",
        "hp1..",
        "hp1..1:r-1",
        "hp1.AAAAAAAAAAAAAAAA.1:r-1",
        "hp1.é.1:r-1",
        ping_id(REFS, KEY)[:-1] + "3",
        ping_id(REFS, KEY).replace("17:", "18:"),
        ping_id(REFS, ping_key("sixteen-characters", "other.im")),
        ping_id(REFS, ping_key("another-secret-of-it", "hall.im")),
    ],
)
def test_nobody_else_can_make_one(forged: str) -> None:
    assert refs_of(forged, KEY) == ()


def test_a_full_batch_stays_short() -> None:
    assert len(ping_id([(256, "rABCDEFGHIJKLMNOPQRST-1")] * LARGEST, KEY)) <= 1024


async def test_a_batch_closes_after_fifty_milliseconds() -> None:
    asked: list[str] = []
    batch = Batch(KEY, asked.append)
    batch.add((1, "r1-1"))
    batch.add((2, "r2-1"))
    assert asked == []
    await asyncio.sleep(0.07)
    assert [refs_of(id_, KEY) for id_ in asked] == [((1, "r1-1"), (2, "r2-1"))]


async def test_a_large_batch_is_split_and_loses_nothing() -> None:
    asked: list[str] = []
    batch = Batch(KEY, asked.append)
    refs = [(n % 256 + 1, f"r{n}-1") for n in range(3 * LARGEST + 5)]
    for ref in refs:
        batch.add(ref)
    assert len(asked) == 3
    batch.close()
    assert [ref for id_ in asked for ref in refs_of(id_, KEY)] == refs


async def test_a_dropped_batch_asks_nothing() -> None:
    asked: list[str] = []
    batch = Batch(KEY, asked.append)
    batch.add((1, "r1-1"))
    batch.drop()
    batch.close()
    await asyncio.sleep(0.07)
    assert asked == []
