"""Every hostile stanza and sender of $HALLBOT_DATA/hostile.jsonl over the wire, fresh and in every state.

Once from a chat server that lets everything through, once from a customer's client through the sandbox's server.
What a customer may type is run in tests/measure/test_hostile.py; the sequences that depend on time are run here again
over XMPP.
"""

from __future__ import annotations

import json
import os
import re
import time
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
import pytest_asyncio

from bot.wiring import Words
from tests.adapters.xmpp.bare import BOT, DOMAIN, HALL, SECRET, BareServer
from tests.e2e.hall import FAST, Hall, opened
from tests.grounds.base import HOST, Ground
from tests.grounds.client import Talker
from tests.support.counter import ROADS

pytestmark = pytest.mark.asyncio(loop_scope="module")
LIMITS = {**FAST, "sms_cooldown": 1, "sms_hour": 60, "sms_day": 200}
# Whatever else is in these stanzas, they are a line that the customer typed: `hi`, and 确认 as a correction.
TYPED = {"h229", "h235", "h242", "h243", "h247", "h248", "h258"}
GOOD = "帮助"  # answered in every state, and changes none


@dataclass(frozen=True)
class Row:
    id: str
    channel: str
    text: str

    @property
    def well_formed(self) -> bool:
        """Else no server passes it on."""
        try:
            ElementTree.fromstring(f"<stream>{self.text}</stream>")
        except ElementTree.ParseError:
            return False
        return True


def read(channel: str) -> list[Row]:
    if not os.environ.get("HALLBOT_DATA"):
        return []
    lines = (Path(os.environ["HALLBOT_DATA"]) / "hostile.jsonl").read_text("utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    return [Row(row["id"], channel, text_of(row)) for row in rows if row["channel"] == channel]


def text_of(row: Mapping[str, Any]) -> str:
    made = row.get("gen")
    if not made:
        return str(row["input"])
    return "".join(
        (
            made.get("prefix", ""),
            made["unit"] * made["n"],
            made.get("suffix_unit", "") * made["n"],
            made.get("suffix", ""),
        )
    )


STANZAS, SENDERS = read("raw_xml"), read("from")


@pytest.fixture(autouse=True, scope="module")
def corpus() -> None:
    if not os.environ.get("HALLBOT_DATA"):
        pytest.fail("HALLBOT_DATA is not set: it names the folder that holds hostile.jsonl")


async def test_the_corpus_is_all_there() -> None:
    assert len(STANZAS) >= 25
    assert len(SENDERS) >= 16
    assert {row.id for row in STANZAS} >= TYPED


# --- a chat server that lets everything through ----------------------------------------------------------------


@dataclass
class Open:
    """The hall behind such a server."""

    hall: Hall
    server: BareServer
    ids: Any = field(default_factory=count)

    async def trace(self, number: str) -> tuple[object, ...]:
        """All that a stanza may change."""
        here = await self.hall.session(f"{number}@{DOMAIN}")
        sms, effects = await self.hall.sms(number), await self.hall.effects(number)
        return here.state, here.login_at, here.draft, self.hall.ledger(number), sms, effects

    def fresh(self) -> str:
        return self.hall.fresh(next(brand for brand in ("gotone", "mzone", "easyown") if self.hall.left(brand)))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Open]:
    server = BareServer()

    @asynccontextmanager
    async def bare(accounts: Mapping[str, str]) -> AsyncIterator[Ground]:
        port = await server.start()
        try:
            yield Ground("bare", HOST, port, port, DOMAIN, HALL, SECRET, accounts, ("", ""), Path(), server.stop)
        finally:
            await server.stop()

    async with opened(tmp_path_factory.mktemp("hall"), bare, limits=LIMITS, words=words) as hall:
        yield Open(hall, server)
        assert server.connections == 1
        assert "stanza_error" not in hall.watch.events


@dataclass
class Caller:
    """A customer of that server."""

    open: Open
    number: str
    known: set[str] = field(default_factory=set)  # ids of the answers to what came before

    @property
    def full(self) -> str:
        return f"{self.number}@{DOMAIN}/phone"

    async def say(self, *lines: str) -> str:
        """The answer to the last of them, each within a second."""
        for line in lines:
            self.forget()
            self.open.server.line(escape(line), f"m{next(self.open.ids)}", self.full)
            await self.open.server.until(self.answers, within=1.0)
        return self.answers()[-1]

    def forget(self) -> None:
        self.known |= dict(self._heard()).keys()
        self.open.server.heard = ""

    def answers(self) -> list[str]:
        """Once per id: what was not confirmed within 5 s, which `reach` makes short, goes again under the same one."""
        return [body for id_, body in dict(self._heard()).items() if id_ not in self.known]

    def _heard(self) -> list[tuple[str, str]]:
        return re.findall(
            rf"<message type='chat' to='{self.full}' id='(r[^']*)'[^>]*><body>(.*?)</body>",
            self.open.server.heard,
            re.S,
        )

    async def reach(self, name: str) -> None:
        """Brings the conversation to a state of ROADS."""
        self.open.hall.shift.forward(2)
        await self.say("取消", "退出")
        if name != "asked_password":
            await self.say("登录", self.open.hall.password(self.number))
        await self.say("你好", *ROADS[name])

    async def meets(self, stanza: str) -> list[str]:
        """The stanza and a good line right behind it: what was answered, the good line's answer last."""
        server = self.open.server
        self.forget()
        server.say(stanza)
        begun = time.monotonic()
        server.line(GOOD, f"m{next(self.open.ids)}", self.full)
        await server.until(self.answers, within=1.0)
        assert self.open.hall.running
        await self.open.hall.running.core.pipeline.settled()
        assert time.monotonic() - begun < 1
        await server.hears("</message>")
        return self.answers()


