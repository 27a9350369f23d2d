"""What is offered besides the account, in every brand and in both languages: an answer, or what there is instead."""

from __future__ import annotations

import re

import pytest

from bot.adapters.memory.hall import NUMBERS
from bot.config import Config
from bot.intents.base import Catalogue
from bot.model import Brand
from bot.wiring import Words
from tests.support.counter import Counter

OURS = (
    *("promo.query", "promo.join", "news.query", "news.subscribe", "news.unsubscribe", "sms.send", "vip.query"),
    *("shop.query", "bbs.query", "game.play", "hall.nearby", "faq", "fault.report", "complaint", "operation.query"),
)
HAN = re.compile("[一-鿿]")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("brand", Brand)
async def test_every_function_answers(
    config: Config, words: Words, catalogue: Catalogue, brand: Brand, lang: str
) -> None:
    counter = Counter(config, words, number=NUMBERS[brand], lang="" if lang == "zh" else lang)
    await counter.tell("登录" if lang == "zh" else "log in", counter.password)
    for name in OURS:
        intent = catalogue[name]
        answer = await counter.tell(intent.title if lang == "zh" else intent.english)
        offered = brand in intent.brands
        refusal = "没有“" if lang == "zh" else "is not offered"
        assert answer, name
        assert "暂时不能在这里" not in answer, name
        if lang == "zh":
            assert (refusal not in answer) is offered or name == "news.unsubscribe", (name, answer)
        await counter.tell("退出" if name == "game.play" and offered else "取消" if lang == "zh" else "cancel")
        if lang == "en" and name == "game.play":
            await counter.tell("cancel")


@pytest.mark.parametrize("brand", Brand)
async def test_every_brand_is_greeted_in_its_own_words(config: Config, words: Words, brand: Brand) -> None:
    counter = Counter(config, words, number=NUMBERS[brand])
    greeting = await counter.tell("你好")
    assert "优惠" in greeting, "what runs for it"
    others = [Counter(config, words, number=NUMBERS[other]) for other in Brand if other is not brand]
    assert greeting.splitlines()[0] not in [(await other.tell("你好")).splitlines()[0] for other in others]


async def test_a_slow_operator_delays_no_greeting(config: Config, words: Words) -> None:
    counter = Counter(config, words)
    counter.operator.away = True
    assert "欢迎" in await counter.tell("你好")
