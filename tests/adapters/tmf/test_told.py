"""docs/operator.md names everything that is asked of an operator, as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.adapters.tmf import settings
from bot.words import REASONS

PAGE = (Path(__file__).parents[3] / "docs" / "operator.md").read_text("utf-8")
TABLES: Mapping[str, Mapping[str, str]] = {
    "paths": settings.PATHS,
    "traits": settings.TRAITS,
    "kinds": settings.KINDS,
    "offerings": settings.OFFERINGS,
}


def told(name: str) -> dict[str, str]:
    """What the tables headed `key of …` say: key → usual name."""
    found: dict[str, str] = {}
    for table in re.split(rf"^\| key of `{name}` .*\n\|[-|]+\n", PAGE, flags=re.MULTILINE)[1:]:
        rows = re.match(r"(?:\|.*\n)+", table)
        assert rows
        found |= dict(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", rows[0], re.MULTILINE))
    return found


@pytest.mark.parametrize("name", TABLES)
def test_every_name_that_can_be_set_is_told_with_its_usual_value(name: str) -> None:
    assert told(name) == dict(TABLES[name])


def test_every_code_that_customers_are_told_in_words_is_named() -> None:
    assert {code for code in REASONS if f"`{code}`" not in PAGE} == set()
