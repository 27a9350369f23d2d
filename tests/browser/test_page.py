"""The demo's page in a real browser: log in, talk, get an SMS, and ask no other host for anything."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from slixmpp import ComponentXMPP, Message

from bot.adapters.sandbox.page import PageAccount, page
from bot.adapters.sandbox.xmppd import XmppConfig, XmppServer
from tests.browser.chromium import Tab, chromium

SHOTS = Path(__file__).parents[2] / "build/page"
DOMAIN, HALL = "localhost", "hall.localhost"
BOT = f"hall@{HALL}"
SECRET = "a-secret-of-this-test"
ACCOUNTS = tuple(
    PageAccount(f"{number}@{DOMAIN}", f"xmpp-{number}", number, brand, service_password, title)
    for number, brand, service_password, title in (
        ("13800138000", "gotone", "771301", "李明 · 后付费"),
        ("13800138001", "gotone", "771302", "王芳 · 后付费"),
        ("13500135000", "mzone", "771303", "陈晨 · 预付费"),
        ("13900139000", "easyown", "771304", "刘洋 · 预付费"),
        ("13700137000", "group", "771305", "集团管理员"),
    )
)
ME = ACCOUNTS[0]
SMS = "【营业厅】您正在开通彩铃（5元/月），验证码 482913，3分钟内有效。请勿告诉任何人。"
INPUT = "document.querySelector('.chat-textarea')"
INBOX = "document.getElementById('inbox').innerText"
LINE_UP = "document.getElementById('line').dataset.state === 'on'"


@dataclass(slots=True)
class Handset:
    """SMS by number, as the page reads them: a list, and a stream of events."""

    inbox: list[dict[str, str]] = field(default_factory=list)
    readers: list["asyncio.Queue[dict[str, str] | None]"] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=lambda: count(1))
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, text: str, number: str = ME.number) -> None:
        sms = {"id": str(next(self.ids)), "to": number, "text": text, "at": "2026-10-24T11:05:09+08:00"}
        self.inbox.append(sms)
        for reader in self.readers:
            reader.put_nowait(sms)

    def hang_up(self) -> None:
        for reader in self.readers:
            reader.put_nowait(None)

    async def list(self, request: web.Request) -> web.Response:
        return web.json_response([sms for sms in self.inbox if sms["to"] == request.match_info["number"]])

    async def events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 100\n\n")
        queue: asyncio.Queue[dict[str, str] | None] = asyncio.Queue()
        self.readers.append(queue)
        try:
            while (sms := await queue.get()) is not None:
                if sms["to"] == request.match_info["number"]:
                    await response.write(f"data: {json.dumps(sms)}\n\n".encode())
        finally:
            self.readers.remove(queue)
            self.hung_up.set()
        return response


@dataclass(frozen=True, slots=True)
class World:
    base: str
    server: XmppServer
    handset: Handset
    tab: Tab


@asynccontextmanager
async def echo(port: int) -> AsyncIterator[None]:
    """A component that sends back what it is told."""
    make: Any = ComponentXMPP  # its constructor has no types
    component = make(HALL, SECRET, "127.0.0.1", port)
    ready = asyncio.Event()

    def answer(message: Message) -> None:
        if message["type"] in ("chat", "normal") and message["body"]:
            component.send_message(message["from"], f"收到：{message['body']}", mtype="chat", mfrom=BOT)

    component.register_plugin("xep_0030")
    component.add_event_handler("message", answer)
    component.add_event_handler("session_start", lambda _: ready.set())
    component.connect()
    try:
        await asyncio.wait_for(ready.wait(), 10)
        yield
    finally:
        await component.disconnect(wait=0.2)


@asynccontextmanager
async def serve(server: XmppServer, handset: Handset) -> AsyncIterator[str]:
    app = page(ACCOUNTS, bot_jid=BOT)
    app.router.add_get("/xmpp-websocket", server.websocket)
    app.router.add_get("/handset/{number}.json", handset.list)
    app.router.add_get("/handset/{number}/events", handset.events)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        handset.hang_up()
        await runner.cleanup()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    accounts = {account.number: account.password for account in ACCOUNTS}
    server = XmppServer(XmppConfig(domain=DOMAIN, components={HALL: SECRET}, accounts=accounts))
    handset = Handset()
    await server.start()
    try:
        async with serve(server, handset) as base, echo(server.component_port), chromium() as tab:
            yield World(base, server, handset, tab)
    finally:
        await server.stop()


async def enter(world: World, path: str = "/", width: int = 1280, height: int = 720, scheme: str = "light") -> Tab:
    """The page, logged in, with the chat open and the handset on line."""
    tab = world.tab
    await tab.look(width, height, scheme)
    await tab.open(world.base + path)
    await tab.until(INPUT)
    await tab.until("document.getElementById('starting').hidden")
    await tab.until(LINE_UP)
    return tab


async def say(tab: Tab, text: str) -> None:
    await tab.run(f"{INPUT}.focus()")
    await tab.type(text)
    await tab.press_enter()


def heard(text: str) -> str:
    """True in the page when the hall's side shows this text."""
    return (
        "[...document.querySelectorAll('.chat-msg__content--them .chat-msg__text')]"
        f".some(m => m.innerText.includes({json.dumps(text)}))"
    )


