"""An English page is English: what the desk says itself is, whatever customers, colleagues and bot.yaml say."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest

from bot.config import Config
from bot.desk.text import NAMES
from bot.wiring import Words
from tests.adapters.deskweb.house import LI, QIANG, ZHAO, Browser, House, house
from tests.adapters.deskweb.test_desk_pages import events

HX = {"HX-Request": "true"}
CHINESE = re.compile(r"[　-〿㐀-鿿＀-￯]+")


@pytest.fixture
async def home(tmp_path: Path, config: Config, words: Words) -> AsyncIterator[House]:
    async with house(tmp_path, config, words) as running:
        yield running


async def english(home: House, number: str) -> Browser:
    browser = await home.browser(number)
    await browser.get("/language?to=en")
    return browser


def chinese(home: House, text: str) -> list[str]:
    """What is left of Chinese when names, and words of bot.yaml, are taken out of what can be read."""
    rules = home.room.rules
    given = [*rules.codes.values(), *rules.canned.values(), *rules.skills, LI.name, QIANG.name, ZHAO.name, "中文"]
    shown = unescape(
        re.sub(r"<(?!input|textarea|button|a |section|div)[^>]*>", " ", re.sub(r'data-do="[^"]*"', "", text))
    )
    shown = re.sub(r"<script type=.application/json.*?</script>", "", shown, flags=re.DOTALL)
    for word in sorted(given, key=len, reverse=True):
        shown = shown.replace(word, "")
    return CHINESE.findall(shown)


async def test_pages_of_a_whole_shift(home: House) -> None:
    zhao = await english(home, "1299")
    await zhao.do("闲")
    await home.customer("English please")
    await home.customer("talk to staff")
    _, offered = await zhao.get("/")
    assert "data-offer" in offered
    assert chinese(home, offered) == []
    (case,) = (await home.room.look(fresh=True)).queue
    await zhao.do("接", case.number)
    await home.customer("what about my bill?")
    await zhao.do("记", case.number, "asks about the bill")
    await zhao.do("单", case.number, "wrong item on the bill")
    await zhao.say(case.number, "please tell me your password")
    await zhao.do("验", case.number)
    await home.settle()
    await home.customer(home.stage.password)
    await zhao.do("办", case.number, "something that nobody sells")
    await home.settle()
    for path in ("/", f"/?s={case.number}", "/colleagues?groups=1", "/team", "/audit", "/figures"):
        status, page = await zhao.get(path)
        assert status == 200
        assert chinese(home, page) == [], path
    assert "[password]" in page or "[password]" in "".join(await zhao.lines(case.number))
    _, audit = await zhao.get("/audit")
    assert "asked for a secret, stopped" in audit
    await zhao.do("结", case.number, "1")


@pytest.mark.parametrize("name", sorted(NAMES))
async def test_every_command_is_answered_in_english(home: House, name: str) -> None:
    """In the own contact of the desk, in a session that is not his, in his own; with and without words behind it."""
    zhao, li = await english(home, "1299"), await english(home, "1207")
    number = await home.served(li)
    for browser, session in ((zhao, 0), (zhao, number), (li, number), (zhao, 99)):
        for rest in ("", "1208 please", "1"):
            answers = await browser.do(name, session, rest)
            if session == number and name in {"史", "查", "监"}:
                continue  # what the customer and the bot said
            assert [found for one in answers for found in chinese(home, one["text"])] == [], answers


async def test_notices_and_asides_come_in_the_language_of_each_page(home: House) -> None:
    zh, en, qiang = await home.browser("1207"), await english(home, "1207"), await home.browser("1208")
    await qiang.do("闲")
    number = await home.served(zh)
    found: dict[str, list[str]] = {"zh": [], "en": []}

    async def listen(lang: str, browser: Browser) -> None:
        async for name, data, _ in events(browser):
            if name == "notice":
                found[lang].append(data)
            elif name == "line" and "desk" in json.loads(data)["kind"]:
                found[lang].append(re.sub(r"<[^>]*>", "", json.loads(data)["html"]).strip())
                if "通过" in data or "passed" in data:
                    return

    async with asyncio.timeout(20):
        listening = [asyncio.create_task(listen(lang, browser)) for lang, browser in (("zh", zh), ("en", en))]
        await asyncio.sleep(0.5)
        await zh.do("转", number, "1208 您更熟")
        await qiang.do("拒", number)
        await zh.do("验", number)
        await home.settle()
        await home.customer(home.stage.password)
        await asyncio.gather(*listening)
    assert "".join(found["zh"]).startswith("工号 1208 没有接")
    assert found["zh"][-1].startswith("［密码已提交］通过")
    assert found["en"][0].startswith("1208 refused; session 1 is still yours.")
    assert found["en"][-1].startswith("[password entered] passed")


async def test_a_line_of_the_desk_stands_behind_what_it_is_about(home: House) -> None:
    """Staff saw ［密码已提交］ above the line of the customer that it is about."""
    li = await home.browser("1207")
    number = await home.served(li)
    await li.do("验", number)
    await home.settle()
    kinds: list[tuple[str, str]] = []

    async def listen() -> None:
        async for name, data, _ in events(li):
            if name == "line":
                line = json.loads(data)
                kinds.append((line["kind"], re.sub(r"<[^>]*>", "", line["html"]).strip().split("\n")[-1]))
                if "通过" in data:
                    return

    async with asyncio.timeout(20):
        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.5)
        await home.customer(home.stage.password)
        await listening
    assert [kind for kind, _ in kinds] == ["customer", "bot", "desk"]
    lines = await li.lines(number)
    where = next(n for n, line in enumerate(lines) if "密码已提交" in line)
    assert lines[where - 2].strip() == "［密码］"


async def test_his_own_line_reaches_all_his_pages(home: House) -> None:
    one, two = await home.browser("1207"), await home.browser("1207")
    number = await home.served(one)

    async def listen() -> str:
        async for name, data, _ in events(two):
            if name == "line" and json.loads(data)["kind"] == "staff":
                return str(json.loads(data)["html"])
        return ""

    async with asyncio.timeout(10):
        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.5)
        await one.say(number, "请稍等，我查一下")
        assert "我查一下" in await listening


async def test_what_staff_ask_for_leaves_the_customer_his_language(home: House) -> None:
    """#验 and #办 are Chinese words in his conversation: they do not turn it into a Chinese one."""
    home.stage._lang = "en"
    li = await home.browser("1207")
    await li.do("闲")
    await home.customer("talk to staff")
    (case,) = (await home.room.look(fresh=True)).queue
    await li.do("接", case.number)
    await li.do("验", case.number)
    await home.settle()
    assert home.stage._said[-1].text.startswith("Please enter")
