"""What the tests of the core share: the shipped configuration, and its words, built once."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from bot.config import Config, load
from bot.intents.base import Catalogue
from bot.intents.match import Matcher
from bot.paths import shipped
from bot.wiring import Words

# The same examples every time, so that a red run means a change; HALLBOT_EXAMPLES=2000 goes looking for new ones.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("hunt", max_examples=int(os.environ.get("HALLBOT_EXAMPLES", "100")), deadline=None)
settings.load_profile("hunt" if "HALLBOT_EXAMPLES" in os.environ else "same")


@pytest.fixture(scope="session")
def config() -> Config:
    return load(shipped("bot.yaml"))


@pytest.fixture(scope="session")
def words(config: Config) -> Words:
    return Words.of(config)


@pytest.fixture(scope="session")
def catalogue(words: Words) -> Catalogue:
    return words.catalogue


@pytest.fixture(scope="session")
def matcher(words: Words) -> Matcher:
    return words.matcher
