"""The client's attachment on real servers: stream management, archive, log-in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from bot.adapters.xmpp import XmppAttach
from bot.errors import ConfigError
from tests.adapters.xmpp.live import COMMANDS, Shelf, attached, client_settings, until
from tests.adapters.xmpp.roads import EchoRoad
from tests.grounds.base import Ground, new_secret, self_made_certificate
from tests.grounds.client import MAM, Talker
from tests.grounds.ejabberd import ejabberd
from tests.grounds.prosody import prosody
from tests.grounds.proxy import Proxy, proxy

ANNE, BERT = "13800138000", "13800138001"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=[prosody, ejabberd], ids=lambda make: make.__name__)
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Ground]:
    async with request.param({ANNE: new_secret(), BERT: new_secret()}) as running:
        yield running


def talker(ground: Ground) -> Talker:
    return Talker(ground, ANNE, to=ground.bot[0], repeat_after=None)


async def sees(anne: Talker, ground: Ground) -> None:
    """The bot's answer comes behind its presence: from here on it is there for the server, too."""
    assert MAM not in await anne.features(f"{ground.bot[0]}/hall")


async def test_four_cuts_in_1500_lines_lose_and_double_nothing(ground: Ground) -> None:
    lines = [f"第{n}行" for n in range(1500)]
    road = EchoRoad()
    async with (
        proxy(ground.c2s) as wire,
        attached(client_settings(ground, wire.port), road) as bot,
        talker(ground) as anne,
    ):
        cutting = asyncio.create_task(_cut(wire, bot.attach, times=4))
        for line in lines:
            anne.send(line)
            await asyncio.sleep(1 / 300)
        await cutting
        await anne.until(answered=1500, within=30)
        await until(lambda: not road.outbox)
        heard = [message.text for message in road.heard]
        assert sorted(heard) == sorted(lines)
        # A busy ejabberd hands what reached the cut session over beside what reaches the new one (docs/deploy.md).
        breaks = sum(lines.index(one) > lines.index(two) for one, two in pairwise(heard))
        assert breaks <= (12 if ground.name == "ejabberd" else 0), "order of writing"
        assert anne.heard() == heard, "order of answering"
        assert (anne.turns.unanswered, anne.turns.doubled, anne.turns.again) == ([], 0, 0)
        # Prosody 0.12 cannot resume behind half a stanza: a new session is begun then.
        assert (
            bot.counts["resumed"] + bot.counts["connected"] >= 5
            if ground.name == "prosody"
            else bot.counts["resumed"] == 4
        )
        assert not any(message.weak for message in road.heard)


