"""Every line of a session reaches the page, in whatever order two people and the bot write it down."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace as with_
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.adapters.deskweb.room import KEPT
from bot.config import Config
from bot.desk.model import Case, Spoken, Where
from bot.ports import Turn
from bot.wiring import Words
from tests.adapters.deskweb.house import Browser, House, house


@pytest.fixture
async def home(tmp_path: Path, config: Config, words: Words) -> AsyncIterator[House]:
    async with house(tmp_path, config, words) as running:
        yield running


class Page:
    """What is told to an open page: the text of every line, by session."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str, str]] = []  # session, kind, text
        self.keys: list[str] = []
        self.begun = asyncio.Event()

    async def read(self, browser: Browser) -> None:
        async with browser.http.get(browser.base + "/stream", headers={"Accept": "text/event-stream"}) as answer:
            async for raw in answer.content:
                if raw.startswith(b'data: {"session"'):
                    told = json.loads(raw[6:])
                    text = told["html"].partition("<p>")[2].partition("</p>")[0]
                    self.lines.append((told["session"], told["kind"], text))
                    self.keys.append(told["key"])
                elif raw.startswith(b"event: hello"):
                    self.begun.set()

    async def shows(self, session: int, kind: str, text: str) -> None:
        for _ in range(500):
            if (session, kind, text) in self.lines:
                break
            await asyncio.sleep(0.01)
        assert self.lines.count((session, kind, text)) == 1


@asynccontextmanager
async def opened(browser: Browser) -> AsyncIterator[Page]:
    page = Page()
    reading = asyncio.create_task(page.read(browser))
    await asyncio.wait_for(page.begun.wait(), 5)
    try:
        yield page
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def taken_in(home: House, text: str) -> Turn:
    """A line of the customer, with a bot that has not written it down yet."""
    accepted = await home.stage.hall.sessions.accept(home.stage.message(text))
    assert accepted.turn
    return accepted.turn


async def written_down(home: House, turn: Turn, number: int) -> None:
    said = [Spoken("customer", turn.message.text, turn.at, number)]
    await home.stage.hall.sessions.settle(turn, turn.session, [], spoken=said)


async def told(home: House, turn: Turn, number: int) -> None:
    case = await home.room.case(number)
    assert case
    await home.room.errands.copy(case, turn.entry, "customer", turn.message.text, turn.seq)


async def test_a_line_that_is_answered_before_it_is_written_down_is_on_the_page(home: House) -> None:
    li = await home.browser("1207")
    number = await home.served(li)
    async with opened(li) as page:
        turn = await taken_in(home, "还有多少流量")
        await li.say(number, "我看一下")
        await page.shows(number, "staff", "我看一下")
        await told(home, turn, number)
        await written_down(home, turn, number)
        await page.shows(number, "customer", "还有多少流量")
    assert (await li.lines(number))[-2:] == ["还有多少流量", "我看一下"]  # in the order in which they came


async def test_a_line_that_is_told_long_before_it_is_written_down_is_on_the_page(home: House) -> None:
    """A bot was killed in between; the next one does the rest."""
    li = await home.browser("1207")
    number = await home.served(li)
    async with opened(li) as page:
        turn = await taken_in(home, "还在吗")
        await told(home, turn, number)
        await asyncio.sleep(0.5)
        await written_down(home, turn, number)
        await page.shows(number, "customer", "还在吗")


async def test_a_line_right_after_the_claim_is_on_the_page(home: House) -> None:
    li = await home.browser("1207")
    await li.do("闲")
    await home.customer("转人工")
    number = (await home.room.look(fresh=True)).queue[0].number
    async with opened(li) as page:
        await li.do("接", number)
        turn = await taken_in(home, "喂")
        await told(home, turn, number)
        await written_down(home, turn, number)
        await page.shows(number, "customer", "喂")


async def test_what_is_sent_is_shown_as_sent(home: House) -> None:
    """In every tab; the page it was typed in shows it as on its way until then."""
    li = await home.browser("1207")
    number = await home.served(li)
    async with opened(li) as page, opened(li) as other:
        await li.say(number, "您好")
        await page.shows(number, "staff", "您好")
        await other.shows(number, "staff", "您好")


async def test_a_note_is_on_the_page_when_it_was_written(home: House) -> None:
    """It came with the next line of the customer."""
    li = await home.browser("1207")
    number = await home.served(li)
    async with opened(li) as page:
        await li.do("记", number, "客户要求回电")
        await page.shows(number, "note", "客户要求回电")


async def test_a_line_of_staff_is_no_reason_to_look_at_the_whole_desk(
    tmp_path: Path, config: Config, words: Words
) -> None:
    """Unless it changed something there: who writes to a customer on hold takes him off it."""
    async with house(tmp_path, config, words, fresh=600) as home:
        li = await home.browser("1207")
        number = await home.served(li)
        desk = await home.room.look(fresh=True)
        assert await li.say(number, "请稍等") == []
        assert await home.room.look() is desk
        await li.do("挂", number, "5")
        held = await home.room.look()
        assert held.cases[number].state is Where.HOLD
        assert await li.say(number, "让您久等了") == []
        assert (await home.room.look()).cases[number].state is Where.ACTIVE


async def test_what_only_he_was_told_is_there_after_a_reload_however_busy_he_was(home: House) -> None:
    """His feed keeps 60 lines of all his sessions: with forty of them ［密码已提交］ was gone after a minute."""
    li, zhao = await home.browser("1207"), await home.browser("1299")
    number = await home.served(li)
    await li.do("验", number)
    await home.settle()
    await home.customer(home.stage.password)
    await zhao.do("监", number, "抽查")
    await zhao.do("耳", number, "先安抚")
    for n in range(80):
        await home.room.errands.tell("1207", f"copy-{n}", "别的客户说的", number + 1)
    lines = await li.lines(number)
    told = next(n for n, line in enumerate(lines) if line.startswith("［密码已提交］通过"))
    assert lines[told - 2] == "［密码］"
    assert "先安抚" in lines[-1]
    assert not any("密码已提交" in line or "先安抚" in line for line in await zhao.lines(number))  # before he watched


