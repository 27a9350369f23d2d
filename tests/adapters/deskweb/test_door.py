"""Who is let in, and what the desk's door refuses: other names, other sites, other people's forms."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.deskweb import guard
from bot.adapters.deskweb.guard import HEADERS, Site
from bot.adapters.records.staff import csrf
from bot.config import Config
from bot.errors import ConfigError
from bot.staff import Member
from bot.wiring import Words, wall
from tests.adapters.deskweb.house import KEY_OF_LINKS, House, house
from tests.adapters.records.staff_contract import code

PAGES = ("/", "/s/1", "/s/1/after", "/s/1/earlier", "/stream", "/team", "/team/now", "/figures", "/audit", "/past/1")
POSTS = ("/do", "/s/1/say", "/s/1/typing", "/phrase", "/lock", "/seen", "/logout", "/unlock")


@pytest.fixture
async def home(tmp_path: Path, config: Config, words: Words) -> AsyncIterator[House]:
    async with house(tmp_path, config, words) as running:
        yield running


async def test_nothing_is_shown_to_who_is_not_logged_in(home: House) -> None:
    nobody = await home.browser()
    for path in PAGES:
        answer = await nobody.ask(path)
        assert (answer.status, answer.headers.get("Location")) == (303, "/login"), path
        answer = await nobody.ask(path, **{"HX-Request": "true"})
        assert (answer.status, answer.headers.get("X-Go"), await answer.text()) == (401, "/login", ""), path
    for path in POSTS:
        assert (await nobody.post(path))[0] == 401, path


async def test_every_answer_is_hardened(home: House) -> None:
    li = await home.browser("1207")
    for path in ("/", "/login", "/nowhere", "/static/desk.css", "/figures"):
        answer = await li.ask(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, path
        assert answer.headers["Cache-Control"] == ("no-cache" if "static" in path else "no-store")
        assert "Strict-Transport-Security" not in answer.headers  # the desk of the tests has no TLS
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert HEADERS["Content-Security-Policy"].startswith("default-src 'none'")


async def test_password_and_code_open_the_desk(home: House) -> None:
    enrolled = await home.staff.add(Member("3001", "新人"))
    browser = await home.browser()
    wrong = {"number": "3001", "password": "wrong", "code": "000000"}
    status, text = await browser.post("/login", wrong)
    assert status == 401
    assert "没有登录成功" in text
    assert "wrong" not in text.replace('class="wrong"', "")
    right = {"number": "3001", "password": enrolled.password, "code": code(enrolled, wall())}
    async with browser.http.post(
        f"{home.base}/login", data=right, headers={"Origin": home.base}, allow_redirects=False
    ) as answer:
        assert answer.status == 303
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("desk=")  # plain on loopback; browsers take __Host- over TLS only
    for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie
    status, text = await browser.get("/")
    assert status == 200
    assert "新人" in text
    looked = await home.records.history.audited()
    assert [(one.staff, one.what) for one in looked] == [("3001", "login")]


GUESS = {"number": "3001", "password": "guess", "code": "000000"}


async def test_strangers_keep_nobody_from_his_locked_screen(home: House) -> None:
    """Whoever knew a 工号 could keep its owner out of his own log-in."""
    enrolled = await home.staff.add(Member("3001", "新人"))
    working, stranger = await home.browser("3001"), await home.browser()
    for _ in range(6):
        assert (await stranger.post("/login", GUESS))[0] == 401
    await working.post("/lock")
    assert (await working.post("/unlock", {"code": code(enrolled, wall())}))[0] == 303
    assert (await working.get("/"))[0] == 200


async def test_strangers_do_not_lock_the_door_of_a_known_browser(home: House) -> None:
    enrolled = await home.staff.add(Member("3001", "新人"))
    known, stranger = await home.browser(), await home.browser()
    right = {"number": "3001", "password": enrolled.password, "code": code(enrolled, wall())}
    headers = {"Origin": home.base}
    async with known.http.post(f"{home.base}/login", data=right, headers=headers, allow_redirects=False) as answer:
        assert answer.status == 303
        known.token = answer.cookies["desk"].value
        cookie = next(one for one in answer.headers.getall("Set-Cookie") if one.startswith("desk-browser="))
    for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=7776000"):
        assert part in cookie
    await known.post("/logout")
    for _ in range(6):
        assert (await stranger.post("/login", GUESS))[0] == 401
    right["code"] = code(enrolled, wall() + 30_000)
    assert (await stranger.post("/login", right))[0] == 401
    assert (await known.post("/login", right))[0] == 303


async def test_five_wrong_codes_at_a_locked_screen_are_the_end_of_the_log_in(home: House) -> None:
    li, other = await home.browser("1207"), await home.browser("1207")
    await li.post("/lock")
    for _ in range(4):
        status, text = await li.post("/unlock", {"code": "000000"})
        assert (status, "动态码不对" in text) == (401, True)
    answer = await li.http.post(
        f"{home.base}/unlock",
        data={"code": "000000", "form": li.form},
        headers={"Origin": home.base},
        allow_redirects=False,
    )
    assert (answer.status, answer.headers["Location"]) == (303, "/login")
    assert (await li.get("/lock"))[0] == 303
    assert (await other.get("/"))[0] == 200


async def test_behind_tls_the_cookie_has_the_host_prefix(tmp_path: Path, config: Config, words: Words) -> None:
    async with house(tmp_path, config, words, origin="https://desk.example") as running:
        browser = await running.browser()
        host = {"Host": "desk.example"}
        query = f"/enter?as=1207&key={KEY_OF_LINKS}"
        async with browser.http.get(running.base + query, headers=host, allow_redirects=False) as answer:
            cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-desk=")
        assert "Secure" in cookie
        assert (await browser.get("/login", Host="desk.example", Origin="https://desk.example"))[0] == 200
        assert (await browser.get("/login", Host="desk.example", Origin="http://desk.example"))[0] == 403
        for path in ("/login", "/nowhere", "/static/desk.css"):
            answer = await browser.ask(path, Host="desk.example")
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", path


@pytest.mark.parametrize("host", ["evil.example", "desk.example.evil.example", "127.0.0.1.evil.example", ""])
async def test_another_name_that_leads_here_is_refused(home: House, host: str) -> None:
    li = await home.browser("1207")
    assert (await li.get("/", Host=host))[0] in (400, 421)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil"])
async def test_another_sites_page_gets_nothing(home: House, origin: str) -> None:
    li = await home.browser("1207")
    assert (await li.get("/stream", Origin=origin))[0] == 403
    assert (await li.get("/", Origin=origin))[0] == 403
    assert (await li.post("/do", {"name": "闲", "id": "12345678"}, Origin=origin))[0] == 403
    assert (await li.get("/", **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
    assert (await li.post("/do", {"name": "闲", "id": "12345678"}, Origin=""))[0] == 403
    assert await home.stage.hall.desk.seat("1207") is None


async def test_a_form_of_another_log_in_is_refused(home: House) -> None:
    li, qiang = await home.browser("1207"), await home.browser("1208")
    fields = {"name": "闲", "session": "0", "id": "12345678"}
    for form in ("", "x", qiang.form, csrf("guess")):
        assert (await li.post("/do", fields, **{"X-Form": form}))[0] == 403
    assert (await li.post("/do", fields | {"form": qiang.form}, **{"X-Form": ""}))[0] == 403
    assert await home.stage.hall.desk.seat("1207") is None
    assert (await li.post("/do", fields))[0] == 200
    assert (await li.post("/do", fields | {"form": li.form}, **{"X-Form": ""}))[0] == 200


async def test_a_locked_screen_shows_nothing_and_loses_nothing(home: House) -> None:
    li = await home.browser("1207")
    number = await home.served(li)
    assert (await li.post("/lock"))[0] == 303
    for path in PAGES:
        answer = await li.ask(path, **{"HX-Request": "true"})
        assert (answer.status, answer.headers["X-Go"]) == (423, "/lock")
    assert (await li.post(f"/s/{number}/say", {"text": "您好", "id": "12345678"}))[0] == 423
    status, text = await li.get("/lock")
    assert status == 200
    assert "138****" not in text
    assert (await li.post("/unlock", {"code": "000000"}))[0] == 401
    case = await home.room.case(number)
    assert case is not None
    assert case.staff == "1207"
    fresh = await home.staff.reset_totp("1207")  # ends the log-in, too: a new browser
    li = await home.browser("1207")
    await li.post("/lock")
    assert (await li.post("/unlock", {"code": code(fresh, wall())}))[0] == 303
    assert "转人工" in (await li.lines(number))


async def test_logging_out_ends_it_here(home: House) -> None:
    li, other = await home.browser("1207"), await home.browser("1207")
    assert (await li.post("/logout"))[0] == 303
    assert (await li.get("/"))[0] == 303
    assert (await other.get("/"))[0] == 200
    await home.staff.disable("1207")
    assert (await other.get("/"))[0] == 303


async def test_one_click_links_need_the_folders_key(home: House) -> None:
    nobody = await home.browser()
    for query in ("", "?as=1207", "?as=1207&key=", "?as=1207&key=x", f"?as=9999&key={KEY_OF_LINKS}"):
        assert (await nobody.get(f"/enter{query}"))[0] == 404
    assert (await nobody.get(f"/enter?as=1207&key={KEY_OF_LINKS}"))[0] == 303
    assert (await nobody.get("/"))[0] == 200


async def test_a_form_that_is_too_large_is_refused(home: House) -> None:
    li = await home.browser("1207")
    assert (await li.post("/s/1/say", {"text": "x" * 100_000, "id": "12345678"}))[0] == 413


@pytest.mark.parametrize(
    ("origin", "host", "encrypted"),
    [("", "0.0.0.0", False), ("https://desk.example", "10.0.0.1", False), ("http://desk.example", "127.0.0.1", False)],
)
def test_a_desk_without_tls_stays_at_home(origin: str, host: str, encrypted: bool) -> None:
    with pytest.raises(ConfigError, match="console"):
        Site(origin, host, encrypted=encrypted)


async def test_what_is_vendored_is_what_was_noted(home: House) -> None:
    folder = Path(guard.__file__).parent / "static/vendor/htmx"
    rows = re.findall(r"\| ([\w./-]+) \| (\d+) \| `(\w{64})` \|", (folder / "VENDORED.md").read_text("utf-8"))
    assert {name for name, _, _ in rows} == {path.name for path in folder.iterdir()} - {"VENDORED.md"}
    for name, size, digest in rows:
        content = (folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (int(size), digest)
    nobody = await home.browser()
    answer = await nobody.ask("/static/vendor/htmx/htmx.min.js")
    assert "javascript" in answer.headers["Content-Type"]
    for path in ("/static/", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/../templates/login.html"):
        assert (await nobody.get(path))[0] in (303, 403, 404)


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="number"\r\n\r\n\xff\r\n--x--\r\n'
NO_FORMS = (
    (FORM, b"number=\xff&password=x"),
    (f"{FORM}; charset=nonsense", b"number=1"),
    (f"{FORM}; charset=utf-16", b"number=1&password=x"),
    (PARTS, b"junk"),
    ("multipart/form-data", b"junk"),
    (PARTS, PART),
)


@pytest.mark.parametrize(("kind", "body"), NO_FORMS)
async def test_a_body_that_is_no_form_is_refused(home: House, kind: str, body: bytes) -> None:
    """It was answered 500, and the log quoted it, a password too."""
    nobody = await home.browser()
    headers = {"Origin": home.base, "Content-Type": kind}
    async with nobody.http.post(f"{home.base}/login", data=body, headers=headers) as answer:
        assert answer.status == 400


LONG = "9" * 5000  # int() takes 4300 digits


@pytest.mark.parametrize(
    ("request_line", "header", "status"),
    [
        ("GET / HTTP/1.1", b"Host: [", 421),
        ("GET / HTTP/1.1", b"Host: [::1", 421),
        ("GET / HTTP/1.1", b"Host: 127.0.0.1\r\nCookie: desk=\xff\xfe", 303),
        (f"GET /?s={LONG} HTTP/1.1", b"Host: 127.0.0.1\r\nCookie: %cookie", 200),
        ("POST /seen HTTP/1.1", b"Host: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nX-Form: \xff\r\nCookie: %cookie", 403),
    ],
)
async def test_what_no_browser_sends_is_no_bug_of_ours(
    home: House, request_line: str, header: bytes, status: int
) -> None:
    li = await home.browser("1207")
    header = header.replace(b"%cookie", f"desk={li.token}".encode())
    host, _, port = home.base.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request_line.encode() + b"\r\n" + header + b"\r\nConnection: close\r\n\r\n")
    answer = await reader.readline()
    writer.close()
    assert answer.split()[1] == str(status).encode()


async def test_numbers_longer_than_any_of_ours_are_none(home: House) -> None:
    zhao = await home.browser("1299")
    for ids in ("9" * 30, LONG):
        assert (await zhao.post("/phrase", {"intent": "bill.query", "ids": ids}))[0] == 200
    answer = await zhao.ask("/stream", **{"Last-Event-ID": LONG})
    assert await answer.content.readuntil(b"board")
    answer.close()