def from_customer(row: Row, full: str) -> str:
    return (
        row.text.replace("u@example.com/r", full)
        .replace("u@example.com", full.partition("/")[0])
        .replace("bot@example.com", BOT)
        .replace("example.com", DOMAIN)
    )


@pytest.mark.parametrize("name", ROADS)
async def test_a_stanza_does_no_more_than_it_may(open_hall: Open, name: str) -> None:
    caller = Caller(open_hall, open_hall.fresh())
    await caller.reach(name)
    for row in filter(lambda row: row.well_formed, STANZAS):
        before = await open_hall.trace(caller.number)
        answers = await caller.meets(from_customer(row, caller.full))
        assert len(answers) <= 2, row.id
        after = await open_hall.trace(caller.number)
        if row.id not in TYPED:
            assert after == before, row.id
        else:
            effects = [effect["kind"] for effect in await open_hall.hall.effects(caller.number)]
            assert set(effects) <= {"ticket"}, f"{row.id}: an effect without its code"
            assert len(effects) == 0 or name == "asked_text", f"{row.id}: nobody left a message"
            await caller.reach(name)


async def test_a_stanza_before_anything_else(open_hall: Open) -> None:
    for row in filter(lambda row: row.well_formed, STANZAS):
        caller = Caller(open_hall, open_hall.fresh())
        answers = await caller.meets(from_customer(row, caller.full))
        assert 1 <= len(answers) <= 2, row.id
        trace = await open_hall.trace(caller.number)
        assert trace[1:] == (0, None, [], [], []), row.id


async def test_an_error_is_never_answered(open_hall: Open) -> None:
    caller = Caller(open_hall, open_hall.fresh())
    await caller.reach("confirming")
    for row in filter(lambda row: row.well_formed and row.text.startswith("<message"), STANZAS):
        stanza = re.sub(r"type='\w+'", "type='error'", from_customer(row, caller.full), count=1)
        before = await open_hall.trace(caller.number)
        assert len(await caller.meets(stanza)) == 1, row.id
        assert open_hall.server.heard.count("<message") == 1, row.id
        assert await open_hall.trace(caller.number) == before, row.id


async def test_a_sender_who_is_none_of_ours_gets_no_answer(open_hall: Open) -> None:
    caller = Caller(open_hall, open_hall.fresh())
    await caller.reach("asked_code")
    for row in SENDERS:
        for sender in (row.text, row.text.replace("example.com", "example.org")):
            before = await open_hall.trace(caller.number)
            stanza = f"<message from={quoteattr(sender)} to='{BOT}' type='chat' id='s'><body>确认</body></message>"
            assert len(await caller.meets(stanza)) == 1, row.id
            assert open_hall.server.heard.count("<message") == 1, row.id
            assert await open_hall.trace(caller.number) == before, row.id


async def test_a_sender_of_our_domain_is_who_the_server_says_he_is(open_hall: Open) -> None:
    """Names that look like others, or that no XMPP address can be: their own conversation, or none."""
    caller = Caller(open_hall, open_hall.fresh())
    await caller.reach("asked_code")
    for row in SENDERS:
        sender = re.sub("example.com", DOMAIN, unicodedata.normalize("NFKC", row.text), flags=re.IGNORECASE)
        before = await open_hall.trace(caller.number)
        stanza = f"<message from={quoteattr(sender)} to='{BOT}' type='chat' id='{row.id}'><body>你好</body></message>"
        assert len(await caller.meets(stanza)) == 1, row.id
        assert await open_hall.trace(caller.number) == before, row.id


async def test_one_account_however_it_is_written(open_hall: Open) -> None:
    caller = Caller(open_hall, open_hall.fresh())
    await caller.reach("asked_code")
    code = await open_hall.hall.code(caller.number)
    shouted = f"{caller.number}@{DOMAIN.upper()}/PHONE"
    open_hall.server.heard = ""
    open_hall.server.line(code, "loud", shouted)
    await open_hall.server.hears("办理成功", within=2)
    assert f"to='{caller.number}@{DOMAIN}/PHONE'" in open_hall.server.heard


