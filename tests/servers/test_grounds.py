"""The grounds themselves: servers that start, talk and end, so that a failing test above them means the bot."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.grounds.base import Ground, new_secret
from tests.grounds.client import LoginRefused, Talker
from tests.grounds.echo import Echo
from tests.grounds.prosody import prosody

ANNE, BERT = "13800138000", "13800138001"


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=[prosody], ids=["prosody"])
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
