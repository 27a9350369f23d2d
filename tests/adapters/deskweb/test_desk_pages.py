"""Serving customers in a browser: what staff see and may do, and what they must not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.config import Config
from bot.desk.model import Case, Spoken, Where
from bot.desk.presence import UNPROVEN, seen
from bot.desk.text import HIDDEN
from bot.staff import NEAR, Member, Role
from bot.wiring import Words
from tests.adapters.deskweb.house import ZHAO, Browser, House, house

DAY = 86_400_000
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7777*9999}}"


@pytest.fixture
async def home(tmp_path: Path, config: Config, words: Words) -> AsyncIterator[House]:
    async with house(tmp_path, config, words) as running:
        yield running


async def case_of(home: House, number: int) -> Case:
    case = await home.room.case(number)
    assert case
    return case


async def test_from_the_queue_to_the_rating(home: House) -> None:
    li = await home.browser("1207")
    assert await li.do("闲")
    await home.customer("转人工")
    _, page = await li.get("/")
    assert "138****8001" in page
    assert "data-offer" in page
    number = (await home.room.look(fresh=True)).queue[0].number
    assert await li.do("接", number) == []
    assert await li.say(number, "您好，王芳为您服务") == []
    await home.customer("我想问一下套餐")
    lines = await li.lines(number)
    assert lines[-2:] == ["您好，王芳为您服务", "我想问一下套餐"]
    (ended,) = await li.do("结", number, "1 客户满意")
    assert ended["what"] == "ended"
    assert (await home.customer("5"))[0].startswith("谢谢")
    assert (await case_of(home, number)).rated == 5


@pytest.mark.parametrize(
    ("lang", "offered", "handed"),
    [
        (
            "zh",
            "新会话，尾号 8001，全球通，VIP，转人工，20 秒内接入",
            "转接给您，尾号 8001，全球通，VIP，您更熟，转人工，20 秒内接入",
        ),
        (
            "en",
            "New session, number ending in 8001, GoTone, VIP, 转人工, 20 seconds to take it",
            "Handed to you, number ending in 8001, GoTone, VIP, 您更熟, 转人工, 20 seconds to take it",
        ),
    ],
)
async def test_an_offer_is_said_to_who_does_not_see_it(home: House, lang: str, offered: str, handed: str) -> None:
    """Screen readers were told nothing; what they read aloud stands outside of what is drawn anew."""
    zhao, li = await home.browser("1299"), await home.browser("1207")
    await zhao.get(f"/language?to={lang}")
    await zhao.do("闲")
    await home.customer("转人工")
    _, page = await zhao.get("/")
    assert f'data-said="{offered}"' in page
    region = '<div id="offered" class="unseen" aria-live="assertive" aria-relevant="additions"></div>'
    for path in ("/", "/team", "/figures", "/audit"):
        body = (await zhao.get(path))[1]
        assert region in body, path
        assert region not in body.partition('<aside id="side"')[2].partition("</aside>")[0]
    number = (await home.room.look(fresh=True)).queue[0].number
    await li.do("闲")
    await li.do("接", number)
    await li.do("转", number, "1299 您更熟")
    assert f'data-said="{handed}"' in (await zhao.get("/"))[1]


async def test_a_line_is_sent_once_however_often_it_is_posted(home: House) -> None:
    li = await home.browser("1207")
    number = await home.served(li)
    for _ in range(3):
        assert await li.say(number, "请稍等", id="same-line-1") == []
    assert (await li.lines(number)).count("请稍等") == 1


async def test_what_cannot_be_sent_comes_back(home: House) -> None:
    li, zhao = await home.browser("1207"), await home.browser("1299")
    number = await home.served(li)
    await zhao.do("闲")
    assert await zhao.do("夺", number, "客户投诉") == []
    (answer,) = await li.say(number, "我正要说的话")
    assert answer["back"]
    assert "我正要说的话" in answer["text"]
    (answer,) = await zhao.say(number, "请把验证码发给我")
    assert answer["back"]
    assert answer["what"] == "asks_secret"


async def test_markup_in_words_and_names_stays_text(home: House) -> None:
    li = await home.browser("1207")
    await li.do("闲")
    await home.customer(EVIL)
    await home.customer("转人工")
    number = (await home.room.look(fresh=True)).queue[0].number
    await li.do("接", number)
    await home.customer(EVIL)
    await li.say(number, EVIL)
    await li.do("记", number, EVIL)
    await home.staff.change(replace(li_of(home), name="<b>王</b>"))
    for path in ("/", f"/?s={number}", f"/s/{number}", f"/s/{number}/after?seq=0", "/team", "/audit", "/figures"):
        _, page = await li.get(path, **{"HX-Request": "true"})
        for tag in ("<script>alert", "<img src=x", "<b>王", "77762223"):
            assert tag not in page, (path, tag)
    assert "&lt;script&gt;" in (await li.get(f"/s/{number}", **{"HX-Request": "true"}))[1]


def li_of(home: House) -> Member:
    return home.room.rules.members["1207"]


async def test_a_session_that_is_guessed_is_like_one_that_never_was(home: House) -> None:
    li, qiang = await home.browser("1207"), await home.browser("1208")
    number = await home.served(li)
    hx = {"HX-Request": "true"}
    mine, never = await qiang.get(f"/s/{number}", **hx), await qiang.get("/s/999", **hx)
    assert mine == never
    assert mine[0] == 404
    for what in ("after?seq=0", "earlier?before=9"):
        assert (await qiang.get(f"/s/{number}/{what}"))[0] == (await qiang.get(f"/s/999/{what}"))[0] == 404
    assert (await qiang.post(f"/s/{number}/typing"))[0] == 404
    assert (await qiang.say(number, "你好"))[0]["back"]
    assert "138****8001" not in (await qiang.get(f"/?s={number}"))[1]


async def test_leaders_look_with_a_reason_and_it_is_noted(home: House) -> None:
    li, zhao = await home.browser("1207"), await home.browser("1299")
    await home.customer("查话费")
    await home.customer(home.stage.password)
    number = await home.served(li)
    hx = {"HX-Request": "true"}
    assert (await zhao.get(f"/s/{number}", **hx))[0] == 404
    assert (await zhao.do("监", number))[0]["what"] == "reason"
    await zhao.do("监", number, "质检抽查")
    status, page = await zhao.get(f"/s/{number}", **hx)
    assert status == 200
    assert "元" not in page  # bills are for who serves the customer
    assert HIDDEN in page
    assert "元" in "".join(await li.lines(number))
    await zhao.do("耳", number, "先安抚一下")
    await zhao.do("插", number, "100元我来减免")  # no session's number
    assert any("100元我来减免" in line for line in await li.lines(number))
    assert (await zhao.do("评", number, "5 耐心"))[0]["what"] == "rated"
    looked = await home.records.history.audited()
    assert {(one.what, one.about) for one in looked} >= {("监", str(number)), ("耳", str(number)), ("插", str(number))}
    assert {one.reason for one in looked} >= {"质检抽查", "100元我来减免", "5 耐心"}
    assert any("先安抚一下" in line for line in await li.lines(number))
    (refused,) = await li.do("监", number, "好奇")
    assert refused["what"] == "leaders_only"


async def test_roles_open_pages(home: House) -> None:
    li, zhao = await home.browser("1207"), await home.browser("1299")
    for path in ("/team", "/team/now", "/audit"):
        assert (await li.get(path))[0] == 403
        assert (await zhao.get(path))[0] == 200
    assert (await li.get("/figures"))[0] == 200
    assert (await li.post("/phrase", {"intent": "bill.query", "ids": "1"}))[0] == 403
    assert (await zhao.post("/phrase", {"intent": "nothing", "ids": "1"}))[0] == 403
    assert (await zhao.post("/phrase", {"intent": "bill.query", "ids": "1,x,<b>"}))[0] == 200


async def test_an_administrator_reads_figures_and_audit_and_serves_nobody(home: House) -> None:
    await home.staff.add(Member("9001", "周管", frozenset({Role.ADMIN})))
    home.room.rules.members["9001"] = Member("9001", "周管", frozenset({Role.ADMIN}))
    admin = await home.browser("9001")
    assert [(await admin.get(path))[0] for path in ("/figures", "/audit", "/team")] == [200, 200, 403]
    (answer,) = await admin.do("闲")
    assert answer["what"] == "not_allowed"
    assert await home.stage.hall.desk.seat("9001") is None


async def test_writing_shows_on_the_other_side(home: House) -> None:
    li, qiang = await home.browser("1207"), await home.browser("1208")
    number = await home.served(li)
    typed: list[Case] = []
    home.room.typing = typed.append
    assert (await li.post(f"/s/{number}/typing"))[0] == 204
    assert [case.number for case in typed] == [number]
    stream = events(li)
    async with asyncio.timeout(10):
        async for name, _, _ in stream:
            if name == "board":
                break
        home.web.writes("1208", number)
        home.web.writes("1207", number)
        came = [event async for event in _until(stream, "writes")]
    assert came[-1][1] == str(number)
    await stream.aclose()
    await qiang.get("/")


async def earlier_session(home: House, by: Browser) -> tuple[Case, Case]:
    """One that is closed, of which a bill is written down, and the one after it, which `by` serves."""
    before = await case_of(home, await home.served(by))
    await by.do("结", before.number, "1")
    home.stage.clock.forward(1)
    now = await case_of(home, await home.served(by))
    book = home.records.book
    book.heard(before.conversation, 1, [Spoken("bot", "本月话费100元", before.at, about="bill/query")], "13800138001")
    book.heard(before.conversation, 2, [Spoken("staff/1207", "您好", before.at, before.number)])
    book.heard(before.conversation, 3, [Spoken("customer", "后来对别人说的", before.at + 30_000)])
    book.case(replace(before, state=Where.CLOSED, since=before.at + 9, version=9, code="1"))
    book.case(now)
    await book.flush()
    return before, now


async def test_reading_an_earlier_session_is_noted_and_bills_are_gone(home: House) -> None:
    li, qiang = await home.browser("1207"), await home.browser("1208")
    before, now = await earlier_session(home, li)
    hx = {"HX-Request": "true"}
    status, page = await li.get(f"/past/{before.number}", **hx)
    assert status == 200
    assert "100元" in page
    assert "您好" in page
    assert "后来对别人说的" not in page
    assert (await qiang.get(f"/past/{before.number}", **hx))[0] == 404
    assert (await li.get("/past/71", **hx))[0] == 404
    await home.customer("结束")  # the wrap-up is still to be written: he serves him no more
    for _ in range(2):
        status, page = await li.get(f"/past/{before.number}", **hx)
        assert status == 200
        assert "100元" not in page
        await li.do("结", now.number, "1")
    latest = (await home.records.history.audited())[0]
    assert (latest.staff, latest.what, latest.about) == ("1207", "read", str(before.number))


async def test_a_session_that_is_not_over_is_no_earlier_one(home: House) -> None:
    """A leader read it without a reason and unseen; who had sent his customer to the queue read on."""
    li, zhao, hx = await home.browser("1207"), await home.browser("1299"), {"HX-Request": "true"}
    _, now = await earlier_session(home, li)
    path = f"/past/{now.number}"
    for state in ("served", "queued"):
        assert [(await one.get(path, **hx))[0] for one in (li, zhao)] == [404, 404], state
        await li.do("转", now.number, "账务")
    assert all(one.about != str(now.number) for one in await home.records.history.audited())


async def test_the_next_session_is_for_nobody_who_served_before(home: House) -> None:
    """In his wrap-up it stood among the earlier ones, with the bills of the customer in it, as it went on."""
    li, qiang, hx = await home.browser("1207"), await home.browser("1208"), {"HX-Request": "true"}
    before, now = await earlier_session(home, li)
    await home.customer("结束")
    home.stage.clock.forward(1)
    after = await case_of(home, await home.served(qiang))
    home.records.book.case(after)
    await home.records.book.flush()
    page = (await li.get(f"/s/{now.number}", **hx))[1]
    assert f"/past/{before.number}" in page
    assert f"/past/{after.number}" not in page
    assert (await li.get(f"/past/{after.number}", **hx))[0] == 404
    page = (await qiang.get(f"/s/{after.number}", **hx))[1]
    assert f"/past/{now.number}" in page
    await qiang.do("结", after.number, "1")
    assert (await li.get(f"/past/{after.number}", **hx))[0] == 404


async def test_an_earlier_session_ends_where_its_wrap_up_began(home: House) -> None:
    """Its end is written down a second later."""
    li, zhao, hx = await home.browser("1207"), await home.browser("1299"), {"HX-Request": "true"}
    _, now = await earlier_session(home, li)
    home.stage.clock.forward(1)
    await home.customer("结束")
    end = (await case_of(home, now.number)).since
    for n, at, text in ((7, end - 1, "谢谢您"), (8, end + 60_000, "后来对机器人说的")):
        home.records.book.heard(now.conversation, n, [Spoken("customer", text, at)])
    await home.records.book.flush()
    for one in (li, zhao):
        status, page = await one.get(f"/past/{now.number}", **hx)
        assert status == 200
        assert "谢谢您" in page
        assert "后来对机器人说的" not in page


async def test_reading_back_beyond_a_session_is_noted_once(home: House) -> None:
    """180 days of earlier sessions were a click away, and nobody saw who read them."""
    li, hx = await home.browser("1207"), {"HX-Request": "true"}
    number = await home.served(li)
    case = await case_of(home, number)
    said = [(1, 40 * DAY, "上个月的账单"), (2, 40 * DAY, "本月话费100元"), (60, 60_000, "转人工前问的"), (70, 0, "喂")]
    for seq, ago, text in said:
        who, about = ("bot", "bill/query") if "100元" in text else ("customer", "")
        home.records.book.heard(case.conversation, seq, [Spoken(who, text, case.at - ago, about=about)])
    await home.records.book.flush()

    async def read() -> int:
        looked = await home.records.history.audited(about=str(number), by="1207")
        return sum(one.what == "read" for one in looked)

    async def back(before: int) -> str:
        status, page = await li.get(f"/s/{number}/earlier?before={before}", **hx)
        assert status == 200
        return page

    for before, noted in ((70, 1), (60, 1), (2, 1)):
        assert "上个月的账单" in await back(before)
        assert await read() == noted
    assert "100元" in await back(60)
    await home.customer("结束")
    assert "100元" not in await back(60)  # the bills of earlier sessions are for who serves him


async def test_reading_back_to_the_beginning_of_a_session_is_not_noted(home: House) -> None:
    li, hx = await home.browser("1207"), {"HX-Request": "true"}
    number = await home.served(li)
    case = await case_of(home, number)
    home.records.book.heard(case.conversation, 60, [Spoken("customer", "转人工前问的", case.at - 60_000)])
    home.records.book.heard(case.conversation, 70, [Spoken("customer", "喂", case.at)])
    await home.records.book.flush()
    assert "转人工前问的" in (await li.get(f"/s/{number}/earlier?before=70", **hx))[1]
    assert await home.records.history.audited(about=str(number), by="1207") == []


async def test_what_is_said_after_the_end_is_for_nobody_who_served_before(home: House) -> None:
    """For a day he could read on what the customer told the bot, and whoever served him next; bills, too."""
    li, hx = await home.browser("1207"), {"HX-Request": "true"}
    number = await home.served(li)
    stream = events(li)
    async with asyncio.timeout(10):
        async for name, _, _ in stream:
            if name == "board":
                break
    await home.customer("结束")  # he is free; the wrap-up is still to be written
    home.stage.clock.forward(1)
    await home.customer("查话费")
    assert any("元" in text for text in await home.customer(home.stage.password))
    assert "结束" in "".join(await li.lines(number))
    for path in (f"/s/{number}", f"/s/{number}/after?seq=0", f"/s/{number}/earlier?before=999999999999", "/"):
        status, page = await li.get(path, **hx)
        assert status == 200
        assert "查话费" not in page, path
        assert "登录成功" not in page, path
    home.web.told("1207")
    await li.do("记", number, "客户满意")
    async with asyncio.timeout(10):
        told = ""
        async for name, data, _ in stream:
            told += data
            if name == "line" and "客户满意" in data:
                break
    await stream.aclose()
    assert "查话费" not in told
    await li.do("结", number, "1")
    assert (await li.get(f"/s/{number}", **hx))[0] == 404
    assert (await li.get(f"/s/{number}/after?seq=0", **hx))[0] == 404
    assert await li.get(f"/s/{number}?again", **hx) == (204, "")  # the page showed it; nobody asked for it by hand


async def test_the_last_line_beside_a_watched_session_is_no_bill(home: House) -> None:
    li, zhao = await home.browser("1207"), await home.browser("1299")
    number = await home.served(li)
    await zhao.do("监", number, "质检抽查")
    case = await case_of(home, number)
    bill = Spoken("bot", "本月话费100元", case.since, number, about="bill/query")
    await home.stage.hall.sessions.speak(case.conversation, None, "b1", [bill])
    assert "100元" in (await li.get(f"/s/{number}", **{"HX-Request": "true"}))[1]
    assert "100元" in (await li.get("/"))[1]
    page = (await zhao.get("/"))[1]
    assert "100元" not in page
    assert HIDDEN in page


async def test_a_watch_ends_by_its_button(home: House) -> None:
    """Watched once, a session stood beside a leader's own until it closed."""
    li, zhao = await home.browser("1207"), await home.browser("1299")
    number = await home.served(li)
    button = f'data-do="监" data-session="{number}"'
    assert button not in (await zhao.get("/team/now"))[1]
    await zhao.do("监", number, "质检抽查")
    for path in (f"/?s={number}", "/team/now"):
        assert button in (await zhao.get(path))[1], path
    assert button not in (await li.get(f"/?s={number}"))[1]
    (answer,) = await zhao.do("监", number)
    assert answer["what"] == "unwatched"
    assert (await zhao.get(f"/s/{number}", **{"HX-Request": "true"}))[0] == 404
    page = (await zhao.get("/"))[1]
    assert "旁看" not in page
    assert "data-row" not in page
    assert button not in (await zhao.get("/team/now"))[1]
    await home.customer("还在吗")
    assert "还在吗" not in str(await home.room.feed("1299", 0))
    assert "停止旁看" in (await zhao.get("/audit"))[1]


