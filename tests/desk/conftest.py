"""One office a test."""

from __future__ import annotations

import pytest

from bot.config import Config
from bot.wiring import Words
from tests.support.office import Office


@pytest.fixture
def office(config: Config, words: Words) -> Office:
    return Office(config, words)
