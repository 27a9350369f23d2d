"""Redis stays away for longer than messages are held."""

from __future__ import annotations

import pytest

from tests.e2e.processes import staffed
from tests.e2e.redisless import under_load


@pytest.mark.parametrize(("seconds", "told_later"), [(7.0, 0), (15.0, 1)])
async def test_operations_are_neither_lost_nor_doubled(seconds: float, told_later: int) -> None:
    """Held for 10 s, then told to try again later; served again at once when it is back."""
    async with staffed() as site:
        count, late, took = await under_load(site, seconds, customers=8, changes=4)
        assert count.operations == 8 * 4
        assert late.refused == told_later
        assert took < 10
