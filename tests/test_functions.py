"""docs/functions.md lists every function by brand and language, and is what the talks show."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio

from bot.config import Config
from bot.model import Brand
from bot.wiring import Words
from scripts.functions import BRANDS, LANGS, PAGE, Shown, functions, page, shown

playing = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def found(config: Config, words: Words) -> Shown:
    return await shown(config, words)


@playing
async def test_every_function_of_every_brand_is_shown_in_both_languages(found: Shown, words: Words) -> None:
    wanted = {(name, brand, lang) for brand in Brand for name in functions(brand, words) for lang in LANGS}
    assert {key for key in wanted if not found.get(key)} == set()


@playing
async def test_the_page_says_what_the_talks_show(found: Shown, words: Words) -> None:
    """Every function has its row, and whatever talk a cell links to shows that function; `scripts/functions.py`."""
    text = PAGE.read_text("utf-8")
    assert text.splitlines()[:7] == page(found, words).splitlines()[:7]
    rows = {row.split("`")[1]: row.split(" | ")[3:] for row in text.splitlines() if row.startswith("| `")}
    assert set(rows) == {name for brand in Brand for name in functions(brand, words)}
    for name, cells in rows.items():
        for brand, cell in zip(BRANDS, cells, strict=True):
            links = re.findall(r"\[(zh|en)\]\(\.\./tests/talks/([^)]+)\)", cell)
            assert [lang for lang, _ in links] == (list(LANGS) if name in functions(brand, words) else [])
            assert [file for lang, file in links if file not in found[name, brand, lang]] == []