async def test_a_conversation_with_an_sms_and_nothing_from_elsewhere(world: World) -> None:
    tab = await enter(world)
    await say(tab, "你好")
    await tab.until(heard("收到：你好"))
    world.handset.push(SMS)
    await tab.until(f"{INBOX}.includes('482 913')")
    await tab.screenshot(SHOTS / "desktop-light.png")

    own = urlsplit(world.base).netloc
    assert {urlsplit(url).netloc for url in tab.requests if not url.startswith("data:")} == {own}
    seen = await tab.run("performance.getEntriesByType('resource').map(e => e.name)")
    assert {urlsplit(url).netloc for url in seen} == {own}
    assert any(url.startswith("ws://") for url in tab.requests)
    assert {url: status for url, status in tab.responses.items() if status >= 400} == {}
    assert tab.complaints == []
    assert await tab.run("getComputedStyle(document.querySelector('.chat-msg__text')).whiteSpaceCollapse") == "preserve"


async def test_the_code_is_filled_into_the_chat_by_one_click(world: World) -> None:
    world.handset.push(SMS)
    tab = await enter(world)
    await tab.until(f"{INBOX}.includes('482 913')")
    await tab.run("document.querySelector('#inbox .go').click()")
    assert await tab.run(f"{INPUT}.value") == "482913"
    await say(tab, "")
    await tab.until(heard("收到：482913"))
    assert tab.complaints == []


async def test_the_code_is_copied_by_one_click(world: World) -> None:
    permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    await world.tab.call("Browser.grantPermissions", permissions=permissions, origin=world.base)
    world.handset.push(SMS)
    tab = await enter(world)
    await tab.until("document.querySelector('#inbox .copy')")
    await tab.call("Page.bringToFront")
    await tab.run("document.querySelector('#inbox .copy').click()")
    await tab.until("document.querySelector('#inbox .copy').textContent === '已复制'")
    assert await tab.run("navigator.clipboard.readText()") == "482913"


async def test_a_hint_is_written_and_the_person_sends_it(world: World) -> None:
    tab = await enter(world)
    await tab.run("document.querySelector('.hints [data-fill=查话费]').click()")
    assert await tab.run(f"{INPUT}.value") == "查话费"
    await say(tab, "")
    await tab.until(heard("收到：查话费"))


async def test_the_service_password_is_shown_and_filled_in(world: World) -> None:
    tab = await enter(world)
    assert "771301" in await tab.run("document.querySelector('.me').innerText")
    await tab.run("document.querySelector('.me [data-fill]').click()")
    assert await tab.run(f"{INPUT}.value") == "771301"


async def test_another_subscriber_has_his_own_chat_and_his_own_phone(world: World) -> None:
    tab = await enter(world)
    world.handset.push(SMS)
    await say(tab, "第一位")
    await tab.until(heard("收到：第一位"))
    tab = await enter(world, "/?as=13500135000")
    await say(tab, "第二位")
    await tab.until(heard("收到：第二位"))
    assert not await tab.run(heard("第一位"))
    world.handset.push("验证码 730052", "13500135000")
    await tab.until(f"{INBOX}.includes('730 052')")
    assert "482 913" not in await tab.run(INBOX)