async def proved(home: House) -> tuple[Browser, int, Case]:
    """A session whose customer has just given his password to the bot, beside 1207."""
    li = await home.browser("1207")
    number = await home.served(li)
    await li.do("验", number)
    await home.settle()
    await home.customer(home.stage.password)
    case = await home.room.case(number)
    assert case
    return li, number, case


async def test_what_only_he_was_told_while_the_connection_was_broken_is_on_the_page(home: House) -> None:
    li, number, case = await proved(home)
    seq = (await home.room.talk(case)).seq
    async with opened(li) as page:
        _, missed = await li.get(f"/s/{number}/after?seq={seq}")
        (aside,) = (one for one in json.loads(missed) if one["kind"] == "desk" and "密码已提交" in one["html"])
        assert f'id="l{aside["key"]}"' in (await li.get(f"/s/{number}", **{"HX-Request": "true"}))[1]
        await home.room.errands.tell("1207", "whisper-1", "先安抚", number, about="aside")
        await page.shows(number, "desk", "先安抚")
    _, missed = await li.get(f"/s/{number}/after?seq={seq}")
    assert json.loads(missed)[-1]["key"] == page.keys[-1]  # whichever way it comes, it is shown once


async def test_what_only_he_was_told_comes_with_the_lines_that_it_is_about(home: House) -> None:
    li, number, case = await proved(home)
    sessions = home.stage.hall.sessions
    await home.records.book.fill(case.conversation, await sessions.journal(case.conversation))
    for n in range(60):
        line = Spoken("customer", f"第{n}句", home.stage.clock() + n + 1, number)
        await sessions.speak(case.conversation, None, f"more-{n}", [line])
    _, page = await li.get(f"/s/{number}", **{"HX-Request": "true"})
    assert "第0句" in page
    assert "密码已提交" not in page
    more = re.search(r"/s/\d+/earlier\?before=\d+", page)
    assert more
    _, earlier = await li.get(more[0], **{"HX-Request": "true"})
    lines = [re.sub(r"<[^>]*>", "", text) for text in re.findall(r"<p>(.*?)</p>", earlier, re.DOTALL)]
    told = next(n for n, line in enumerate(lines) if line.startswith("［密码已提交］通过"))
    assert lines[told - 2] == "［密码］"
    assert "第0句" not in lines


async def others(home: House, case: Case, count: int) -> None:
    """So many other conversations are read."""
    for n in range(count):
        await home.room.talk(replace(case, conversation=f"other-{n}"))


async def said(home: House, case: Case, *texts: str) -> None:
    for text in texts:
        line = Spoken("customer", text, home.stage.clock(), case.number)
        await home.stage.hall.sessions.speak(case.conversation, None, f"said-{text}", [line])


async def test_a_conversation_that_is_in_use_is_kept_in_mind(home: House) -> None:
    """The one that was read first went, after 600 others: a busy customer's."""
    li = await home.browser("1207")
    case = await home.room.case(await home.served(li))
    assert case
    talk = await home.room.talk(case)
    await others(home, case, KEPT - 1)
    assert home.room.at_hand(case) is talk
    await home.room.talk(replace(case, conversation="one more"))
    assert home.room.at_hand(case) is talk


async def test_a_line_in_a_conversation_that_was_read_again_is_new(home: House) -> None:
    """It was counted from the 60 lines that are read at first, while pages had been told of more."""
    li = await home.browser("1207")
    case = await home.room.case(await home.served(li))
    assert case
    for n in range(0, 150, 50):
        await said(home, case, *(f"第{n + k}句" for k in range(50)))
        told = (await home.room.catch_up(case)).count
    await others(home, case, KEPT)
    assert home.room.at_hand(case) is None
    await said(home, case, "还在吗")
    talk = await home.room.catch_up(case)
    assert talk.count > told
    assert "还在吗" in [line.spoken.text for line in talk.since(told)]


async def test_a_page_that_reconnects_reads_what_was_written_down_late(home: House) -> None:
    li = await home.browser("1207")
    number = await home.served(li)
    turn = await taken_in(home, "还有多少流量")
    await li.say(number, "我看一下")
    _, page = await li.get(f"/s/{number}", **{"HX-Request": "true"})
    at = page.partition('data-seq="')[2].partition('"')[0]
    await written_down(home, turn, number)
    _, answer = await li.get(f"/s/{number}/after?seq={at}", **{"HX-Request": "true"})
    assert any("还有多少流量" in line["html"] for line in json.loads(answer))


async def test_a_page_that_does_not_answer_is_not_there(home: House) -> None:
    """A browser that vanished without a word leaves its connection open for long."""
    home.room.rules = with_(home.room.rules, grace=1500)
    li = await home.browser("1207")
    await li.do("闲")
    async with opened(li):
        seats = []
        for answering in (True, False):
            before = await home.stage.hall.desk.seat("1207")
            await asyncio.sleep(0.2)
            home.stage.clock.forward(1)
            if answering:
                assert (await li.get("/here", **{"HX-Request": "true"}))[0] == 204
            await asyncio.sleep(0.8)
            after = await home.stage.hall.desk.seat("1207")
            assert before
            assert after
            seats.append(after.until > before.until)
    assert seats == [True, False]