async def test_who_leads_no_more_watches_no_more(home: House) -> None:
    li, zhao = await home.browser("1207"), await home.browser("1299")
    number = await home.served(li)
    await zhao.do("监", number, "质检抽查")
    await home.staff.change(replace(ZHAO, roles=frozenset({Role.AGENT})))
    await zhao.do("队")  # the desk knows it
    await home.customer("还在吗")
    assert (await zhao.get(f"/s/{number}", **{"HX-Request": "true"}))[0] == 404
    assert "还在吗" not in str(await home.room.feed("1299", 0))
    assert "旁看" not in (await zhao.get("/"))[1]


async def test_an_awaited_code_is_a_mark(home: House) -> None:
    li = await home.browser("1207")
    number = await home.served(li)
    await li.do("验", number)
    await home.settle()
    await home.customer(home.stage.password)
    page = "".join(await li.lines(number))
    assert home.stage.password not in page
    assert "［密码］" in page


async def test_unknown_commands_and_foreign_ids_do_nothing(home: House) -> None:
    li = await home.browser("1207")
    number = await home.served(li)
    assert (await li.say(number, "#飞 1"))[0]["back"]
    assert (await li.post("/do", {"name": "飞", "session": str(number), "id": "12345678"}))[0] == 400
    assert (await li.post("/do", {"name": "记", "session": str(number), "id": "<x>"}))[0] == 400
    assert (await li.do("转", number, "9999 没有这个人"))[0]["what"] == "nobody"
    for nobody in ("999", "𐩀", "s𐩀"):  # digits, too, to Python
        assert (await li.do("接", rest=nobody))[0]["what"] == "no_session"
    assert (await case_of(home, number)).staff == "1207"


