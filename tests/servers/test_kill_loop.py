"""500 operations over XMPP while the bot process is killed with -9 fifty times and more (Done when 3 of the road)."""

from __future__ import annotations

from tests.e2e.killing import Plan, kill_loop
from tests.e2e.processes import staffed


async def test_fifty_kills_during_five_hundred_operations_lose_and_double_nothing() -> None:
    async with staffed() as site:
        print(
            await kill_loop(site, Plan(operations=500, kills=55, customers=20, longest=4.0, cut_every=4, patient=True))
        )
