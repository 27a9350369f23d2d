"""What the tests of the core share: the shipped configuration, and its words, built once."""

from __future__ import annotations

import pytest

from bot.config import Config, load
from bot.intents.base import Catalogue
from bot.intents.match import Matcher
from bot.paths import shipped
from bot.wiring import Words


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
