"""The demo's page in a real browser: log in, talk, get an SMS, and ask no other host for anything."""

import asyncio
import json
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession, web
from slixmpp import ComponentXMPP, Message

from bot.adapters.sandbox.operator import Operator
from bot.adapters.sandbox.page import PageAccount, add_handset, page
from bot.adapters.sandbox.xmppd import XmppConfig, XmppServer
from tests.browser.chromium import Tab, chromium

SHOTS = Path(__file__).parents[2] / "build/page"
DOMAIN, HALL = "localhost", "hall.localhost"
BOT = f"hall@{HALL}"
SECRET = "a-secret-of-this-test"
TOKEN = "token-of-this-test"
SMS = "【营业厅】您正在开通彩铃（5元/月），验证码 482913，3分钟内有效。请勿告诉任何人。"
INPUT = "document.querySelector('.chat-textarea')"
INBOX = "document.getElementById('inbox').innerText"
LINE = "document.getElementById('line').dataset.state"


@dataclass(slots=True)
class World:
    """A sandbox without the bot: XMPP server, operator with handset, page, browser, and an echo in the bot's place."""

    accounts: list[PageAccount]
    server: XmppServer
    operator: Operator
    tab: Tab
    session: ClientSession
    base: str = ""
    port: int = 0
    line: AsyncExitStack = field(default_factory=AsyncExitStack)
    ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def me(self) -> PageAccount:
        return self.accounts[0]

    async def sms(self, text: str, number: str = "") -> None:
        """As the bot sends one."""
        address = f"http://127.0.0.1:{self.port}/sms/v1/messages"
        sms = {"id": f"browser-test-{next(self.ids)}", "to": number or self.me.number, "text": text}
        async with self.session.post(address, json=sms, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            assert answer.status == 202

    async def connect(self) -> None:
        """Put the operator on the network, always on the same port."""
        self.line = AsyncExitStack()
        self.port = await self.line.enter_async_context(running(self.operator.app(), self.port))

    async def cut(self) -> None:
        await self.line.aclose()


@asynccontextmanager
async def running(app: web.Application, port: int = 0) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


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


def accounts(operator: Operator) -> list[PageAccount]:
    """Three of every brand."""
    brands: defaultdict[str, list[PageAccount]] = defaultdict(list)
    for one in operator.subscribers:
        password = operator.passwords[one.number]
        account = PageAccount(f"{one.number}@{DOMAIN}", f"xmpp-{one.number}", one.number, one.brand, password, one.name)
        brands[one.brand].append(account)
    return [account for brand in brands.values() for account in brand[:3]]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An operator's folder as its first start leaves it."""
    folder = tmp_path_factory.mktemp("made")
    asyncio.run(Operator(folder, token=TOKEN).close())
    return folder


@pytest.fixture
async def world(made: Path, tmp_path: Path) -> AsyncIterator[World]:
    operator = Operator(Path(shutil.copytree(made, tmp_path / "operator")), token=TOKEN)
    people = accounts(operator)
    passwords = {account.number: account.password for account in people}
    server = XmppServer(XmppConfig(domain=DOMAIN, components={HALL: SECRET}, accounts=passwords))
    await server.start()
    try:
        async with echo(server.component_port), chromium() as tab, ClientSession() as session:
            world = World(people, server, operator, tab, session)
            await world.connect()
            app = page(people, bot_jid=BOT)
            app.router.add_get("/xmpp-websocket", server.websocket)
            add_handset(app, f"http://127.0.0.1:{world.port}")
            async with running(app) as port:
                world.base = f"http://127.0.0.1:{port}"
                yield world
                await server.stop()  # first, so that the page does not wait for its websockets
            await world.cut()
    finally:
        await server.stop()
        await operator.close()


async def enter(world: World, path: str = "/", width: int = 1280, height: int = 720, scheme: str = "light") -> Tab:
    """The page, logged in, with the chat open and the handset on line."""
    tab = world.tab
    await tab.look(width, height, scheme)
    await tab.open(world.base + path)
    await tab.until(INPUT)
    await tab.until("document.getElementById('starting').hidden")
    await tab.until(f"{LINE} === 'on'")
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
    await world.sms(SMS)
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
    await world.sms(SMS)
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
    await world.sms(SMS)
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
    assert world.me.service_password in await tab.run("document.querySelector('.me').innerText")
    await tab.run("document.querySelector('.me [data-fill]').click()")
    assert await tab.run(f"{INPUT}.value") == world.me.service_password


async def test_another_subscriber_has_his_own_chat_and_his_own_phone(world: World) -> None:
    tab = await enter(world)
    await world.sms(SMS)
    await say(tab, "第一位")
    await tab.until(heard("收到：第一位"))
    other = next(account.number for account in world.accounts if account.brand == "mzone")
    tab = await enter(world, f"/?as={other}")
    await say(tab, "第二位")
    await tab.until(heard("收到：第二位"))
    assert not await tab.run(heard("第一位"))
    await world.sms("验证码 730052", other)
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
    await world.sms("第一条")
    await tab.until(f"{INBOX}.includes('第一条')")
    await world.cut()
    await tab.until(f"{LINE} === 'wait'")
    await world.connect()
    await world.sms("第二条")
    await tab.until(f"{INBOX}.includes('第二条')")
    await tab.until(f"{LINE} === 'on'")
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
    await world.sms(SMS)
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
