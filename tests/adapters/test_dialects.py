"""The operator's dialect is an entry point: ours, a second one that is only here, and those that are refused."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.adapters.dialects import GROUP, dialect
from bot.adapters.memory.hall import NUMBERS
from bot.adapters.tmf import TmfHall
from bot.config import Config
from bot.errors import ConfigError
from bot.model import Brand
from bot.ports.dialect import OpenHall, Operator
from bot.stage import MemoryStage, Own
from bot.wiring import Words
from tests.support.cents import Careless, CentsHall, CentsOperator


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution that brings two dialects, as pip would have put it there."""
    info = tmp_path / "cents-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cents\nVersion: 1.0\n", "utf-8")
    points = "cents = tests.support.cents:Cents\ncareless = tests.support.cents:Careless\n"
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{points}", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.fixture
async def theirs() -> AsyncIterator[tuple[CentsOperator, Operator]]:
    operator = CentsOperator()
    runner = web.AppRunner(operator.app(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield operator, Operator(f"http://127.0.0.1:{port}", "key", timeout=2)
    await runner.cleanup()


def empty(base: str = "http://127.0.0.1:9") -> Operator:
    names = ("paths", "traits", "kinds", "offerings", "brands", "words")
    return Operator(base, number_filter="productSerialNumber", names={name: {} for name in names})


def test_ours_is_tm_forum() -> None:
    assert isinstance(dialect("tmf").hall(empty(), int), TmfHall)


def test_a_dialect_that_nobody_brought(installed: None) -> None:
    with pytest.raises(ConfigError, match=r"operator\.dialect: there is no 'cent', did you mean 'cents'\?"):
        dialect("cent")
    with pytest.raises(ConfigError, match=r"there is no 'zzz', there are careless, cents, tmf"):
        dialect("zzz")


def test_orders_that_could_not_be_found_again_are_refused_at_start(installed: None) -> None:
    with pytest.raises(ConfigError, match=r"'careless' does not say how orders of kind product are found again"):
        dialect("careless")
    assert Careless.recognises, "the other kinds are"


async def talked(config: Config, words: Words, hall: OpenHall, *lines: str) -> tuple[MemoryStage, str]:
    assert isinstance(hall, CentsHall)
    stage = MemoryStage(config, NUMBERS[Brand.EASYOWN], words=words, own=Own(hall=hall))
    said = ""
    for line in lines:
        codes = re.findall(r"】(\d{6})，", "".join(await stage.sms()))
        [said] = await stage.say(line.format(password=stage.password, code=codes[-1] if codes else ""))
    return stage, said


async def test_the_second_one_is_asked_in_its_own_words(
    installed: None, theirs: tuple[CentsOperator, Operator], config: Config, words: Words
) -> None:
    operator, facts = theirs
    hall = dialect("cents").hall(facts, int)
    await hall.start()
    try:
        _, said = await talked(config, words, hall, "查余额", "{password}")
        assert "余额 25.60元，有效期至2027年6月30日。" in said
        stage, said = await talked(config, words, hall, "开通彩铃", "{password}", "确认", "{code}")
        assert "办理成功：开通彩铃" in said
        [said] = await stage.say("0000")
        assert "彩铃 5元/月" in said
        assert operator.orders == 1
    finally:
        await hall.close()


async def test_an_order_without_an_answer_is_found_by_what_it_did_and_not_sent_again(
    installed: None, theirs: tuple[CentsOperator, Operator], config: Config, words: Words
) -> None:
    operator, facts = theirs
    hall = dialect("cents").hall(facts, int)
    await hall.start()
    try:
        operator.swallow = True
        stage, said = await talked(config, words, hall, "开通彩铃", "{password}", "确认", "{code}")
        assert "处理中" in said
        await stage.wait(10)
        await stage.hall.core.operations.reconcile(stage.clock(), "w")
        assert await stage.ledger() == "done"
        assert operator.orders == 1
    finally:
        await hall.close()