async def choices(browser: Browser, groups: bool = True) -> list[tuple[str, str, bool]]:
    """What may be chosen in the dialog: value, words, and whether it may."""
    status, html = await browser.get(f"/colleagues{'?groups=1' if groups else ''}")
    assert status == 200
    found = re.findall(r"<label(.*?)</label>", html, re.DOTALL)
    value = re.compile(r'value="([^"]*)"')
    texts = [" ".join(re.sub(r"<[^>]*>", " ", f"<{one}").split()) for one in found]
    return [(value.findall(one)[0], text, "disabled" not in one) for one, text in zip(found, texts, strict=True)]


async def test_a_transfer_shows_who_is_on_duty_and_how_much_room_they_have(home: House) -> None:
    li, qiang, zhao = [await home.browser(number) for number in ("1207", "1208", "1299")]
    number = await home.served(li)
    assert await choices(li, groups=False) == []
    assert "没有别的同事在线" in (await li.get("/colleagues"))[1]
    assert [(name, text) for name, text, _ in await choices(li)] == [
        (name, f"{name} 组 空位 0") for name in ("账务", "业务", "集团")
    ]
    await zhao.do("忙")
    await qiang.do("闲")
    assert await choices(li, groups=False) == [
        ("1208", "李强 1208 空闲 空位 5", True),
        ("1299", "赵敏 1299 忙碌 空位 5", True),
    ]
    assert (await choices(li))[2:] == [(name, f"{name} 组 空位 5", True) for name in ("账务", "业务", "集团")]
    await qiang.do("小休", rest="午餐")
    assert [value for value, _, _ in await choices(li, groups=False)] == ["1299"], "who has a break is not asked"
    (answer,) = await li.do("转", number, "1208 您更熟")
    assert answer["what"] == "nobody"
    assert (await case_of(home, number)).asked == ""
    await li.do("转", number, "1299 您更熟")
    assert (await case_of(home, number)).asked == "1299"
    assert await choices(li, groups=False) == [("1299", "赵敏 1299 忙碌 空位 4", True)]


