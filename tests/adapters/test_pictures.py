"""Pictures: every template drawn in every language it has, with glyphs for whatever it says."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import resvg_py

from bot import english, words
from bot.adapters.memory.hall import MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.adapters.pictures import Drawing
from bot.adapters.pictures.draw import FONT, WIDTH
from bot.intents import bill, points, usage
from bot.intents.base import Call
from bot.model import Picture, Reply, Session, Slots
from bot.paths import shipped
from bot.wiring import Words
from tests.support.samples import AT, account, session

REPLIES = shipped("replies")
TEMPLATES = sorted(str(path.relative_to(REPLIES / "zh").with_suffix("")) for path in (REPLIES / "zh").rglob("*.svg"))
LANGS = sorted({path.relative_to(REPLIES).parts[0] for path in REPLIES.rglob("*.svg")})
OUT = Path(__file__).parents[2] / "build/pictures"


PERIOD = "2025年11月至2026年10月"


def bars(values: list[float], fen: int = 2) -> list[dict[str, Any]]:
    months = [f"2026-{n:02d}" for n in range(13 - len(values), 13)]
    return [
        {"month": m, "value": v, "shown": f"{v:.{fen}f}", "open": m == "2026-12"}
        for m, v in zip(months, values, strict=True)
    ]


def ring(kind: str, part: float, left: str, total: str, unit: str) -> dict[str, Any]:
    return {"kind": kind, "part": part, "left": left, "total": total, "unit": unit}


RINGS = [ring("voice", 0.6, "120", "200", "分钟"), ring("data", 1, "2", "2", "GB"), ring("sms", 0, "0", "100", "条")]
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "bill/trend": [
        {"rows": bars([58.3, 61.2, 130.75, 40, 66.6, 23.4]), "mean": "71.37"},
        {"rows": bars([0]), "mean": ""},
        {"rows": bars([-5, 0, 12345.67]), "mean": "6170.33", "period": PERIOD},
        {"rows": bars([1234.5] * 12, 0), "mean": "1234.50", "period": PERIOD},
    ],
    "points/history": [
        {"rows": bars([2500, 3100, 12345, 4000, 4100, 3200]), "period": period} for period in ("", PERIOD)
    ],
    "usage/query": [{"rows": RINGS, "until": "2026-12-31"}, {"rows": RINGS[1:2], "until": ""}],
}


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return Drawing(REPLIES)


def test_there_is_a_sample_of_every_picture() -> None:
    assert list(SAMPLES) == TEMPLATES


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found: tuple[int, int] = struct.unpack(">II", png[16:24])
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_picture_is_drawn_and_every_word_of_it_has_a_glyph(name: str, lang: str, drawing: Drawing) -> None:
    glyphs = set((FONT.parent / "GLYPHS.txt").read_text("utf-8"))
    for n, data in enumerate(SAMPLES[name]):
        picture = Picture(name, data, lang)
        svg = drawing.svg(picture)
        said = set("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))) - {"\n"}
        assert said <= glyphs, said - glyphs
        png = drawing.png(picture)
        wide, high = size(png)
        assert wide == WIDTH
        assert high <= 1100, "no longer than a phone"
        assert len(png) < 60_000
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{name.replace('/', '-')}-{lang}-{n}.png").write_bytes(png)


def test_months_apart_are_named_with_what_has_a_glyph(drawing: Drawing) -> None:
    svg = drawing.svg(Picture("bill/trend", {"rows": bars([5.0]), "mean": "", "period": "2026年1月、3月和5月"}))
    assert "2026年1月，3月，5月话费" in svg


def pixels(png: bytes) -> bytes:
    """Enough of a PNG reader to see whether anything is drawn."""
    parts, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            parts += png[at + 8 : at + 8 + length]
        at += 12 + length
    return zlib.decompress(parts)


ENDS = [
    ["2026-11"],
    ["2026-03", "2026-05"],
    ["2025-11", "2025-12", "2026-01"],
    [f"2026-{n:02d}" for n in range(1, 12, 2)],
]


@pytest.mark.parametrize("months", ENDS, ids=len)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["bill/trend", "points/history"])
def test_a_long_title_ends_inside_the_picture(name: str, lang: str, months: list[str], drawing: Drawing) -> None:
    """`Charges, November 2025 to January 2026 (yuan)` was cut off at the right."""
    period = (english if lang == "en" else words).period(months)
    svg = drawing.svg(Picture(name, {"rows": bars([5.0]), "mean": "", "period": period}, lang))
    covered = svg.replace("</svg>", '<rect x="346" width="14" height="60" fill="#ffffff"/></svg>')
    assert covered != svg
    one, other = (
        resvg_py.svg_to_bytes(svg_string=some, skip_system_fonts=True, font_files=[str(FONT)])
        for some in (svg, covered)
    )
    assert pixels(one) == pixels(other), "something is drawn there"


def test_numbers_are_drawn_not_left_out(drawing: Drawing) -> None:
    """A renderer that does not find its font draws the bars alone."""
    one, other = ({"rows": bars([5, 5]), "mean": mean} for mean in ("11.11", "88.88"))
    assert pixels(drawing.png(Picture("bill/trend", one))) != pixels(drawing.png(Picture("bill/trend", other)))


def test_what_an_operator_calls_things_is_never_markup(drawing: Drawing) -> None:
    rows = bars([5.0])
    rows[0]["shown"] = "</text><script>alert(1)</script>"
    svg = drawing.svg(Picture("bill/trend", {"rows": rows, "mean": ""}))
    assert "<script" not in svg


def test_the_font_is_small_and_its_licence_is_beside_it() -> None:
    assert FONT.stat().st_size < 300_000
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "LICENSE").read_text("utf-8").upper()
    assert (FONT.parent / "VENDORED.md").is_file()


def calling(words: Words, slots: Slots = Slots()) -> Call:  # noqa: B008
    return Call(session(), slots, MemoryHall(), MemoryLedger(), words.menus, words.catalogue, AT, "k")


async def test_handlers_give_what_the_pictures_read(words: Words, drawing: Drawing) -> None:
    for run in (bill.trend, usage.query, points.history):
        answer = await run(calling(words))
        assert isinstance(answer, Reply)
        assert isinstance(answer.file, Picture)
        assert drawing.png(answer.file)


async def test_points_are_reckoned_back_from_what_there_is_now(words: Words) -> None:
    answer = await points.history(calling(words, Slots(months=3)))
    assert isinstance(answer, Reply)
    assert isinstance(answer.file, Picture)
    now = (await MemoryHall().points(account())).total
    assert [row["value"] for row in answer.file.data["rows"]] == [now, now, now]


def test_an_empty_session_speaks_chinese() -> None:
    assert Session().lang == ""


def test_the_renderer_is_loaded_with_the_first_picture() -> None:
    """A process that nobody asks for a picture does not carry it."""
    script = "import sys, bot.live; assert 'resvg_py' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
