"""What replies tell customers to type is understood when they type it: every phrase that stands in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot import dialog
from bot.adapters.memory.hall import NUMBERS
from bot.adapters.town.news import CHANNELS
from bot.config import Config
from bot.dialog import words as said
from bot.intents.answers import entries
from bot.model import Brand, Service
from bot.wiring import Words
from tests.support.counter import Counter
from tests.support.replies import ENGLISH, SAMPLES, rendered, worded
from tests.support.replies.road import LONG

QUOTED = {"zh": re.compile("“([^”]+)”"), "en": re.compile(r'"([^"]+)"')}
STAFF = re.compile("desk/(?!queued|said|place|left|message|rated|with_human|go_on)")  # read by staff alone
# Not to be typed: what was said or ordered, and what is written on a phone or a page.
NAMED = {"1123", "乌鲁木齐天山区附近哪里有", "拉萨", "全球通感恩送话费", "GoTone thank-you credit"}
NAMED |= {LONG.title, ENGLISH[LONG.title]} | {"保持", "合并", "呼叫等待", "视频通话", "下线", "＋", "命令"}
ANSWERS = said.YES | said.NO | said.RESEND | said.NEITHER | said.GAME_OVER | said.NEXT | said.PREVIOUS
# Typed where it is asked for, or while waiting for staff: tests/talks has these conversations.
IN_CONTEXT = {"北京朝阳区", "Chaoyang, Beijing", "留言", "message"}
IN_VAIN = re.compile(
    r"您是想|这件事要确认|没听懂|没明白|没有这|您想问的是"
    r"|Do you mean|To be sure|did not understand|There is no such"
)


def texts(words: Words, lang: str) -> Iterator[str]:
    for name in sorted(SAMPLES):
        if not STAFF.match(name):
            yield from rendered(words, name, lang)
    yield from (entry.zh if lang == "zh" else entry.en for entry in entries())


def phrases(words: Words, lang: str) -> list[str]:
    found = dict.fromkeys(phrase for text in texts(words, lang) for phrase in QUOTED[lang].findall(text))
    known = NAMED | IN_CONTEXT
    return [phrase for phrase in found if phrase not in known and dialog.fold(phrase) not in ANSWERS]


async def in_vain(config: Config, words: Words, lang: str, phrase: str, brand: Brand = Brand.GOTONE) -> str:
    """What a customer is told who types it and is not understood; "" when he is."""
    answer = await answered(config, words, lang, phrase, brand)
    return answer if IN_VAIN.search(answer) else ""


async def answered(config: Config, words: Words, lang: str, phrase: str, brand: Brand) -> str:
    """By the hall, to a customer who is logged in."""
    counter = Counter(config, words, number=NUMBERS[brand], lang=lang)
    for product in SAMPLES["service/choose"][0]["products"]:
        counter.operator.sell(product.name)
    line = counter.operator.lines[counter.number]
    line.services += [Service(product.id, product) for product in counter.operator.sold if product.id.startswith("own")]
    await counter.tell("登录" if lang == "zh" else "log in", counter.password)
    return await counter.tell(phrase)


@pytest.mark.parametrize("lang", QUOTED)
async def test_what_a_reply_tells_to_type_is_understood(lang: str, config: Config, words: Words) -> None:
    hall = worded(words)
    told = {phrase: await in_vain(config, hall, lang, phrase) for phrase in phrases(hall, lang)}
    assert len(told) > 50
    assert {phrase: answer for phrase, answer in told.items() if answer} == {}


@pytest.mark.parametrize("brand", Brand)
async def test_a_channel_that_is_listed_is_read_and_subscribed_to_by_its_name(
    brand: Brand, config: Config, words: Words
) -> None:
    for channel in CHANNELS[brand]:
        english = words.tongues["en"].name(channel.name)
        for lang, line in (
            ("zh", channel.name),
            ("zh", f"订阅{channel.name}"),
            ("zh", f"退订{channel.name}"),
            ("en", english),
            ("en", f"send me {english} every day"),
        ):
            assert await in_vain(config, words, lang, line, brand) == "", line
        assert (await answered(config, words, "en", english, brand)).startswith(f"{english}:")