async def test_a_colleague_who_is_full_is_shown_and_not_asked(home: House) -> None:
    li, qiang = await home.browser("1207"), await home.browser("1208")
    number = await home.served(li)
    await qiang.do("闲")
    seat = await home.stage.hall.desk.seat("1208")
    assert seat
    await home.stage.hall.desk.sit(replace(seat, capacity=0))
    assert await choices(li, groups=False) == [("1208", "李强 1208 空闲 已满", False)]
    (answer,) = await li.do("转", number, "1208 您更熟")
    assert (answer["what"], answer["text"]) == ("full", "工号 1208 接不下了：同时服务的会话已到上限。")


async def test_who_is_on_duty_is_for_who_serves(home: House) -> None:
    await home.records.staff.add(Member("1300", "周会计", frozenset({Role.ADMIN})))
    books = await home.browser("1300")
    assert (await books.get("/colleagues"))[0] == 403
    assert (await (await home.browser()).ask("/colleagues")).status in (302, 303)


async def test_two_browsers_of_one_account_see_the_same(home: House) -> None:
    one, two = await home.browser("1207"), await home.browser("1207")
    number = await home.served(one)
    await two.say(number, "来自另一台")
    assert "来自另一台" in await one.lines(number)


async def events(browser: Browser, last: str = "") -> AsyncGenerator[tuple[str, str, str]]:
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
    async with browser.http.get(browser.base + "/stream", headers=headers) as answer:
        assert answer.status == 200
        name = data = id = ""
        async for raw in answer.content:
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("id: "):
                id = line[4:]
            elif line.startswith("data: "):
                data += line[6:]
            elif not line and name:
                yield name, data, id
                name = data = id = ""


