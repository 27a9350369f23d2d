"""Names that only the operator's catalogue knows: which lines may hold one, and when one is clearly meant."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS, MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.intents import names
from bot.intents.base import Call
from bot.intents.match import Matcher
from bot.intents.slots import read
from bot.intents.wording import Wording
from bot.model import Brand, Product
from bot.wiring import Words
from tests.intents import fresh
from tests.support.samples import AT, session

ON, OFF = names.SUBSCRIBE, names.CANCEL
OWN = [
    Product(f"own{n}", name, name)
    for n, name in enumerate(
        ("天气早知道", "宝贝守护", "宝贝课堂", "不限量日包", "会议通", "飞信", "Kids Watch", "约会达人")
    )
]

Calling = Callable[[str], Call]


@pytest.fixture
def calling(words: Words) -> Calling:
    hall = MemoryHall()
    here = replace(session(), account=hall.lines[NUMBERS[Brand.GOTONE]].account)

    def call(said: str) -> Call:
        tongue = words.tongues["en" if said.isascii() else "zh"]
        slots = replace(read("", "2026-05"), words=said)
        return Call(here, slots, hall, MemoryLedger(), words.menus, words.catalogue, AT, "k", tongue=tongue)

    return call


@pytest.mark.parametrize(
    ("line", "intent", "name", "plain"),
    [
        ("开通天气早知道", ON, "天气早知道", True),
        ("麻烦帮我开通一下天气早知道业务", ON, "天气早知道", True),
        ("开个宝贝守护", ON, "宝贝守护", False),
        ("kt宝贝守护", ON, "宝贝守护", False),
        ("退订天气早知道", OFF, "天气早知道", True),
        ("取消我的宝贝守护吧", OFF, "宝贝守护", False),
        ("把宝贝守护给我退了", OFF, "宝贝守护", False),
        ("宝贝守护退订", OFF, "宝贝守护", False),
        ("open Kids Watch", ON, "kids watch", False),
        ("please subscribe to the Kids Watch service", ON, "kids watch", True),
        ("cancel my kids watch now", OFF, "kids watch", False),
        ("turn kids watch off", OFF, "kids watch", False),
        ("取消我的约会", OFF, "约会", False),
    ],
)
def test_a_line_that_begins_or_ends_with_the_verb_holds_a_name(line: str, intent: str, name: str, plain: bool) -> None:
    assert names.named(line) == names.Named(intent, name, plain)


@pytest.mark.parametrize(
    "line", ["开通", "退订", "关灯", "宝贝守护", "退订1", "不要开通宝贝守护", "how to open it", "开" + "通" * 60]
)
def test_other_lines_hold_none(line: str) -> None:
    found = names.named(line)
    assert found is None, found


@pytest.mark.parametrize(
    ("said", "meant", "clear"),
    [
        ("天气早知道", ["天气早知道"], True),
        ("田气早知道", ["天气早知道"], True),  # by ear
        ("tianqizaozhidao", ["天气早知道"], True),
        ("kidz watch", ["Kids Watch"], True),
        ("天气早知道和宝贝守护", ["天气早知道", "宝贝守护"], True),
        ("宝贝", ["宝贝守护", "宝贝课堂"], False),
        ("天气", ["天气早知道"], False),
        ("微信", ["飞信"], False),
        ("会议", ["会议通"], False),
        ("约会", ["约会达人"], False),
        ("我的约会安排", [], False),
        ("机票", [], False),
        ("my flight", [], False),
    ],
)
def test_clear_is_more_than_near(said: str, meant: list[str], clear: bool, calling: Calling) -> None:
    found, sure = names.among(calling(said), OWN)
    assert (sorted(p.name for p in found), sure) == (sorted(meant), clear)


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("开通不限量日包", False),
        ("不要开通不限量日包", True),
        ("开通不限量日包了吗", True),
        ("不限量日包不要取消", True),
        ("cancel kids watch", False),
        ("don't cancel kids watch", True),
    ],
)
def test_a_denial_is_heard_beside_a_name_and_not_in_it(line: str, doubt: bool) -> None:
    assert names.doubtful(line, OWN) is doubt


def test_a_sentence_that_is_nobodys_is_looked_up_nowhere(words: Words, matcher: Matcher) -> None:
    sentences = Wording.read(words.catalogue).outside
    verbs = [line for line in sentences if names.named(line)]
    assert len(verbs) > 30
    assert [line for line in verbs if names.by_name(line, matcher(line))] == []


def test_what_is_understood_is_looked_up_nowhere(matcher: Matcher) -> None:
    for line in ("开通彩铃", "退订手机报", "cancel mobile news"):
        assert names.named(line), line
        assert names.by_name(line, matcher(line)) is None, line


def test_no_chatter_and_no_trap_names_a_service_clearly(matcher: Matcher, calling: Calling, words: Words) -> None:
    """What nobody asked for is begun by no name either, whatever an operator sells."""
    sold = [*OWN, *MemoryHall().sold]
    begun, looked_up = [], 0
    for row in (*fresh.chatter(), *fresh.traps()):
        if wish := names.by_name(row.text, matcher(row.text)):
            looked_up += 1
            meant, clear = names.among(calling(wish.words), sold)
            if clear and not names.doubtful(row.text, meant):
                begun.append(row.text)
    assert looked_up > 20
    assert begun == []


@pytest.mark.parametrize("piece", ["开通", "把我的", "please want ", "turn a ", "取消了", "的", "x on "])
def test_the_longest_line_is_read_at_once(piece: str) -> None:
    """Nothing here has 2ⁿ readings."""
    began = process_time()
    names.named(piece * 100 + "?x")
    assert process_time() - began < 0.05