async def test_a_reload_keeps_the_chat(world: World) -> None:
    tab = await enter(world)
    await say(tab, "还在吗")
    await tab.until(heard("收到：还在吗"))
    await enter(world)
    await tab.until(heard("收到：还在吗"))
    await say(tab, "还在")
    await tab.until(heard("收到：还在"))
    assert tab.complaints == []


async def test_a_restarted_server_is_told_and_found_again(world: World) -> None:
    tab = await enter(world)
    await world.server.stop()
    await tab.until("document.getElementById('starting').innerText.includes('正在重新登录')")
    box = "document.getElementById('starting').getBoundingClientRect()"
    await tab.run("document.getElementById('starting').style.pointerEvents = 'auto'")  # else it cannot be hit
    assert await tab.run(f"document.elementFromPoint({box}.x + 20, {box}.y + 10).id") == "starting"
    await world.server.start()
    await tab.until("document.getElementById('starting').hidden", 30)


async def test_sms_sent_while_the_line_was_down_are_shown_once(world: World) -> None:
    tab = await enter(world)
    world.handset.push("第一条")
    await tab.until(f"{INBOX}.includes('第一条')")
    world.handset.hang_up()
    await world.handset.hung_up.wait()
    world.handset.push("第二条")
    await tab.until(f"{INBOX}.includes('第二条')")
    assert await tab.run("document.querySelectorAll('#inbox li').length") == 2


async def test_the_code_is_found_in_every_wording(world: World) -> None:
    wordings = {
        "【营业厅】验证码 482913，用于开通彩铃，5元/月。": "482 913",
        "您的随机密码是：007131，3分钟内有效": "007 131",
        "随机密码为0071": "0071",
        "验证码：12345678": "1234 5678",
        "验证码482-913": "482 913",
        "482913 是您的验证码": "482 913",
        "您正在向13800138000充值100元，验证码 482913": "482 913",
        "彩铃已开通，5元/月。流水号 H261024-7K3QXD。": "",
        "您已充值 10000 元，余额 12345 元。": "",
        "您的号码13800138000已复机。": "",
    }
    tab = await enter(world)
    script = "import('/static/phone.js').then(phone => %s.map(text => phone.spaced(phone.codeIn(text))))"
    found = await tab.run(script % json.dumps(list(wordings)))
    assert dict(zip(wordings, found, strict=True)) == wordings


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_the_sms_drops_in_over_the_chat(world: World, scheme: str) -> None:
    tab = await enter(world, width=390, height=844, scheme=scheme)
    await say(tab, "开通彩铃")
    await tab.until(heard("收到：开通彩铃"))
    world.handset.push(SMS)
    await tab.until("document.getElementById('banner').innerText.includes('482 913')")
    assert await tab.run("document.getElementById('unread').textContent") == "1"
    await tab.screenshot(SHOTS / f"phone-{scheme}-banner.png")
    await tab.run("document.querySelector('[data-show=phone]').click()")
    assert await tab.run("document.getElementById('banner').hidden && document.getElementById('unread').hidden")
    await tab.screenshot(SHOTS / f"phone-{scheme}-inbox.png")
    await tab.run("document.querySelector('[data-show=me]').click()")
    await tab.screenshot(SHOTS / f"phone-{scheme}-me.png")
    await tab.run("document.querySelector('#inbox .go').click()")
    assert await tab.run(f"{INPUT}.value") == "482913"
    assert await tab.run("document.body.dataset.view") == "chat"
    await tab.screenshot(SHOTS / f"phone-{scheme}-chat.png")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 600), (820, 1180), (390, 844), (320, 568)])
async def test_everything_fits_without_scrolling_sideways(world: World, width: int, height: int) -> None:
    tab = await enter(world, width=width, height=height)
    await say(tab, "很长" * 200)
    await tab.until(heard("很长"))
    for view in ("chat", "phone", "me"):
        await tab.run(f"document.querySelector('[data-show={view}]').click()")
        size = await tab.run("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [width, height]
    box = await tab.run("JSON.stringify(document.querySelector('[data-show=chat]').click() ?? "
                        "document.querySelector('.send-button').getBoundingClientRect())")  # fmt: skip
    button = json.loads(box)
    assert 0 <= button["left"] < button["right"] <= width
    assert 0 <= button["top"] < button["bottom"] <= height
