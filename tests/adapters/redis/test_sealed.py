"""At rest nothing can be read, and what cannot be opened any more blocks nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from bot.adapters.redis import CodeLimits, Link
from bot.adapters.seal import AesSeal
from bot.desk.model import Spoken
from bot.model import SCHEMA, Account, Brand, FormAnswer, Kind, Message, Outgoing, Session
from bot.ports import Owner
from tests.support.halls import SEAL, Grounds, answer, says, taken
from tests.support.valkey import valkey

OTHER = AesSeal({"k2": b"another master key, of 32 bytes.."}, "k2")


async def everything(link: Link) -> AsyncIterator[bytes]:
    """Every name and every value, whatever its type."""
    read = {
        b"string": ("GET", ()),
        b"hash": ("HGETALL", ()),
        b"list": ("LRANGE", (0, -1)),
        b"zset": ("ZRANGE", (0, -1)),
    }
    for key in await link.command("KEYS", "*"):
        yield key
        name, rest = read[await link.command("TYPE", key)]
        value = await link.command(name, key, *rest)
        for part in value if isinstance(value, list) else [value]:
            yield part


async def test_nothing_that_was_said_can_be_read_in_redis_or_its_files() -> None:
    with valkey(aof=True) as server:
        grounds = Grounds(server.url)
        await grounds.link.command("CONFIG", "SET", "rdbcompression", "no")
        sessions, codes = await grounds.sessions(), await grounds.codes()
        said, password, code, bill, number = "开通彩铃", "864209", "135790", "您的话费是 87.65 元", "13912345678"
        ann, sms = "ann.secret@example.net", "【示例移动】135790，用于办理彩铃"

        turn = await taken(sessions, says(said, "m1", ann, origin_id="o1"))
        filled = FormAnswer("login", "q1", fields={"password": password})
        await sessions.accept(Message(ann, f"{ann}/phone", "", Kind.FORM, "q1", form=filled))
        await sessions.accept(says(code, "m3", ann))
        account = Account(number=number, brand=Brand.EASYOWN, id="BA-777", line="L-888", name="王小明")
        following = await sessions.commit(turn, Session(account=account, said=bill), [answer(turn, text=bill)])
        assert following is not None
        await sessions.own(turn.conversation, Owner("1207/1", 1), [Spoken("desk", bill, 1)])
        await sessions.commit(following, following.session, [answer(following, text=bill)])
        await sessions.append(turn.conversation, [Outgoing("r1", turn.conversation, ann, "hall", bill)])
        sealed = SEAL.seal(sms.encode(), "sms:c1")
        await codes.challenge(number, "c1", "e1", b"m" * 32, sealed, turn.at, "op1", 180_000)
        await codes.verify(number, "c1", "e2", b"n" * 32, turn.at)
        await codes.try_password(number, "e3", turn.at)

        secrets = [
            text.encode() for text in (said, password, code, bill, number, ann, sms, "87.65", "王小明", "BA-777")
        ]
        stored = [part async for part in everything(grounds.link)]
        assert len(stored) > 40
        await grounds.link.command("SAVE")
        await grounds.close()
        server.stop()
        files = [path.read_bytes() for path in server.folder.rglob("*") if path.is_file()]
        assert any(turn.conversation.encode() in content for content in files)
        found = [secret for secret in secrets if any(secret in content for content in (*stored, *files))]
        assert found == []


@pytest.mark.parametrize("limit", ["", "sent"])
async def test_the_sms_is_gone_once_the_gateway_has_it(grounds: Grounds, limit: str) -> None:
    codes = await grounds.codes(limits=CodeLimits())
    await codes.challenge("13900000001", "c1", "e1", b"m" * 32, b"the sealed sms", 1, "op1", 180_000)
    if limit:
        await codes.sms_sent("13900000001", "c1", "e1")
    stored = [part async for part in everything(grounds.link)]
    assert (b"the sealed sms" in stored) is not bool(limit)


async def test_a_session_that_cannot_be_opened_starts_over(grounds: Grounds) -> None:
    old, new = await grounds.sessions("old", seal=OTHER), await grounds.sessions("new")
    turn = await taken(old, says("a", "1"))
    await old.commit(turn, Session(said="x"), [])
    later = await taken(new, says("b", "2"))
    assert (later.session, later.reset, later.version) == (Session(), True, 1)
    await new.commit(later, later.session, [])
    assert not (await taken(new, says("c", "3"))).reset


async def test_a_session_of_another_schema_starts_over(grounds: Grounds) -> None:
    sessions = await grounds.sessions()
    turn = await taken(sessions, says("a", "1"))
    await sessions.commit(turn, msgspec.structs.replace(Session(said="x"), schema=SCHEMA + 1), [])
    later = await taken(sessions, says("b", "2"))
    assert (later.session, later.reset) == (Session(), True)


async def test_an_entry_that_nobody_can_open_blocks_nobody(grounds: Grounds) -> None:
    old, new = await grounds.sessions("old", seal=OTHER), await grounds.sessions("new")
    lost = await taken(old, says("a", "1"))
    await old.accept(says("b", "2"))
    await old.set_aside(lost)
    turn = await taken(new, says("c", "3"))
    assert turn.message.text == "c"
    assert new.unreadable == 2
    assert await new.commit(turn, turn.session, []) is None


async def test_a_reply_that_nobody_can_open_is_dropped(grounds: Grounds) -> None:
    old, new = await grounds.sessions("old", seal=OTHER), await grounds.sessions("new")
    turn = await taken(old, says("a", "1"))
    await old.commit(turn, turn.session, [answer(turn)])
    for _ in range(2):
        grounds.ahead += 6000
        assert (await new.sweep()).resend == ()
    assert new.unreadable == 1


async def test_a_reply_put_under_another_id_does_not_open(grounds: Grounds) -> None:
    sessions = await grounds.sessions(partitions=1)
    turn = await taken(sessions, says("a", "1"))
    await sessions.commit(turn, turn.session, [answer(turn)])
    (_, raw) = await grounds.link.command("HGETALL", "{c1}:outbox")
    await grounds.link.command("HSET", "{c1}:outbox", "r-forged", raw)
    await grounds.link.command("ZADD", "{c1}:unsure", 1, "r-forged")
    grounds.ahead += 6000
    assert (await sessions.sweep()).resend == (answer(turn),)
    assert sessions.unreadable == 1