async def test_lines_come_as_they_are_said(home: House) -> None:
    li = await home.browser("1207")
    number = await home.served(li)
    stream = events(li)
    async with asyncio.timeout(10):
        async for name, _, _ in stream:
            if name == "board":
                break
        saying = asyncio.create_task(home.customer("在吗？"))
        async for name, data, _ in stream:
            if name == "line" and "在吗" in data:
                break
        await saying
    line = json.loads(data)
    assert (line["session"], line["kind"]) == (number, "customer")
    await stream.aclose()


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r"])
async def test_no_line_of_a_customer_is_an_event_of_the_desk(home: House, end: str) -> None:
    """A lone carriage return ends a line of a stream, too: what he wrote behind it was an event of his own."""
    li = await home.browser("1207")
    await home.served(li)
    text = f"在吗{end}event: gone{end}data: 1{end}event: notice{end}data: 请把密码发给我"
    async with li.http.get(li.base + "/stream", headers={"Accept": "text/event-stream"}) as answer:
        told = await answer.content.readany()
        await home.customer(text)
        async with asyncio.timeout(10):
            while told.count("请把密码发给我".encode()) < 2:  # the line, and its session in the sidebar
                told += await answer.content.readany()
    lines = re.split(r"\r\n|\r|\n", told.decode())  # as browsers do
    assert [line for line in lines if "请把密码发给我" in line and not line.startswith("data: ")] == []
    names = {line[7:] for line in lines if line.startswith("event: ")}
    assert names <= {"hello", "board", "line"}


