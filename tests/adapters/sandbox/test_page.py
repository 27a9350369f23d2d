"""The demo's page as it is served: who is shown, what is sent along, and who is turned away."""

import hashlib
import html
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from aiohttp import ClientSession, web

from bot.adapters.sandbox.page import PageAccount, page
from bot.adapters.sandbox.page.guard import is_loopback, is_own_origin

BOT = "hall@hall.localhost"
ACCOUNTS = (
    PageAccount("13800138000@localhost", "xmpp-one", "13800138000", "gotone", "771301", "李明"),
    PageAccount("13800138001@localhost", "xmpp-two", "13800138001", "gotone", "771302", "王芳"),
    PageAccount("13500135000@localhost", "xmpp-three", "13500135000", "mzone", "771303", "<b>\"陈&'</b>"),
)
STATIC = Path(__file__).parents[3] / "bot/adapters/sandbox/page/static"
VENDORED = STATIC / "vendor/converse"


@dataclass(frozen=True, slots=True)
class Site:
    base: str
    session: ClientSession

    async def get(self, path: str = "/", **headers: str) -> tuple[int, dict[str, str], str]:
        async with self.session.get(self.base + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, dict(answer.headers), await answer.text()


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[Site]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession() as session:
            yield Site(f"http://127.0.0.1:{runner.addresses[0][1]}", session)
    finally:
        await runner.cleanup()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    app = page(ACCOUNTS, bot_jid=BOT)

    async def neighbour(_: web.Request) -> web.Response:
        return web.json_response([])

    app.router.add_get("/handset/13800138000.json", neighbour)
    async with serve(app) as running:
        yield running


def settings(text: str) -> dict[str, str]:
    found = re.search(r"data-settings='([^']*)'", text)
    assert found
    read: dict[str, str] = json.loads(html.unescape(found[1]))
    return read


async def test_the_first_account_is_shown_with_all_that_the_chat_needs(site: Site) -> None:
    status, headers, text = await site.get()
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert settings(text) == {
        "jid": "13800138000@localhost", "password": "xmpp-one", "number": "13800138000",
        "bot": BOT, "websocket": "/xmpp-websocket", "handset": "/handset",
    }  # fmt: skip
    for words in ("全球通", "138 0013 8000", "771301", "李明", "开通彩铃"):
        assert words in text


async def test_each_page_carries_only_its_own_secrets(site: Site) -> None:
    _, _, text = await site.get("/?as=13800138001")
    assert settings(text)["jid"] == "13800138001@localhost"
    assert "771302" in text
    for secret in ("xmpp-one", "xmpp-three", "771301", "771303"):
        assert secret not in text


async def test_one_can_switch_to_every_brand_and_to_others_of_the_same_brand(site: Site) -> None:
    _, _, text = await site.get("/?as=13800138001")
    links = re.findall(r'href="/\?as=(\d+)"', text)
    assert links == ["13800138000", "13500135000", "13800138000"]
    assert re.search(r'data-brand="gotone" aria-current="page"', text)


async def test_an_unknown_number_leads_back_to_the_first_page(site: Site) -> None:
    status, headers, _ = await site.get("/?as=10000")
    assert (status, headers["Location"]) == (303, "/")


async def test_a_title_cannot_break_out_of_the_page(site: Site) -> None:
    _, _, text = await site.get("/?as=13500135000")
    assert "<b>" not in text.replace('<b class="badge">', "").replace("<b>营业厅</b>", "")
    assert "&lt;b&gt;&#34;陈&amp;&#39;&lt;/b&gt;" in text


async def test_paths_are_taken_from_the_caller() -> None:
    async with serve(page(ACCOUNTS, bot_jid=BOT, websocket_path="/ws", handset_path="/phone")) as site:
        _, _, text = await site.get()
    assert (settings(text)["websocket"], settings(text)["handset"]) == ("/ws", "/phone")


def test_a_page_without_accounts_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one account"):
        page([], bot_jid=BOT)


def test_secrets_are_not_in_the_repr() -> None:
    shown = repr(ACCOUNTS[0])
    assert "13800138000" in shown
    assert "xmpp-one" not in shown
    assert "771301" not in shown


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/handset/13800138000.json", "/no/such/page", "/?as=1"])
async def test_every_answer_is_hardened(site: Site, path: str) -> None:
    _, headers, _ = await site.get(path)
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["connect-src"] == f"'self' {site.base.replace('http', 'ws')}"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] in ("no-store", "no-cache")


