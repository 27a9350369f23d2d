"""/f/ over HTTP: a click between a link and a 详单, nothing for those who only look, nothing kept by anybody."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import StringIO

import aiohttp
import pytest
from aiohttp import web
from msgspec.structs import replace

from bot.adapters.export import BOM, harmless, written
from bot.adapters.memory.files import MemoryFiles
from bot.adapters.memory.usage import RECORDS
from bot.adapters.pictures import Drawing
from bot.adapters.web_files import FileRoom
from bot.adapters.web_hub import Hub, keys
from bot.model import SHANGHAI, Account, Brand, Detail, Export, Ms, Picture
from bot.paths import shipped
from bot.ports.files import LIFE
from tests.adapters.tmf.world import serving
from tests.support.moody import MoodyHall
from tests.support.samples import AT, NUMBER

TOKEN, SHOWN, NEVER = "t" * 43, "p" * 43, "n" * 43
EXPORT = Export(Account(NUMBER, Brand.GOTONE, "A1", "P1"), "2026-10", "voice")
PICTURE = Picture("usage/query", {"rows": [], "until": ""})


@dataclass
class Room:
    base: str
    http: aiohttp.ClientSession
    files: MemoryFiles
    hall: MoodyHall
    hinted: list[str]
    now: Ms = AT
    counted: list[str] = field(default_factory=list)

    async def call(self, method: str, path: str, **how: object) -> tuple[int, bytes, dict[str, str]]:
        async with self.http.request(method, self.base + path, **how) as answer:  # type: ignore[arg-type]
            return answer.status, await answer.read(), {k.lower(): v for k, v in answer.headers.items()}


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    files, hall, hinted = MemoryFiles(), MoodyHall(), list[str]()

    async def hint(key: str) -> None:
        hinted.append(key)

    async with aiohttp.ClientSession() as http:
        here = Room("", http, files, hall, hinted)
        served = FileRoom(
            files, Drawing(shipped("replies")), hall, lambda: here.now, lambda name, **_: here.counted.append(name)
        )
        app = web.Application(client_max_size=1 << 16)
        app.add_routes([*served.routes(), *Hub("s3cret", hint, hint).routes()])
        async with serving(app) as base:
            here.base = base
            await files.put(TOKEN, EXPORT, AT)
            await files.put(SHOWN, Picture("bill/trend", {"rows": [ROW], "mean": ""}), AT)
            yield here


ROW = {"month": "2026-10", "value": 58.3, "shown": "58.30", "open": False}


async def test_a_detail_record_is_behind_a_click(room: Room) -> None:
    for _ in range(10):  # previews of servers, clients, scanners
        status, page, _ = await room.call("GET", f"/f/{TOKEN}")
        assert status == 200
        assert "下载 CSV 文件".encode() in page
        assert b"13900139000" not in page
    assert (await room.call("HEAD", f"/f/{TOKEN}"))[0] == 200
    statuses = [(await room.call("POST", f"/f/{TOKEN}"))[0] for _ in range(4)]
    assert statuses == [200, 200, 200, 404]
    assert (await room.call("GET", f"/f/{TOKEN}"))[0] == 404


async def test_the_file_holds_every_record_and_opens_in_a_spreadsheet(room: Room) -> None:
    status, body, headers = await room.call("POST", f"/f/{TOKEN}")
    assert status == 200
    text = body.decode()
    assert text.startswith(BOM)
    rows = list(csv.reader(StringIO(text.removeprefix(BOM))))
    assert rows[0][:3] == ["时间", "类型", "对方"]
    assert len(rows) == 1 + RECORDS["voice"]
    assert rows[1][2] == "13900139000"
    assert headers["content-disposition"] == 'attachment; filename="2026-10-voice.csv"'
    assert NUMBER not in str(headers)


async def test_a_picture_is_drawn_when_it_is_looked_at_and_three_times_at_most(room: Room) -> None:
    assert (await room.call("HEAD", f"/f/{SHOWN}.png"))[0] == 200
    answers = [await room.call("GET", f"/f/{SHOWN}{'.png' if n else ''}") for n in range(4)]
    assert [status for status, *_ in answers] == [200, 200, 200, 404]
    assert answers[0][1].startswith(b"\x89PNG")
    assert answers[0][2]["cross-origin-resource-policy"] == "cross-origin"


async def test_every_answer_forbids_what_it_does_not_need(room: Room) -> None:
    for method, path in (("GET", TOKEN), ("POST", TOKEN), ("GET", f"{SHOWN}.png"), ("GET", NEVER), ("GET", "x/../y")):
        _, _, headers = await room.call(method, f"/f/{path}")
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_whatever_is_not_there_looks_the_same(room: Room) -> None:
    """Never was, is over, was revoked, is another kind of thing: one answer."""
    await room.files.put("r" * 43, EXPORT, AT)
    await room.files.revoke(("r" * 43,))
    gone = [await room.call("GET", f"/f/{path}") for path in (NEVER, "r" * 43, "short", f"{TOKEN}x", f"{NEVER}.png")]
    gone += [await room.call("POST", f"/f/{path}") for path in (NEVER, SHOWN)]
    room.now = AT + LIFE + 1
    gone += [await room.call("GET", f"/f/{TOKEN}"), await room.call("GET", f"/f/{SHOWN}.png")]
    assert {(status, body) for status, body, _ in gone} == {(404, gone[0][1])}


async def test_who_reads_english_is_told_so_in_english(room: Room) -> None:
    status, page, _ = await room.call("GET", f"/f/{NEVER}", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert status == 404
    assert b"This link is over" in page
    await room.files.put("e" * 43, replace(EXPORT, lang="en"), AT)
    assert b"Download CSV" in (await room.call("GET", f"/f/{'e' * 43}"))[1]
    _, body, _ = await room.call("POST", f"/f/{'e' * 43}")
    assert body.decode().startswith(f"{BOM}time,kind,other party")


async def test_an_operator_that_is_away_costs_no_fetch(room: Room) -> None:
    room.hall.away = True
    assert [(await room.call("POST", f"/f/{TOKEN}"))[0] for _ in range(5)] == [503] * 5
    room.hall.away = False
    assert (await room.call("POST", f"/f/{TOKEN}"))[0] == 200


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["13900139000", "-5.00", "0.20", "cmnet", "北京", ""])
def test_a_cell_that_is_none_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_what_an_operator_writes_into_a_record_is_no_formula_either() -> None:
    at = datetime(2026, 10, 1, 9, 30, tzinfo=SHANGHAI)
    text = written(EXPORT, [Detail(at, "voice", '=HYPERLINK("x")', 61, "@北京,\n", Decimal("0.20"))]).decode()
    (row,) = list(csv.reader(StringIO(text.removeprefix(BOM))))[1:]
    assert row[2].startswith("'=")
    assert row[6].startswith("'@")


async def test_a_call_back_needs_its_secret_and_is_a_hint(room: Room) -> None:
    event = {"eventType": "x", "event": {"payment": {"id": "M1", "correlatorId": "okey1"}}}
    assert (await room.call("POST", "/hub/wrong", json=event))[0] == 404
    assert room.hinted == []
    assert (await room.call("POST", "/hub/s3cret", json=event))[0] == 204
    assert room.hinted == ["okey1"]
    for body in (b"", b"{", b"[" * 5000, b'{"correlatorId": 5}', b'{"correlatorId": "../../x"}'):
        assert (await room.call("POST", "/hub/s3cret", data=body))[0] in (204, 400)
    assert room.hinted == ["okey1"]


def test_keys_are_found_wherever_a_vendor_puts_them() -> None:
    deep: object = {"correlatorId": "toodeep"}
    for _ in range(10):
        deep = [deep]
    assert list(keys({"a": [{"b": {"correlatorId": "o1"}}], "correlatorId": "o2", "c": deep})) == ["o2", "o1"]
