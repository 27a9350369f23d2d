"""Every hostile line of $HALLBOT_DATA/hostile.jsonl, fresh and in every state of the conversation."""

from __future__ import annotations

import gc
import json
import os
import time
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.adapters.mint import KeyedMint
from bot.config import Config
from bot.dialog import YES
from bot.model import AskedCode
from bot.talk import MOST_CHARACTERS, MOST_LINES
from bot.wiring import Words
from tests.support.counter import ROADS, Counter
from tests.support.logs import hall_log

ROOT = Path(__file__).parents[2]
LIVE = "123456"  # the code that the corpus writes in thirty ways
SLOW = 0.25  # seconds of processor for one line; the bar is 10 ms, the machine is shared

HERE = {"body", "slot", "sms_param", "steps"}  # channels that this file runs
ELSEWHERE = {  # (category, channel) → where it is tested
    ("jid", "from"): "tests/measure/test_hostile_wire.py",
    ("stanza", "raw_xml"): "tests/measure/test_hostile_wire.py",
    ("web", "http"): "tests/measure/test_hostile_web.py",
    ("web", "transcript"): "tests/measure/test_hostile_web.py",
}


@dataclass(frozen=True)
class Row:
    id: str
    category: str
    channel: str
    text: str
    steps: tuple[str, ...]
    expect: str


def _row(data: dict[str, Any]) -> Row:
    given, made = data["input"], data.get("gen")
    text = made["unit"] * made["n"] if made else given if isinstance(given, str) else ""
    steps = tuple(given) if isinstance(given, list) else ()
    return Row(data["id"], data["cat"], data["channel"], text, steps, data["expect"])


@pytest.fixture(scope="module")
def corpus() -> list[Row]:
    if not os.environ.get("HALLBOT_DATA"):
        pytest.fail("HALLBOT_DATA is not set: it names the folder that holds hostile.jsonl")
    lines = (Path(os.environ["HALLBOT_DATA"]) / "hostile.jsonl").read_text("utf-8").split("\n")  # U+2028 stands in it
    rows = [_row(json.loads(line)) for line in lines if line]
    assert len(rows) >= 200
    return rows


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """What the hall really writes into its log."""
    with hall_log(tmp_path) as path:
        yield path


class KnownCodes(KeyedMint):
    def code(self) -> str:
        return LIVE


@pytest.fixture
def counter(config: Config, words: Words) -> Callable[[], Counter]:
    return lambda: Counter(config, words, mint=KnownCodes(bytes(32), bytes(32)))


def test_every_category_is_run_or_named(corpus: list[Row]) -> None:
    kinds = {(row.category, row.channel) for row in corpus}
    assert {kind for kind in kinds if kind[1] not in HERE} == set(ELSEWHERE)
    assert all((ROOT / place).exists() for place in ELSEWHERE.values())


# --- one line --------------------------------------------------------------------------------------------------


def lines_of(row: Row) -> list[str]:
    """What a customer could type to bring this input in."""
    match row.channel:
        case "body":
            return [row.text]
        case "slot":
            return [row.text, f"开通{row.text}", f"退订{row.text}", f"积分兑换{row.text}", f"查{row.text}的话费"]
        case "sms_param":
            return [row.text, f"开通{row.text}", f"开通5元流量包{row.text}", "开通5元流量包\u200b"]
        case _:
            return []


def normal(text: str) -> str:
    """An oracle of its own for codes: NFKC, no blanks, no hyphens."""
    return "".join(unicodedata.normalize("NFKC", text).replace("-", "").split())


async def run(counter: Counter, name: str, line: str) -> None:
    """One line in one state: what may never happen, whatever the line is."""
    await counter.reach(name)
    held, rows = counter.stands, {row.operation.id: row.state.value for row in counter.rows}
    sent, done = sum(map(len, counter.gateway.inbox.values())), len(counter.operator.effects)
    gc.disable()  # it walks through all that the tests of this process hold: .3 s, and none of them the line's
    begun = time.process_time()
    try:
        answers = await counter.deliver(counter.message(line))
        assert time.process_time() - begun < SLOW
    finally:
        gc.enable()
    assert len(answers) <= 1
    for answer in answers:
        assert len(answer.text) <= MOST_CHARACTERS
        assert len(answer.text.splitlines()) <= MOST_LINES
        evaluated = ("49", "<class", "__", "root:", "function", "Traceback", "/etc/", "&lt;", "os.system")
        assert not [mark for mark in evaluated if mark in answer.text and mark not in line], answer.text
    right = isinstance(held, AskedCode) and normal(line) in {LIVE, f"验证码{LIVE}", f"是{LIVE}"}
    agreed = name == "confirming" and unicodedata.normalize("NFKC", line).strip().lower() in YES
    assert len(counter.operator.effects) == done + right, "an effect without its code"
    assert sum(map(len, counter.gateway.inbox.values())) == sent + agreed, "an SMS without a yes"
    for row in counter.rows:
        before = rows.pop(row.operation.id, None)
        allowed = {None: {"drafted"}, "drafted": {"drafted", "withdrawn"}, "confirmed": {"confirmed", "withdrawn"}}[
            before
        ]
        allowed |= ({"confirmed"} if agreed else set()) | ({"done"} if right else set())
        assert row.state.value in allowed, (before, row.state)
        assert row.operation.order.number == counter.number
        assert before is not None or name not in {"confirming", "asked_code"}, "a second draft over an open one"
    assert not rows
    assert len(counter.operator.tickets) <= (name == "asked_text")


