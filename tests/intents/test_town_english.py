"""The town of the demo in English: halls, shops, headlines and topics read so, and fit a phone."""

from __future__ import annotations

import re

import pytest

from bot.adapters.memory.hall import NUMBERS
from bot.adapters.memory.world import FAMILY, SERVICES, SHORT
from bot.adapters.sandbox.operator.cashier import METHOD
from bot.adapters.sandbox.operator.people import COMPANIES
from bot.adapters.town.leisure import BOARDS, CLUBS, NOBODY
from bot.adapters.town.news import CHANNELS, TITLES
from bot.adapters.town.places import AREAS, BRANCHES, SHOPS
from bot.adapters.town.promotions import PROMOTIONS
from bot.config import Config
from bot.model import AskedSlot, Brand, Choosing
from bot.paths import shipped
from bot.talk import MOST_CHARACTERS, MOST_LINES
from bot.tongue import Glossary, glossary
from bot.wiring import Words
from tests.support.counter import Counter

HAN = re.compile("[\u4e00-\u9fff]")
NAMES = Glossary.of(glossary(shipped("replies") / "en" / "terms.txt"))
OURS = [
    *(name for area in AREAS for name in (area.city, *area.districts)),
    *(word for one in BRANCHES for word in (one.name, one.address, one.hours)),
    *(word for one in SHOPS for word in (one.name, one.kind, one.discount, one.address)),
    *(title for titles in TITLES.values() for title in titles),
    *(channel.name for channels in CHANNELS.values() for channel in channels),
    *(word for board in BOARDS for word in (board.name, *board.posts)),
    *(word for club in (*CLUBS.values(), NOBODY) for word in (club.level, *club.benefits, club.next)),
    *(word for all_ in PROMOTIONS.values() for one in all_ for word in (one.name, one.text)),
    *(word for one in (*SERVICES, FAMILY, SHORT) for word in (one.name, one.short, one.description)),
    *("西安", "南京"),  # of calls abroad from home
    *COMPANIES,
    METHOD,
]


@pytest.mark.parametrize("word", sorted({word for word in OURS if word}))
def test_what_our_tables_name_has_an_english_name(word: str) -> None:
    assert not HAN.search(NAMES(word)), NAMES(word)


@pytest.mark.parametrize("brand", [Brand.GOTONE, Brand.MZONE, Brand.GROUP])
async def test_halls_and_shops_read_english_and_fit_a_phone(brand: Brand, config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBERS[brand], lang="en")
    await counter.tell("log in", counter.password)
    asks = [("halls near me", NAMES(area.city)) for area in AREAS]
    asks += [("halls near me", f"{NAMES(one)}, {NAMES(area.city)}") for area in AREAS for one in area.districts]
    asks += [("M-Zone shops", NAMES(area.city)) for area in AREAS] if brand is Brand.MZONE else []
    for ask, place in asks:
        await counter.tell(ask)
        for line in (place, "next", "next"):
            answer = await counter.tell(line)
            assert not HAN.search(answer), f"{line}: {answer}"
            assert len(answer) <= MOST_CHARACTERS, answer
            assert len(answer.splitlines()) <= MOST_LINES
        assert "Road" in answer or "Avenue" in answer or "Street" in answer, answer


@pytest.mark.parametrize("ask", ["questions", "halls near me", "shops near me"])
async def test_what_is_chosen_from_is_english_where_nobody_types(ask: str, config: Config, words: Words) -> None:
    """The lists of command forms (XEP-0050) are no templates."""
    counter = Counter(config, words, number=NUMBERS[Brand.MZONE], lang="en")
    await counter.tell(ask)
    match counter.stands:
        case Choosing(options):
            labels = [one.label for one in options]
        case AskedSlot(options=pairs):
            labels = [label for label, _ in pairs]
        case _:
            labels = []
    assert labels
    assert not any(map(HAN.search, labels)), labels


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        ("halls in Beijing", "Beijing"),
        ("halls in Guangzhou", "Guangzhou"),
        ("shops in Wuhan", "Wuhan"),
        ("any shops in Hangzhou?", "Hangzhou"),
        ("where is your office in Chengdu", "Chengdu"),
        ("Where is your office in Shanghai?", "Shanghai"),
        ("hall near Chaoyang", "Chaoyang"),
        ("where are your halls", "Which city"),
    ],
)
async def test_halls_are_asked_for_with_their_city(ask: str, told: str, config: Config, words: Words) -> None:
    """It was asked whether that is meant, or not understood at all."""
    counter = Counter(config, words, lang="en")
    answer = await counter.tell(ask)
    assert told in answer
    assert "hall" in answer or "district" in answer


async def test_shops_with_a_discount_are_still_those_of_m_zone(config: Config, words: Words) -> None:
    counter = Counter(config, words, number=NUMBERS[Brand.MZONE], lang="en")
    await counter.tell("log in", counter.password)
    for ask in ("m-zone shops in Wuhan", "any discount shops in Wuhan"):
        assert "Sichuan Kitchen" in await counter.tell(ask)


@pytest.mark.parametrize("line", ["and in Shanghai?", "what about Shanghai", "how about Shanghai?"])
async def test_another_city_goes_on_with_halls(line: str, config: Config, words: Words) -> None:
    """It is longer than 上海呢: they were asked whether they mean their orders."""
    counter = Counter(config, words, lang="en")
    await counter.tell("halls in Beijing")
    assert "Shanghai:" in await counter.tell(line)