async def _cut(wire: Proxy, attach: XmppAttach, times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(0.7)
        await until(lambda: attach.connected)
        await wire.cut(swallow=0.2)


@pytest.mark.parametrize("behind", [b"<body>", b"<origin-"], ids=["in its text", "in a tag"])
async def test_an_answer_that_is_cut_in_two_is_the_next_one(ground: Ground, behind: bytes) -> None:
    """Prosody 0.12 resumes in the middle of it and swallows all that follows, or calls it no XML."""
    plain = replace(client_settings(ground), tls="none")
    lines = [f"第{n}行" for n in range(400)]
    async with (
        proxy(ground.c2s) as wire,
        attached(replace(plain, port=wire.port)) as bot,
        talker(ground) as anne,
    ):
        await sees(anne, ground)
        for n, line in enumerate(lines):
            anne.send(line)
            await asyncio.sleep(1 / 200)
            if n == 50:
                tearing = asyncio.create_task(wire.tear(behind))
        await tearing
        await anne.until(answered=len(lines), within=30)
        assert anne.heard() == lines
        assert (anne.turns.unanswered, anne.turns.doubled) == ([], 0)
        assert bot.counts["resumed"] + bot.counts["connected"] >= 2


async def test_what_was_written_while_no_bot_was_there_is_answered_once(ground: Ground) -> None:
    shelf, road = Shelf(), EchoRoad()
    async with talker(ground) as anne:
        async with attached(client_settings(ground), road, shelf):
            await sees(anne, ground)
            assert await anne.say("一") == ["一"]
        assert shelf.archive_id
        for line in ("二", "三", "四"):
            anne.send(line)
        await asyncio.sleep(0.3)
        async with attached(client_settings(ground), road, shelf):
            anne.send("五")
            await anne.until(answered=5)
            await asyncio.sleep(0.5)
        assert [message.text for message in road.heard] == ["一", "二", "三", "四", "五"]
        assert anne.turns.doubled == 0
        assert not any(message.weak for message in road.heard)


async def test_a_first_start_answers_nothing_of_the_past(ground: Ground) -> None:
    async with talker(ground) as anne, attached(client_settings(ground)) as bot:
        await sees(anne, ground)
        await anne.say("今天")
        assert [message.text for message in bot.road.heard] == ["今天"]


async def test_a_line_that_the_server_kept_for_nobody_at_the_log_in_is_answered(ground: Ground) -> None:
    """Shown by a line that only another client of the hall's account gets: it is in the archive, and came to nobody."""
    other = Talker(ground, ground.bot[0].partition("@")[0], resource="other", password=ground.bot[1])
    shelf = Shelf()
    async with talker(ground) as anne, other:
        for _ in ("first start", "later"):
            async with attached(client_settings(ground), road := EchoRoad(), shelf):
                await sees(anne, ground)
                assert await anne.say("先") == ["先"]
                anne.send_raw(f"<message type='chat' to='{other.jid}/other'><body>后</body></message>")
                await until(partial(_has_heard, road, 2))
                await asyncio.sleep(0.5)
                assert [(message.text, message.weak) for message in road.heard] == [("先", False), ("后", False)]
                assert road.again == 0


def _has_heard(road: EchoRoad, lines: int) -> bool:
    return len(road.heard) == lines


async def test_what_could_not_be_accepted_is_not_acknowledged_and_comes_again(ground: Ground) -> None:
    """The process dies before the road could take anything: the server still has it all."""
    shelf, dying, living = Shelf(), EchoRoad(), EchoRoad()
    async with talker(ground) as anne:
        async with attached(client_settings(ground), dying, shelf):
            await sees(anne, ground)
            await anne.say("开始")
        async with _killed(ground, dying, shelf):
            dying.accepting = False
            for line in ("甲", "乙", "丙"):
                anne.send(line)
            await asyncio.sleep(0.5)
        async with attached(client_settings(ground), living, shelf):
            await anne.until(answered=4, within=20)
        assert [message.text for message in living.heard] == ["甲", "乙", "丙"]


@contextlib.asynccontextmanager
async def _killed(ground: Ground, road: EchoRoad, shelf: Shelf) -> AsyncIterator[XmppAttach]:
    """A bot whose connection dies with it: nothing polite is said."""
    async with proxy(ground.c2s) as wire:
        attach = XmppAttach(client_settings(ground, wire.port), road, load_marker=shelf.load, save_marker=shelf.save)
        road.wire = attach
        await attach.start()
        yield attach
        wire.refuse()
        await wire.cut(swallow=0)
        await attach.stop(patience=0.1)


async def test_what_could_not_be_accepted_is_offered_again_in_order(ground: Ground) -> None:
    async with talker(ground) as anne, attached(client_settings(ground)) as bot:
        await sees(anne, ground)
        bot.road.accepting = False
        for line in ("甲", "乙", "丙"):
            anne.send(line)
        await asyncio.sleep(0.5)
        bot.road.accepting = True
        anne.send("丁")
        await anne.until(answered=4)
        assert [message.text for message in bot.road.heard] == ["甲", "乙", "丙", "丁"]
        assert anne.turns.doubled == 0


async def test_a_restarted_server_is_found_again_within_ten_seconds(ground: Ground) -> None:
    async with attached(client_settings(ground)) as bot, talker(ground) as anne:
        await anne.say("一")
        await ground.restart()
        async with asyncio.timeout(10):
            await until(lambda: bot.attach.connected)
        await anne.connected(times=2)
        assert await anne.say("二") == ["二"]


async def test_a_server_that_hangs_is_left_and_found_again(ground: Ground) -> None:
    async with (
        proxy(ground.c2s) as wire,
        attached(replace(client_settings(ground, wire.port), keepalive=0.2)) as bot,
        talker(ground) as anne,
    ):
        await anne.say("一")
        wire.pause()
        anne.send("二")
        await until(lambda: bot.counts["disconnected"] == 1)
        wire.resume()
        await anne.until(answered=2)
        assert (anne.heard(), anne.turns.doubled) == (["一", "二"], 0)


async def test_a_subscription_is_returned_and_commands_take_the_full_address(ground: Ground) -> None:
    async with attached(client_settings(ground)) as bot, talker(ground) as anne:
        anne.send_raw(f"<presence type='subscribe' to='{ground.bot[0]}'/>")
        await until(lambda: (f"{ground.bot[0]}/hall", "available") in anne.presences)
        await until(lambda: (ground.bot[0], "subscribe") in anne.presences)
        anne.to = f"{ground.bot[0]}/hall"
        assert await anne.commands() == dict(COMMANDS)
        form = await anne.execute("login")
        assert (await anne.submit(form, {"password": "246810"})).status == "completed"
        await until(lambda: not bot.road.outbox)


async def test_a_wrong_password_refuses_to_start(ground: Ground) -> None:
    with pytest.raises(ConfigError, match="refused the password"):
        async with attached(client_settings(ground, secret=new_secret())):
            pass


async def test_a_certificate_that_is_not_trusted_refuses_to_start(ground: Ground, tmp_path: Path) -> None:
    other, _ = self_made_certificate(tmp_path, "elsewhere.localhost")
    with pytest.raises(ConfigError, match="not trusted"):
        async with attached(client_settings(ground, ca=str(other))):
            pass