@pytest.mark.parametrize("name", ROADS)
async def test_no_line_does_more_than_it_may(
    name: str, corpus: list[Row], counter: Callable[[], Counter], log: Path
) -> None:
    ran = 0
    for row in corpus:
        for line in lines_of(row):
            try:
                await run(counter(), name, line)
            except AssertionError as error:
                raise AssertionError(f"{row.id} in {name}: {line[:80]!r}: {error}") from error
            ran += 1
    assert ran >= 200
    _check_log(log, corpus)


def _check_log(log: Path, corpus: list[Row]) -> None:
    """One event, one line of JSON; nothing that was typed stands in it."""
    records = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert records
    assert {record["event"] for record in records} == {"turn"}
    values = {str(value) for record in records for key, value in record.items() if key not in {"timestamp", "level"}}
    words = {row.text for row in corpus if len(row.text.strip()) >= 4}
    assert len(words) >= 100
    assert not [(word[:40], value) for word in words for value in values if word in value]


async def test_a_line_before_anything_else(corpus: list[Row], counter: Callable[[], Counter], log: Path) -> None:
    """The first contact: no session, no account, no log-in."""
    for row in corpus:
        for line in lines_of(row):
            fresh = counter()
            answers = await fresh.deliver(fresh.message(line))
            assert len(answers) <= 1, row.id
            assert fresh.session.login_at == 0
            assert (fresh.rows, fresh.operator.effects, fresh.operator.tickets) == ([], {}, {}), row.id
            assert all(len(answer.text) <= MOST_CHARACTERS for answer in answers), row.id
    _check_log(log, corpus)


async def test_codes_are_accepted_exactly_as_the_corpus_says(corpus: list[Row], counter: Callable[[], Counter]) -> None:
    accepted = 0
    for row in corpus:
        if row.category != "code":
            continue
        here = counter()
        await here.reach("asked_code")
        await here.tell(row.text)
        if row.expect.startswith("must be accepted"):
            accepted += 1
            assert here.states == ["done"], row.id
            await here.tell(row.text)
            assert len(here.operator.effects) == 1, "exactly once"
        else:
            assert here.states == ["confirmed"], row.id
            assert await here.state() == "asked_code", row.id
            assert "办理成功" in await here.tell(LIVE), f"{row.id}: the right code still counts"
    assert accepted >= 5


async def test_what_is_no_code_costs_no_try(corpus: list[Row], counter: Callable[[], Counter]) -> None:
    for row in corpus:
        if row.category == "code" and not (normal(row.text).isascii() and normal(row.text).isdigit()):
            here = counter()
            await here.reach("asked_code")
            await here.tell(*[row.text] * 3)
            assert "还可以试 2 次" in await here.tell("654321"), row.id


async def test_consent_is_a_yes_word_and_nothing_else(corpus: list[Row], counter: Callable[[], Counter]) -> None:
    for row in corpus:
        if row.category == "consent":
            here = counter()
            await here.reach("confirming")
            await here.tell(row.text)
            assert await here.state() in {"confirming", "idle"}, row.id
            assert here.gateway.inbox == {}, row.id


async def test_an_sms_is_built_from_the_catalogue_alone(corpus: list[Row], counter: Callable[[], Counter]) -> None:
    for row in corpus:
        if row.channel not in {"sms_param", "slot"}:
            continue
        for line in lines_of(row):
            here = counter()
            await here.sign_in()
            await here.tell(line, "1", "确认", "1", "确认")
            for text in here.gateway.inbox.get(here.number, []):
                assert "中国移动" not in text, row.id
                assert row.text not in text, row.id
                assert text.isprintable(), row.id
                assert len(text) <= 134, row.id


# --- sequences of steps ----------------------------------------------------------------------------------------


