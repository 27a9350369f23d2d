"""Answers that link to files: an address that follows from the turn, a picture beside its numbers, dead at log-out."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from bot.adapters.xmpp.outbound import stanza
from bot.config import Config
from bot.links import MOST, unlinked
from bot.model import Export, Picture
from bot.ports import Turn
from bot.wiring import Words
from tests.support.counter import Counter


@pytest.fixture
async def counter(config: Config, words: Words) -> Counter:
    counter = Counter(config, words)
    await counter.sign_in()
    return counter


def token(answer: str) -> str:
    found = re.search(r"https://hall\.example/f/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])", answer)
    assert found, answer
    return found[1]


@pytest.mark.parametrize("line", ["近半年账单", "套餐余量", "积分记录"])
async def test_a_picture_is_linked_and_shown_beside_its_numbers(counter: Counter, line: str) -> None:
    [out] = await counter.deliver(counter.message(line))
    link = token(out.text)
    assert isinstance(await counter.hall.files.look(link, counter.clock()), Picture)
    assert re.search(r"\d", out.text.replace(link, ""))
    assert out.oob == f"https://hall.example/f/{link}.png"
    assert f"<x xmlns='jabber:x:oob'><url>{out.oob}</url></x>" in stanza(out, stamped=False)


async def test_an_answer_without_a_picture_has_no_address(counter: Counter) -> None:
    [out] = await counter.deliver(counter.message("查话费"))
    assert out.oob == ""
    assert "jabber:x:oob" not in stanza(out, stamped=False)


async def test_a_detail_record_is_linked_and_never_shown_as_a_picture(counter: Counter) -> None:
    await counter.tell("上个月通话详单")
    [out] = await counter.deliver(counter.message(await counter.code()))
    file = await counter.hall.files.look(token(out.text), counter.clock())
    assert isinstance(file, Export)
    assert (file.month, file.kind, file.account.number) == ("2026-04", "voice", counter.number)
    assert out.oob == ""


@pytest.mark.parametrize("leave", ["退出", "再见"])
async def test_log_out_kills_every_link(counter: Counter, leave: str) -> None:
    tokens = [token(await counter.tell(line)) for line in ("近半年账单", "套餐余量")]
    assert counter.session.files == tuple(tokens)
    await counter.tell(leave)
    assert [await counter.hall.files.look(one, counter.clock()) for one in tokens] == [None, None]
    assert counter.session.files == ()


async def test_idle_log_out_kills_them_with_the_first_word_that_follows(counter: Counter) -> None:
    link = token(await counter.tell("近半年账单"))
    await counter.wait(301)
    await counter.tell("你好")
    assert counter.session.files == ()
    assert await counter.hall.files.look(link, 0) is None


async def test_a_turn_that_is_run_again_links_to_the_same_file(counter: Counter) -> None:
    turn = Turn("17-abc", "1-9", counter.clock(), 0, counter.message("近半年账单"), counter.session)
    turns = counter.hall.core.turns
    first, again = await turns.take(turn), await turns.take(replace(turn, age=999_000))
    assert first.replies[-1].data["link"] == again.replies[-1].data["link"] != ""
    assert first.session.files == again.session.files


async def test_links_are_told_apart_and_only_the_last_ones_are_kept_in_mind(counter: Counter) -> None:
    tokens = [token(await counter.tell("近半年账单")) for _ in range(MOST + 3)]
    assert len(set(tokens)) == len(tokens)
    assert counter.session.files == tuple(tokens[-MOST:])


async def test_where_nothing_is_served_the_numbers_stand_alone(counter: Counter) -> None:
    counter.hall.files.base = ""
    [out] = await counter.deliver(counter.message("近半年账单"))
    assert "http" not in out.text
    assert "图" not in out.text
    assert out.oob == ""
    assert counter.session.files == ()


async def test_staff_and_transcripts_read_no_address(counter: Counter) -> None:
    answer = await counter.tell("近半年账单")
    read = unlinked(answer)
    assert token(answer) not in read
    assert "https://hall.example/f/…" in read


def test_a_puk_is_in_no_transcript() -> None:
    """Staff who took a session over read it, for 180 days."""
    assert unlinked("登录成功。\n您的PUK码：37462519\n请在") == "登录成功。\n您的PUK码：********\n请在"
    assert unlinked("Your PUK code: 37462519\nEnter") == "Your PUK code: ********\nEnter"
    assert unlinked("PIN码锁了不用换卡：回复“PUK码”。") == "PIN码锁了不用换卡：回复“PUK码”。"


def test_a_voucher_is_in_no_transcript() -> None:
    for text in ("券码 MVHT-4K7P-92QX，2027年12月31日前有效。", "Voucher MVHT-4K7P-92QX, valid until 2027-12-31."):
        assert "MVHT" not in unlinked(text)
        assert "2027" in unlinked(text)