async def test_a_stream_ends_when_its_screen_is_locked_or_its_account_closed(home: House) -> None:
    for end in ("lock", "close"):
        li, other = await home.browser("1207"), await home.browser("1208")
        stream, others = events(li), events(other)
        async with asyncio.timeout(10):
            await anext(stream)
            if end == "lock":
                await li.post("/lock")
            else:
                await home.staff.disable("1207")
            names = [name async for name, _, _ in stream]  # it ends
            assert names[-1] == "gone"
            assert (await anext(others))[0] == "hello"
        await others.aclose()


async def test_a_stream_resumes_with_what_the_desk_said_meanwhile(home: House) -> None:
    li, qiang = await home.browser("1207"), await home.browser("1208")
    await qiang.do("闲")
    number = await home.served(li)
    feed = await home.room.feed("1207", 0)
    last = str(feed[-1].seq)
    await li.do("转", number, "1208 您更熟")
    await qiang.do("拒", number)
    stream = events(li, last)
    async with asyncio.timeout(10):
        found = [data async for name, data, _ in _until(stream, "board") if name == "notice"]
    assert any("没有接" in text for text in found)
    await stream.aclose()


async def _until(stream: AsyncIterator[tuple[str, str, str]], last: str) -> AsyncIterator[tuple[str, str, str]]:
    async for event in stream:
        yield event
        if event[0] == last:
            return


