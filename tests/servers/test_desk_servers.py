"""The desk in plain clients over Prosody and ejabberd."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.wiring import Words
from tests.e2e import test_desk as plain
from tests.e2e.hall import Hall, opened
from tests.grounds.ejabberd import ejabberd
from tests.grounds.prosody import prosody


@pytest.fixture(params=[prosody, ejabberd], ids=["prosody", "ejabberd"])
async def hall(request: pytest.FixtureRequest, tmp_path: Path, words: Words) -> AsyncIterator[Hall]:
    async with opened(tmp_path / "hall", request.param, words=words, staff=plain.STAFF, time=None) as hall:
        yield hall


async def test_a_conversation_in_an_ordinary_client(hall: Hall) -> None:
    await plain.test_a_conversation_in_an_ordinary_client(hall)


async def test_two_devices_of_one_member_of_staff_are_one_seat(hall: Hall) -> None:
    await plain.test_two_devices_of_one_member_of_staff_are_one_seat(hall)


async def test_presence_is_status_and_a_broken_connection_starts_the_grace(hall: Hall) -> None:
    await plain.test_presence_is_status_and_a_broken_connection_starts_the_grace(hall)


async def test_a_customer_whose_client_goes_keeps_his_place_asleep(hall: Hall) -> None:
    await plain.test_a_customer_whose_client_goes_keeps_his_place_asleep(hall)
