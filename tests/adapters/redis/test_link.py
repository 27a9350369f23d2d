"""Redis away, hanging, full, read-only, emptied: all is Unavailable, nothing is done twice, and it comes back."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest

from bot.adapters.redis import Link, RedisSessions
from bot.adapters.redis.library import Library
from bot.errors import ConfigError, Unavailable
from bot.model import Session
from bot.ports import Taken
from tests.support.halls import KEY, SEAL, Grounds, answer, says, taken
from tests.support.valkey import Valkey, valkey


@pytest.fixture
def own() -> Iterator[Valkey]:
    """A server of this test's own, to be ill-treated."""
    with valkey() as started:
        yield started


async def test_no_server_is_unavailable(grounds: Grounds) -> None:
    link = Link("unix:///nowhere/at/all.sock")
    with pytest.raises(Unavailable):
        await RedisSessions(link, SEAL, key=KEY, instance="a").start()
    await link.close()


async def test_a_refused_port_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken_port:
        port = taken_port.getsockname()[1]
    link = Link(f"redis://127.0.0.1:{port}")
    with pytest.raises(Unavailable):
        await link.command("PING")
    await link.close()


async def test_it_comes_back_with_the_server(own: Valkey) -> None:
    grounds = Grounds(own.url)
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    own.kill()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await sessions.commit(turn, turn.session, [])
    own.start()  # empty: it had no append-only file
    assert (await sessions.accept(says("a", "1"))).taken is Taken.YOURS
    await grounds.close()


async def test_a_server_that_does_not_answer_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        link = Link(f"redis://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1)
        started = time.monotonic()
        calls = [link.command("PING") for _ in range(5)]
        for call in calls:
            with pytest.raises(Unavailable):
                await call
        assert time.monotonic() - started < 0.5
        await link.close()


async def test_what_was_given_up_is_not_sent_again(grounds: Grounds, server: Valkey) -> None:
    hasty = Link(server.url, timeout=0.1)
    await hasty.command("PING")
    await grounds.link.command("CLIENT", "PAUSE", 300, "WRITE")
    with pytest.raises(Unavailable):
        await hasty.command("INCR", "{t}:counter")
    await grounds.link.command("CLIENT", "UNPAUSE")
    await asyncio.sleep(0.05)
    assert await grounds.link.command("GET", "{t}:counter") in (None, b"1")
    assert await hasty.command("PING") == b"PONG"
    await hasty.close()


async def test_a_caller_who_went_away_does_not_disturb_the_others(grounds: Grounds) -> None:
    calls = [grounds.link.command("ECHO", n) for n in range(3)]
    calls[1].cancel()
    assert [await calls[0], await calls[2]] == [b"0", b"2"]
    assert await grounds.link.command("ECHO", "next") == b"next"


async def test_an_error_reaches_only_its_caller(grounds: Grounds) -> None:
    good, bad, after = (grounds.link.command(*parts) for parts in (["ECHO", 1], ["NONSENSE"], ["ECHO", 2]))
    assert (await good, await after) == (b"1", b"2")
    with pytest.raises(Unavailable):
        await bad


async def test_lost_functions_are_loaded_again(grounds: Grounds) -> None:
    sessions = await grounds.sessions(link=grounds.link)
    turn = await taken(sessions, says("a", "1"))
    await grounds.link.command("FUNCTION", "FLUSH")
    burst = await asyncio.gather(*(sessions.accept(says(text, text)) for text in "bcd"))
    assert [one.taken for one in burst] == [Taken.QUEUED] * 3
    following = await sessions.commit(turn, turn.session, [])
    assert following is not None
    assert following.message.text == "b"


async def test_an_emptied_redis_is_filled_again(grounds: Grounds) -> None:
    sessions, codes = await grounds.sessions(), await grounds.codes()
    turn = await taken(sessions, says("a", "1"))
    await grounds.empty()
    assert await sessions.commit(turn, turn.session, []) is None
    again = await taken(sessions, says("a", "1"))
    assert again.session == Session()
    assert (await codes.try_password("13900000001", "e1", again.at)).allowed


async def test_a_replica_is_unavailable_until_it_is_master_again(own: Valkey) -> None:
    grounds = Grounds(own.url)
    sessions = await grounds.sessions()
    await grounds.link.command("CONFIG", "SET", "replica-serve-stale-data", "yes")
    await grounds.link.command("REPLICAOF", "127.0.0.1", "1")
    with pytest.raises(Unavailable):
        await sessions.accept(says("a", "1"))
    await grounds.link.command("REPLICAOF", "NO", "ONE")
    assert (await sessions.accept(says("a", "1"))).taken is Taken.YOURS
    await grounds.close()


async def test_a_full_redis_takes_nothing_new_and_finishes_what_it_has(own: Valkey) -> None:
    grounds = Grounds(own.url)
    sessions, codes = await grounds.sessions(), await grounds.codes()
    turn = await taken(sessions, says("a", "1"))
    await grounds.link.command("CONFIG", "SET", "maxmemory", "1")
    with pytest.raises(Unavailable):
        await sessions.accept(says("b", "2"))
    with pytest.raises(Unavailable):
        await codes.verify("13900000001", "c1", "e1", b"mac", turn.at)
    assert await sessions.commit(turn, turn.session, [answer(turn)]) is None
    await grounds.link.command("CONFIG", "SET", "maxmemory", "0")
    assert (await sessions.accept(says("b", "2"))).taken is Taken.YOURS
    await grounds.close()


async def test_a_redis_that_evicts_is_refused() -> None:
    with valkey(policy="allkeys-lru") as evicting:
        link = Link(evicting.url)
        with pytest.raises(ConfigError, match="allkeys-lru"):
            await RedisSessions(link, SEAL, key=KEY, instance="a").start()
        await link.close()


async def test_the_number_of_partitions_is_fixed_at_the_first_start(grounds: Grounds) -> None:
    await grounds.sessions("a", partitions=8)
    await grounds.sessions("b", partitions=8)
    with pytest.raises(ConfigError, match=r"8 partitions.*16"):
        await grounds.sessions("c", partitions=16)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 65])
