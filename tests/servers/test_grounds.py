"""The grounds themselves: servers that start, talk and end, so that a failing test above them means the bot."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio
from slixmpp.exceptions import IqError

from tests.grounds.base import BOT, Daemon, Ground, GroundFailed, new_secret
from tests.grounds.client import LoginRefused, Talker
from tests.grounds.echo import Clerk, Echo
from tests.grounds.ejabberd import ejabberd
from tests.grounds.profanity import Profanity
from tests.grounds.prosody import prosody
from tests.grounds.proxy import proxy
from tests.grounds.sandbox import sandbox
from tests.grounds.sockets import gone, listeners, processes_in

ANNE, BERT = "13800138000", "13800138001"
SHARING = {"ejabberd", "sandbox"}  # several connections of one component


Maker = Callable[[Mapping[str, str]], AbstractAsyncContextManager[Ground]]
REAL: list[Maker] = [prosody, ejabberd]


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=[*REAL, sandbox], ids=lambda make: make.__name__)
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Ground]:
    async with request.param({ANNE: new_secret(), BERT: new_secret()}) as running:
        yield running


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("tls", [False, True])
async def test_a_subscriber_is_answered(ground: Ground, tls: bool) -> None:
    async with Echo(ground), Talker(ground, ANNE, tls=tls) as talker:
        assert await talker.say("查话费") == ["查话费"]
        assert talker.received[0].sender == ground.hall
        assert talker.turns.unanswered == []
        assert talker.turns.doubled == 0


async def test_answers_keep_the_order_of_the_lines(ground: Ground) -> None:
    async with Echo(ground), Talker(ground, ANNE) as talker:
        lines = [f"第{n}行" for n in range(300)]
        for line in lines:
            talker.send(line)
        await talker.until(answered=300)
        assert talker.heard() == lines


async def test_a_wrong_password_is_refused(ground: Ground) -> None:
    with pytest.raises(LoginRefused):
        await Talker(ground, ANNE, password="wrong").__aenter__()


async def test_two_subscribers_hear_only_their_own(ground: Ground) -> None:
    async with Echo(ground), Talker(ground, ANNE) as anne, Talker(ground, BERT) as bert:
        assert await anne.say("一") == ["一"]
        assert await bert.say("二") == ["二"]
        assert anne.heard() == ["一"]


async def test_an_unanswered_line_is_repeated_with_the_same_id(ground: Ground) -> None:
    async with Talker(ground, ANNE, repeat_after=0.1) as talker:
        line = talker.send("有人吗")
        async with Echo(ground) as echo:
            await talker.until(answered=1)
        assert set(echo.heard) == {line}
        assert talker.repeats >= 1


async def test_secrets_stay_out_of_the_picture(ground: Ground) -> None:
    shown = repr(ground)
    assert ground.accounts[ANNE] not in shown
    assert ground.secret not in shown
    assert ground.bot[1] not in shown


async def test_a_restarted_server_knows_its_people(ground: Ground) -> None:
    async with Talker(ground, ANNE) as talker:
        await ground.restart()
        async with Echo(ground):
            assert await talker.say("还在吗") == ["还在吗"]
        assert talker.logins == 2


async def test_a_cut_wire_swallows_and_resets(ground: Ground) -> None:
    async with (
        proxy(ground.c2s) as wire,
        Echo(ground),
        Talker(ground, ANNE, port=wire.port, repeat_after=None) as talker,
    ):
        assert await talker.say("先") == ["先"]
        cut = asyncio.create_task(wire.cut(swallow=0.2))
        await asyncio.sleep(0.05)
        lost = talker.send("丢", id="swallowed")
        await cut
        await talker.connected(times=2)
        assert wire.count.swallowed > 0
        assert talker.turns.unanswered == [lost]
        assert await talker.say("后") == ["后"]


@pytest.mark.parametrize("ground", REAL, indirect=True, ids=lambda make: make.__name__)
async def test_a_plain_client_resumes_its_stream_and_loses_nothing(ground: Ground) -> None:
    async with proxy(ground.c2s) as wire, Echo(ground), Talker(ground, ANNE, port=wire.port, resume=True) as talker:
        lines = 0
        for turn in range(3):
            cut = asyncio.create_task(wire.cut(swallow=0.2))
            while not cut.done():
                talker.send(f"第{lines}行")
                lines += 1
                await asyncio.sleep(0.005)
            await talker.connected(times=turn + 2)
        await talker.until(answered=lines)
        assert talker.resumed == 3
        assert talker.logins == 1
        assert talker.heard() == [f"第{n}行" for n in range(lines)]
        assert talker.turns.doubled == 0
        assert talker.repeats == 0
        assert wire.count.swallowed > 0


async def test_a_component_is_cut_too(ground: Ground) -> None:
    async with proxy(ground.component) as wire, Talker(ground, ANNE) as talker:
        async with Echo(ground, port=wire.port):
            assert await talker.say("在吗") == ["在吗"]
            await wire.cut(swallow=0.0)
        wire.refuse()
        with pytest.raises(TimeoutError):
            await Echo(ground, port=wire.port, patience=0.3).__aenter__()
        wire.resume()
        async with Echo(ground, port=wire.port):
            assert await talker.say("回来了") == ["回来了"]
        assert wire.count.refused > 0


async def test_a_paused_wire_keeps_everything(ground: Ground) -> None:
    async with proxy(ground.c2s) as wire, Echo(ground), Talker(ground, ANNE, port=wire.port) as talker:
        wire.pause()
        talker.send("等一等")
        await asyncio.sleep(0.2)
        assert talker.heard() == []
        wire.resume()
        await talker.until(answered=1)
        assert talker.heard() == ["等一等"]


async def test_typing_notes_and_receipts_are_no_answers(ground: Ground) -> None:
    async with Clerk(ground), Talker(ground, ANNE) as talker:
        line = talker.send("查话费")
        await talker.until(answered=1)
        assert talker.heard() == ["查话费"]
        assert talker.typing == ["composing"]
        assert talker.receipts == [line]


async def test_a_line_to_nobody_comes_back_as_an_error(ground: Ground) -> None:
    async with Talker(ground, ANNE) as talker:
        line = talker.send("有人吗")
        await talker.until_error()
        assert [id for id, _ in talker.errors] == [line]
        assert talker.received == []


async def test_a_command_is_listed_and_its_form_submitted(ground: Ground) -> None:
    async with Clerk(ground) as clerk, Talker(ground, ANNE) as talker:
        assert await talker.commands() == {"login": "登录"}
        form = await talker.execute("login")
        assert form.title == "登录"
        assert (form["password"].kind, form["password"].required) == ("text-private", True)
        done = await talker.submit(form, {"password": "123456"})
        assert (done.status, done.notes) == ("completed", ("登录成功",))
        assert clerk.passwords == ["123456"]


async def test_a_command_that_is_not_there_is_refused(ground: Ground) -> None:
    async with Clerk(ground), Talker(ground, ANNE) as talker:
        with pytest.raises(IqError):
            await talker.execute("nonsense")


async def test_a_second_component_shares_the_domain_or_takes_it_over(ground: Ground) -> None:
    async with Echo(ground, "甲") as first, Echo(ground, "乙") as second, Talker(ground, ANNE) as talker:
        for n in range(100):
            talker.send(str(n))
        await talker.until(answered=100)
        assert len(first.heard) + len(second.heard) == 100
        assert bool(first.heard) == (ground.name in SHARING)
        assert second.heard


@pytest.mark.parametrize("ground", REAL, indirect=True, ids=lambda make: make.__name__)
async def test_the_client_attach_finds_what_it_needs(ground: Ground) -> None:
    address, password = ground.bot
    async with Talker(ground, BOT, password=password, resume=True) as bot:
        assert {"urn:xmpp:mam:2"} <= await bot.features(address)
        assert {"urn:xmpp:carbons:2"} <= await bot.features(ground.domain)


@pytest.mark.parametrize("ground", REAL, indirect=True, ids=lambda make: make.__name__)
async def test_a_line_to_a_bot_that_is_away_is_kept(ground: Ground) -> None:
    address, password = ground.bot
    async with Talker(ground, ANNE, to=address, repeat_after=None) as anne:
        assert await anne.say("在吗", within=0.3) == []
    async with Talker(ground, BOT, password=password, to=anne.jid, resume=True) as bot:
        await bot.hears(1)
        assert bot.heard() == ["在吗"]
        assert "delay" in bot.received[0].marks
        assert [text for _, text in await bot.archive()] == ["在吗"]


@pytest.mark.parametrize("ground", REAL, indirect=True, ids=lambda make: make.__name__)
async def test_a_stanza_over_the_limit_ends_the_stream_of_its_sender_only(ground: Ground) -> None:
    async with Echo(ground), Talker(ground, ANNE, repeat_after=None) as anne, Talker(ground, BERT) as bert:
        # Three bytes each. The limit is 16384; Prosody looks only after each 8192 bytes that it reads.
        fits, huge = "长" * 4096, "长" * 9000
        assert await anne.say(fits) == [fits]
        anne.send(huge)
        await anne.connected(times=2)
        assert await bert.say("在吗") == ["在吗"]
        assert bert.logins == 1


@pytest.mark.parametrize("ground", [prosody], indirect=True, ids=["prosody"])
@pytest.mark.parametrize("tls", [False, True])
async def test_profanity_shows_an_answer_in_chinese(ground: Ground, tls: bool) -> None:
    async with Echo(ground, "您说的是：\n  "), Profanity(ground, ANNE, tls=tls) as terminal:
        assert await terminal.say("查话费;") == ["您说的是：\n  查话费;"]
        assert await terminal.say("查话费;") == ["您说的是：\n  查话费;"]
        assert "me: 查话费;" in await terminal.screen()


@pytest.mark.parametrize("ground", [prosody], indirect=True, ids=["prosody"])
async def test_profanity_fills_in_a_form(ground: Ground) -> None:
    async with Clerk(ground) as clerk, Profanity(ground, ANNE) as terminal:
        form = await terminal.open_form("login")
        assert "客服密码" in form
        await terminal.submit("123456")
        await terminal.chat()
        await terminal.until("登录成功")
        assert clerk.passwords == ["123456"]
        assert "123456" not in await terminal.screen()


@pytest.mark.parametrize("ground", [prosody], indirect=True, ids=["prosody"])
async def test_profanity_reads_on_when_its_screen_is_full(ground: Ground) -> None:
    async with Echo(ground, "行\n" * 30), Profanity(ground, ANNE) as terminal:
        for n in range(8):
            assert await terminal.say(str(n), quiet=0.05) == ["行\n" * 30 + str(n)]


@pytest.mark.parametrize("make", REAL)
async def test_only_its_own_ports_are_open_and_nothing_stays_behind(make: Maker) -> None:
    async with make({ANNE: new_secret()}) as running:
        folder = running.certificate.parent
        ports = {running.c2s, running.component, running.desk or running.component}
        assert listeners(processes_in(folder)) == {(running.host, port) for port in ports}
    assert await gone(folder)
    assert not folder.exists()


async def test_a_failing_test_leaves_no_server_behind() -> None:
    folders: list[Path] = []

    async def failing() -> None:
        async with prosody({}) as running:
            folders.append(running.certificate.parent)
            assert processes_in(folders[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    assert processes_in(folders[0]) == []


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    daemon = Daemon(["sh", "-c", "echo no configuration; exit 1"], {}, tmp_path)
    with pytest.raises(GroundFailed, match="no configuration"):
        await daemon.start(never)
    await daemon.kill()