# --- through a client and the sandbox's server -----------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    async with opened(tmp_path_factory.mktemp("hall"), limits=LIMITS, words=words) as hall:
        yield hall
        assert hall.watch.events.count("connected") == 1
        assert "disconnected" not in hall.watch.events


async def ready_for_the_code(hall: Hall, talker: Talker) -> str:
    number = talker.jid.partition("@")[0]
    for line in ("登录", hall.password(number), "开通彩铃", "确认"):
        await talker.say(line)
    return await hall.code(number)


async def test_what_a_client_can_send_disturbs_nobody(hall: Hall) -> None:
    """The server may end the stream of who sends such a thing; the hall's and those of others stand."""
    async with (
        hall.talker(hall.fresh(), quiet=0.02, repeat_after=None) as anne,
        hall.talker(hall.fresh(), quiet=0.02) as bert,
    ):
        await ready_for_the_code(hall, anne)
        number = anne.jid.partition("@")[0]
        for row in STANZAS:
            logins = anne.logins
            stanza = from_customer(row, f"{anne.jid}/phone").replace(BOT, anne.to)
            anne.send_raw(stanza)
            begun = time.monotonic()
            assert len(await bert.say(GOOD)) == 1, row.id
            assert time.monotonic() - begun < 1, row.id
            if not row.well_formed or len(stanza.encode()) > 16384:
                await anne.connected(times=logins + 1)
        assert bert.logins == 1
        assert hall.ledger(number) == ["confirmed"]
        assert await hall.effects(number) == []
        assert len(await hall.sms(number)) == 1
        assert not [text for text in anne.heard() if "办理成功：" in text]


# --- sequences that depend on time, a second device, or haste --------------------------------------------------


def waited(seconds: float, told: str, effects: int) -> Callable[[Hall, Talker], Awaitable[None]]:
    async def scene(hall: Hall, talker: Talker) -> None:
        code = await ready_for_the_code(hall, talker)
        hall.shift.forward(seconds)
        assert told in (await talker.say(code))[0]
        assert len(await hall.effects(talker.jid.partition("@")[0])) == effects

    return scene


def idle(seconds: float, told: str) -> Callable[[Hall, Talker], Awaitable[None]]:
    async def scene(hall: Hall, talker: Talker) -> None:
        await talker.say("登录")
        await talker.say(hall.password(talker.jid.partition("@")[0]))
        hall.shift.forward(seconds)
        assert told in (await talker.say("积分"))[0]

    return scene


async def half_an_hour(hall: Hall, talker: Talker) -> None:
    await talker.say("登录")
    await talker.say(hall.password(talker.jid.partition("@")[0]))
    for _ in range(7):
        hall.shift.forward(240)
        assert "您有" in (await talker.say("积分"))[0]
    hall.shift.forward(180)
    assert "客服密码" in (await talker.say("积分"))[0]


async def swapped(hall: Hall, talker: Talker) -> None:
    code = await ready_for_the_code(hall, talker)
    await talker.say("取消")
    assert "20元/月" in (await talker.say("开通20元流量包"))[0]
    await talker.say(code)
    assert await hall.effects(talker.jid.partition("@")[0]) == []


async def second_device(hall: Hall, talker: Talker) -> None:
    """The session is that of the bare JID; who wrote last is answered."""
    code = await ready_for_the_code(hall, talker)
    async with hall.talker(talker.jid.partition("@")[0], resource="tablet") as tablet:
        heard = len(talker.received)
        assert "办理成功" in (await tablet.say(code))[0]
        assert len(talker.received) == heard


async def impatient(hall: Hall, talker: Talker) -> None:
    """The same words twice at once: two queries are fine, two operations are not."""
    code = await ready_for_the_code(hall, talker)
    for _ in range(2):
        talker.send(code)
    await talker.until(answered=6)
    assert sum("办理成功：" in text for text in talker.heard()) == 1
    assert len(await hall.effects(talker.jid.partition("@")[0])) == 1


SCENES: dict[str, Callable[[Hall, Talker], Awaitable[None]]] = {
    "h264": swapped,
    "h267": waited(179.5, "办理成功", 1),
    "h268": waited(180.1, "过期", 0),
    "h272": waited(301, "退出登录", 0),
    "h273": idle(299, "您有"),
    "h274": idle(301, "客服密码"),
    "h275": half_an_hour,
    "h277": second_device,
    "h292": impatient,
}


@pytest.mark.parametrize("id", SCENES)
async def test_a_sequence(hall: Hall, id: str) -> None:
    assert id in {row.id for row in read("steps")}
    async with hall.talker(hall.fresh("mzone"), quiet=0.02) as talker:
        await SCENES[id](hall, talker)