async def test_the_page_has_no_inline_script_and_names_no_other_host(site: Site) -> None:
    _, _, text = await site.get()
    assert re.findall(r"<script[^>]*>[^<]", text) == []
    assert re.findall(r"\son\w+=", text) == []
    assert re.findall(r'style="', text) == []
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)


@pytest.mark.parametrize("name", ["page.js", "chat.js", "phone.js", "page.css", "chat.css"])
def test_our_own_files_name_no_other_host(name: str) -> None:
    assert "://" not in (STATIC / name).read_text(encoding="utf-8").replace("${scheme}://${location.host}", "")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "169.254.169.254"]
)
async def test_a_name_that_was_pointed_at_this_machine_is_refused(site: Site, host: str) -> None:
    for path in ("/", "/handset/13800138000.json", "/static/page.js"):
        status, headers, text = await site.get(path, Host=host)
        assert status == 421
        assert "xmpp-one" not in text
        assert host not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["localhost", "localhost:5280", "127.0.0.1:5280", "[::1]:5280", "[::1]"])
def test_loopback_names_are_accepted(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", ":80", "a@localhost", "localhost:x", "localhost:99999", "localhost/", "[::1", "localhost;x"]
)
def test_what_is_no_loopback_name_is_refused(host: str) -> None:
    assert not is_loopback(host)


async def test_other_sites_cannot_use_a_visitors_browser(site: Site) -> None:
    for origin in ("http://evil.example", "https://127.0.0.1", "null", "http://localhost:1"):
        status, _, text = await site.get(Origin=origin)
        assert status == 403
        assert "xmpp-one" not in text
    status, _, _ = await site.get(Origin=site.base)
    assert status == 200


def test_a_program_that_names_no_origin_may_ask() -> None:
    assert is_own_origin(None, "localhost:1")


async def test_vendored_files_are_served_as_noted(site: Site) -> None:
    rows = re.findall(r"\| ([\w./-]+) \| (\d+) \| `(\w{64})` \|", (VENDORED / "VENDORED.md").read_text())
    assert {name for name, _, _ in rows} == {
        path.relative_to(VENDORED).as_posix() for path in VENDORED.rglob("*") if path.is_file()
    } - {"VENDORED.md"}
    for name, size, digest in rows:
        content = (VENDORED / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (int(size), digest)
    _, headers, _ = await site.get("/static/vendor/converse/converse.min.js")
    assert "javascript" in headers["Content-Type"]
    assert sum(int(size) for _, size, _ in rows) < 2_500_000


async def test_the_icon_is_there_for_browsers_that_ask_for_it_by_habit(site: Site) -> None:
    status, headers, _ = await site.get("/favicon.ico")
    assert status == 200
    assert headers["Content-Type"] == "image/svg+xml"


async def test_the_static_folder_has_no_listing_and_no_way_out(site: Site) -> None:
    for path in ("/static/", "/static/vendor/", "/static/%2e%2e/page.py", "/static/..%2fpage.py"):
        status, _, text = await site.get(path)
        assert status in (403, 404)
        assert "PageAccount" not in text


@pytest.fixture
def vendor() -> ModuleType:
    spec = spec_from_file_location("vendor", Path(__file__).parents[3] / "scripts/vendor.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_package_with_another_sum_is_not_unpacked(vendor: ModuleType, tmp_path: Path) -> None:
    package = tmp_path / "other.tgz"
    package.write_bytes(b"not what was pinned")
    with pytest.raises(SystemExit, match="nothing was changed"):
        vendor.check(package)


def test_the_style_sheet_loses_its_fonts_and_nothing_else(vendor: ModuleType) -> None:
    css = b"a{color:red}@font-face{font-family:X;src:url(x.ttf)}b{color:blue}"
    assert vendor.without_fonts(css) == b"a{color:red}b{color:blue}"
    with pytest.raises(SystemExit, match="no @font-face"):
        vendor.without_fonts(b"a{color:red}")
    assert b"@font-face" not in (VENDORED / "converse.min.css").read_bytes()