async def test_names_that_would_confuse_claims_are_refused(grounds: Grounds, name: str) -> None:
    with pytest.raises(ConfigError):
        await grounds.sessions(name)


@pytest.mark.parametrize(("key", "partitions"), [(b"short", 8), (KEY, 0), (KEY, 257)])
def test_weak_keys_and_odd_counts_are_refused(key: bytes, partitions: int) -> None:
    with pytest.raises(ConfigError):
        RedisSessions(Link("unix:///nowhere"), SEAL, key=key, instance="a", partitions=partitions)


async def test_two_versions_of_a_library_run_side_by_side(grounds: Grounds) -> None:
    text = "register('answer', function() return ANSWER end)"
    old, new = Library("test", text, {"ANSWER": 41}), Library("test", text, {"ANSWER": 42})
    for library in (old, new, old):
        await grounds.link.load(library)
    assert [await grounds.link.call(one, "answer", ()) for one in (old, new)] == [41, 42]


ECHO = Library("echo", "register('echo', function(_, argv) return argv end)", {})


async def test_arguments_are_made_and_answers_read_beside_those_of_others(grounds: Grounds) -> None:
    """And what cannot be made or read is its own caller's error."""
    link = grounds.link
    await link.load(ECHO)
    answers = await asyncio.gather(
        link.call(ECHO, "echo", (), "a", 1, later=lambda: (b"late", 2)),
        link.call(ECHO, "echo", (), "b", later=lambda: (str(1 // 0),)),
        link.call(ECHO, "echo", (), "c", read=lambda found: found[0].decode()),
        link.call(ECHO, "echo", (), "d", read=lambda found: found[1]),
        link.call(ECHO, "echo", (), "e"),
        return_exceptions=True,
    )
    assert [answers[0], answers[2], answers[4]] == [[b"a", b"1", b"late", b"2"], "c", [b"e"]]
    assert [type(answers[1]), type(answers[3])] == [ZeroDivisionError, IndexError]


async def test_what_was_answered_before_the_connection_broke_counts(own: Valkey) -> None:
    link = Link(own.url)
    first, last = link.command("PING"), link.command("QUIT")
    after = link.command("PING")
    assert [await first, await last] == [b"PONG", b"OK"]
    with pytest.raises(Unavailable):
        await after
    await link.close()


async def test_a_library_that_does_not_compile_is_no_silent_success(grounds: Grounds) -> None:
    with pytest.raises(Unavailable):
        await grounds.link.load(Library("broken", "this is not Lua", {}))


async def test_a_closed_link_refuses(grounds: Grounds) -> None:
    link = grounds.new_link()
    await link.command("PING")
    await link.close()
    with pytest.raises(Unavailable):
        await link.command("PING")


async def test_closing_leaves_nobody_waiting(grounds: Grounds) -> None:
    link = grounds.new_link()
    await link.command("PING")
    await grounds.link.command("CLIENT", "PAUSE", 200, "ALL")
    call = link.command("ECHO", "x")
    await asyncio.sleep(0.01)
    late = link.command("ECHO", "y")
    await link.close()
    for one in (call, late):
        with pytest.raises(Unavailable):
            await one


async def test_a_thousand_calls_are_one_tick_and_few_journeys(grounds: Grounds) -> None:
    before = grounds.link.batches
    answers = await asyncio.gather(*(grounds.link.command("ECHO", n) for n in range(1000)))
    assert answers == [b"%d" % n for n in range(1000)]
    assert grounds.link.batches == before + 2
