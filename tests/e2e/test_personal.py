"""What a person is owed: everything that Redis and the database hold of him is shown, and then gone."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path

from bot.adapters.redis.link import Link
from bot.adapters.redis.remembered import FAMILIES
from bot.adapters.seal import AesSeal
from bot.admin import erase_of, export_of
from bot.talk import Talk, parse
from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.e2e.test_desk_talks import staged

SERVICE = frozenset({"meta", "sessions", "instances"})  # of the bots themselves
FAMILY = re.compile(r"\{([a-z]+)\d*\}")
TALK = """
brand: gotone
as staff 1207: #闲
> 查话费
< *客服密码*
> {password}
> 近六个月账单
> 人工
as staff 1207: #接
> 我的账单有一笔写着蓝鲸八七
as staff 1299: #忙
as staff 1299: #耳 1 蓝鲸八七可以减免
as staff 1207: #结 1 蓝鲸八七已说明
owner: closed
"""


async def keys(hall: Hall) -> list[str]:
    link = Link(hall.config.redis.url)
    try:
        return [key.decode() for key in await link.command("KEYS", "*")]
    finally:
        await link.close()


async def never_sat_down(hall: Hall, staff: str) -> None:
    """As a leader who only watched, in the browser: he has a feed, and no seat."""
    [seats] = [key for key in await keys(hall) if key.endswith(":seats")]
    link = Link(hall.config.redis.url)
    try:
        assert await link.command("SREM", seats, staff) == 1
    finally:
        await link.close()


async def readable(hall: Hall) -> str:
    """Everything in Redis that the keys of this hall open, as text."""
    config = hall.config
    opened_by: list[str] = []

    class Known(AesSeal):
        def open(self, sealed: bytes, about: str) -> bytes:
            clear = super().open(sealed, about)
            opened_by.append(clear.decode(errors="ignore"))
            return clear

    seal = Known({"k1": config.key(config.secrets.sealing["k1"])}, "k1")
    link = Link(config.redis.url)
    try:
        for raw in await link.command("KEYS", "*"):
            key = raw.decode()
            kind = (await link.command("TYPE", key)).decode()
            values: list[bytes] = []
            if kind == "hash":
                values = await link.command("HVALS", key)
            elif kind == "zset":
                values = await link.command("ZRANGE", key, 0, -1)
            elif kind == "list":
                values = await link.command("LRANGE", key, 0, -1)
            for value in values:
                for about in abouts(key, await link.command("HGET", key, "c") if ":c:" in key else None):
                    try:
                        seal.open(value, about)
                    except ValueError:
                        continue
    finally:
        await link.close()
    return "\n".join(opened_by)


def abouts(key: str, conversation: bytes | None) -> list[str]:
    front = key.partition(":")[0]
    names = [f"{key}:session", f"{key}:lines", f"{key}:message", f"{key}:file"]
    return names + ([f"{front}:case:{conversation.decode()}"] if conversation else [])


async def test_all_that_is_held_of_a_number_is_shown_and_gone_after_erase(tmp_path: Path, words: Words) -> None:
    talk: Talk = parse("personal", TALK)
    async with AsyncExitStack() as stack:
        hall = await stack.enter_async_context(opened(tmp_path / "hall", words=words, staff=("gh1207", "gh1299")))
        stage = await stack.enter_async_context(staged(hall, talk))
        for line in talk.lines:
            match line.kind:
                case "say":
                    await stage.say(line.text.replace("{password}", hall.password(stage.number)))
                case "staff":
                    found = re.fullmatch(r"as staff (\d+): (.*)", line.text)
                    assert found
                    await stage.staff(found[1], found[2], 1 if found[2].startswith("#结") else 0)
        await asyncio.sleep(1.5)  # the records are written once a second
        families = {found[1] if (found := FAMILY.match(key)) else key.partition(":")[0] for key in await keys(hall)}
        assert families - SERVICE <= FAMILIES.keys(), "a new family of keys belongs into export and erase"
        place = hall.folder / "bot.yaml"
        shown = await export_of(stage.number, place)
        assert any("蓝鲸八七" in one["text"] for one in shown["said"])
        assert any("蓝鲸八七" in one["text"] for one in shown["conversations"][0]["last_day"])
        assert shown["conversations"][0]["wishes"]
        assert shown["sessions"][0]["note"] == "蓝鲸八七已说明"
        assert shown["bindings"] == []
        assert shown["counters"] == {"sms": 0, "wrong_codes": 0, "passwords": 0, "locked": 0}
        assert "蓝鲸八七" in await readable(hall)
        await never_sat_down(hall, "1299")
        done = await erase_of(stage.number, place)
        assert (done["conversations"], done["sessions"]) == (1, 1)
        assert "still going on, erase again" not in done
        left = await readable(hall)
        assert "蓝鲸八七" not in left
        assert stage.number not in left
        after = await export_of(stage.number, place)
        assert [after[name] for name in ("said", "sessions", "conversations", "files", "not_understood")] == [[]] * 5


async def test_somebody_who_is_being_served_is_forgotten_when_it_is_over(tmp_path: Path, words: Words) -> None:
    talk = parse("served", "brand: gotone\n> 人工\n")
    async with opened(tmp_path / "hall", words=words, staff=("gh1207",)) as hall, staged(hall, talk) as stage:
        await stage.staff("1207", "#闲")
        await stage.say("人工")
        await stage.staff("1207", "#接")
        await asyncio.sleep(1.5)
        place = hall.folder / "bot.yaml"
        done = await erase_of(stage.number, place)
        assert done["still going on, erase again"] == 1
        await stage.staff("1207", "#结 1", 1)
        await asyncio.sleep(1.5)
        done = await erase_of(stage.number, place)
        assert (done["conversations"], "still going on, erase again" in done) == (1, False)


async def test_a_wrap_up_is_something_that_goes_on(tmp_path: Path, words: Words) -> None:
    """The conversation was the customer's again, so he read as forgotten; its end wrote card and number down anew."""
    talk = parse("wrapped", "brand: gotone\n> 人工\n")
    async with opened(tmp_path / "hall", words=words, staff=("gh1207",)) as hall, staged(hall, talk) as stage:
        await stage.staff("1207", "#闲")
        await stage.say("人工")
        await stage.staff("1207", "#接")
        await stage.say("结束")
        await asyncio.sleep(1.5)
        place = hall.folder / "bot.yaml"
        done = await erase_of(stage.number, place)
        assert done["still going on, erase again"] == 1
        await stage.staff("1207", "#结 1", 1)
        await asyncio.sleep(1.5)
        done = await erase_of(stage.number, place)
        assert (done["sessions"], "still going on, erase again" in done) == (1, False)
        assert (await export_of(stage.number, place))["sessions"] == []