async def swapped(counter: Counter) -> None:
    """The parameters change behind the code: the first code is worth nothing for the second operation."""
    await counter.tell("开通5元流量包", "确认")
    await counter.tell("取消", "开通20元流量包")
    await counter.tell(LIVE)
    assert counter.operator.effects == {}
    assert counter.states == ["withdrawn", "drafted"]


def waited(seconds: float, state: str) -> Callable[[Counter], Awaitable[None]]:
    async def scene(counter: Counter) -> None:
        await counter.tell("开通彩铃", "确认")
        await counter.wait(seconds)
        await counter.tell(LIVE)
        assert counter.states == [state]

    return scene


async def late(counter: Counter) -> None:
    await counter.tell("开通彩铃", "确认")
    await counter.wait(301)
    await counter.tell(LIVE)
    assert counter.states == ["withdrawn"]
    assert counter.operator.effects == {}


async def inside(counter: Counter) -> None:
    await counter.wait(299)
    assert "积分" in await counter.tell("查积分")


async def outside(counter: Counter) -> None:
    await counter.wait(301)
    assert "客服密码" in await counter.tell("查积分")


async def half_an_hour(counter: Counter) -> None:
    for _ in range(7):
        await counter.wait(240)
        await counter.tell("查积分")
    await counter.wait(180)
    assert "客服密码" in await counter.tell("查积分")


async def other_resource(counter: Counter) -> None:
    """The session rule is the bare JID: reading an SMS means leaving the app (contracts, A code turn)."""
    await counter.tell("开通彩铃", "确认")
    [answer] = await counter.deliver(replace(counter.message(LIVE), full=f"{counter.jid}/tablet"))
    assert (counter.states, answer.to) == (["done"], f"{counter.jid}/tablet")


async def locked_out(counter: Counter) -> None:
    """Only after a log-in, only operations, for half an hour."""
    answer = ""
    for _ in range(4):
        await counter.tell("开通彩铃", "确认")
        for _ in range(3):
            if await counter.state() == "asked_code":
                answer = await counter.tell("000000")
        await counter.wait(61)
    assert "30分钟内不能办理" in answer
    assert "积分" in await counter.tell("查积分")


async def impatient(counter: Counter) -> None:
    twice = await counter.deliver(counter.message("查积分"), counter.message("查积分"))
    assert [answer.text for answer in twice] == [twice[0].text] * 2
    await counter.deliver(counter.message("开通彩铃"), counter.message("开通彩铃"))
    assert counter.states == ["drafted"]


SCENES: dict[str, Callable[[Counter], Awaitable[None]]] = {
    "h264": swapped,
    "h267": waited(179.9, "done"),
    "h268": waited(180.1, "confirmed"),
    "h272": late,
    "h273": inside,
    "h274": outside,
    "h275": half_an_hour,
    "h277": other_resource,
    "h287": locked_out,
    "h292": impatient,
}
SEQUENCES_ELSEWHERE = {
    "h263": "tests/adapters/redis/test_second_factor.py",
    "h269": "tests/adapters/redis/test_codes.py",
    "h284": "tests/adapters/redis/test_codes.py",
    "h285": "tests/test_turn.py",  # a JID has one number, its own
    "h289": "tests/adapters/redis/test_link.py",
    "h294": "tests/e2e/test_killed.py",
    "h278": "the staff desk, a later issue",
    "h279": "the staff desk, a later issue",
    "h280": "the staff desk, a later issue",
}


def test_every_sequence_is_run_or_named(corpus: list[Row]) -> None:
    known = {row.id for row in corpus if row.channel == "steps"}
    assert known == set(SCENES) | set(SEQUENCES_ELSEWHERE)
    assert all((ROOT / place).exists() for place in SEQUENCES_ELSEWHERE.values() if place.startswith("tests/"))


@pytest.mark.parametrize("id", SCENES)
async def test_a_sequence(id: str, corpus: list[Row], counter: Callable[[], Counter]) -> None:
    assert any(row.id == id for row in corpus)
    here = counter()
    await here.sign_in()
    await SCENES[id](here)


async def test_words_about_others_never_show_their_data(corpus: list[Row], counter: Callable[[], Counter]) -> None:
    """Same words for a number that exists and one that does not; nothing of another line."""
    for row in corpus:
        if row.category == "social":
            existing, nobody = counter(), counter()
            await existing.sign_in()
            await nobody.sign_in()
            first = await existing.tell(row.text.replace("13900139000", "13800138002"))
            second = await nobody.tell(row.text.replace("13900139000", "13999999999"))
            assert first == second, row.id
            assert "13800138002" not in first