async def test_the_seat_stays_while_a_page_is_open_and_lapses_afterwards(home: House) -> None:
    li = await home.browser("1207")
    number = await home.served(li)
    stream = events(li)
    async with asyncio.timeout(10):
        async for name, _, _ in stream:
            if name == "board":
                break
    seat = await home.stage.hall.desk.seat("1207")
    assert seat is not None
    assert seat.until - home.stage.clock() == home.room.rules.grace
    await stream.aclose()
    home.stage.clock.forward(46)
    await home.settle()
    case = await case_of(home, number)
    assert case.staff == ""  # nobody else is here: the bot has him again, with a ticket


async def test_sessions_stay_behind_a_locked_screen_for_half_an_hour(home: House) -> None:
    """They went back to the queue after 45 s, while the page said that they were still his."""
    li = await home.browser("1207")
    number = await home.served(li)
    await li.post("/lock")
    assert 'data-every="10000"' in (await li.get("/lock"))[1]
    for _ in range(10):
        home.stage.clock.forward(10)
        assert (await li.get("/here", **{"HX-Request": "true"}))[0] == 204
        await home.settle()
    assert (await case_of(home, number)).staff == "1207"
    login = await home.staff.login(li.token)
    assert login
    assert home.staff.near(login)
    assert not home.staff.near(replace(login, seen=login.seen - NEAR))
    assert (await li.get(f"/s/{number}", **{"HX-Request": "true"}))[0] == 423


async def test_a_page_holds_the_seat_beside_a_client_that_shows_nothing(home: House) -> None:
    """Ten minutes after the last line of that client the customers of an open page went back to the queue."""
    li = await home.browser("1207")
    number = await home.served(li)
    desk, now = home.stage.hall.desk, home.stage.clock()
    seat = await desk.seat("1207")
    assert seat
    await desk.sit(seen(seat, "1207@im.localhost/phone", UNPROVEN, now, 45_000, 5))
    for _ in range(65):
        home.stage.clock.forward(10)
        assert (await li.get("/here", **{"HX-Request": "true"}))[0] == 204
        await home.settle()
    assert (await case_of(home, number)).staff == "1207"


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_both_languages_have_every_word(home: House, lang: str) -> None:
    zhao = await home.browser("1299")
    number = await home.served(zhao)
    await zhao.get(f"/language?to={lang}")
    for path in ("/", f"/?s={number}", "/team", "/figures", "/figures?span=week", "/audit"):
        status, page = await zhao.get(path)
        assert status == 200, path
        assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in page


@pytest.mark.parametrize(
    ("lang", "given_back", "by"), [("zh", "还给机器人", "命令行"), ("en", "Given back", "command line")]
)
async def test_what_the_desk_itself_noted_is_worded(home: House, lang: str, given_back: str, by: str) -> None:
    """A chart named it `back`, a Chinese audit `command line`."""
    li, zhao = await home.browser("1207"), await home.browser("1299")
    for one in (li, zhao):
        await one.get(f"/language?to={lang}")
    number = await home.served(li)
    await li.do("还", number)
    home.records.book.case(await case_of(home, number))
    await home.records.history.audit("command line", "export", number="13800138001")
    await home.records.book.flush()
    figures, audit = (await zhao.get("/figures?span=week"))[1], (await zhao.get("/audit"))[1]
    assert given_back in figures
    assert ">back<" not in figures
    assert f"<td>{by}</td>" in audit
