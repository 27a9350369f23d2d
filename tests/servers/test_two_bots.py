"""Two bot processes on one hall, messages spread over them at random (Done when 8 of the road)."""

from __future__ import annotations

import pytest

from tests.e2e.processes import Maker, staffed
from tests.e2e.spread import spread
from tests.grounds.ejabberd import ejabberd
from tests.grounds.sandbox import sandbox

GROUNDS = pytest.mark.parametrize("make", [sandbox, ejabberd], ids=lambda make: make.__name__)


@GROUNDS
async def test_lines_are_answered_in_order_and_each_operation_is_done_once(make: Maker) -> None:
    async with staffed(make, bots=2) as site:
        print(await spread(site, 10, kills=False))


@GROUNDS
async def test_also_while_one_of_the_two_is_killed(make: Maker) -> None:
    async with staffed(make, bots=2) as site:
        print(await spread(site, 10, kills=True))
