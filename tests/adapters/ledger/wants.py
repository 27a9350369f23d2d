"""What every store of wants keeps, whatever database is under it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.ledger import SqlLedger
from bot.adapters.ledger.wants import LEASE
from bot.adapters.seal import AesSeal
from bot.ports.push import Want
from tests.support.till import JID, KEY, NUMBER, SEAL, START

WANT = Want("news", NUMBER, "17-abc", JID, "hall.im.example", "zh", "finance,sport", "2026-11-18", START, START + 1000)


class WantsContract:
    @pytest.fixture
    async def ledger(self, url: str) -> AsyncIterator[SqlLedger]:
        ledger = await SqlLedger.open(url, SEAL, KEY)
        yield ledger
        await ledger.close()

    async def test_what_was_asked_for_is_kept(self, ledger: SqlLedger) -> None:
        await ledger.wants.put(WANT)
        assert await ledger.wants.of("17-abc") == [WANT]
        assert await ledger.wants.of("17-abd") == []

    async def test_a_new_wish_for_the_same_topic_replaces_the_old_one(self, ledger: SqlLedger) -> None:
        other = replace(WANT, topic="balance", about="10")
        newer = replace(WANT, about="finance", at=START + 5)
        for want in (WANT, other, newer):
            await ledger.wants.put(want)
        assert await ledger.wants.of("17-abc") == [other, newer]

    async def test_one_topic_or_all_are_dropped(self, ledger: SqlLedger) -> None:
        for topic in ("news", "balance", "promo"):
            await ledger.wants.put(replace(WANT, topic=topic))
        assert await ledger.wants.drop("17-abc", "news") == 1
        assert await ledger.wants.drop("17-abc") == 2
        assert await ledger.wants.drop("17-abc") == 0

    async def test_what_is_due_is_leased_once(self, ledger: SqlLedger) -> None:
        for n in range(6):
            await ledger.wants.put(replace(WANT, conversation=f"17-{n}"))
        assert await ledger.wants.due(START, "w", 10) == []
        rounds = await asyncio.gather(*(ledger.wants.due(START + 1000, f"w{n}", 2) for n in range(4)))
        assert sorted(want.conversation for found in rounds for want in found) == [f"17-{n}" for n in range(6)]
        assert len(await ledger.wants.due(START + 1000 + LEASE, "w", 10)) == 6

    async def test_what_was_looked_at_rests_unless_it_was_asked_for_anew(self, ledger: SqlLedger) -> None:
        await ledger.wants.put(WANT)
        await ledger.wants.looked(WANT, "2026-11-19", START + 2000)
        assert await ledger.wants.of("17-abc") == [replace(WANT, told="2026-11-19", next_look=START + 2000)]
        newer = replace(WANT, at=START + 9)
        await ledger.wants.put(newer)
        await ledger.wants.looked(WANT, "2026-11-20", START + 3000)
        assert await ledger.wants.of("17-abc") == [newer]

    async def test_a_hint_brings_forward_and_never_puts_off(self, ledger: SqlLedger) -> None:
        await ledger.wants.put(WANT)
        await ledger.wants.hint("13700000000", START)
        assert await ledger.wants.due(START, "w", 10) == []
        await ledger.wants.hint(NUMBER, START + 5000)
        assert (await ledger.wants.of("17-abc"))[0].next_look == START + 1000
        await ledger.wants.hint(NUMBER, START)
        assert len(await ledger.wants.due(START, "w", 10)) == 1

    async def test_nothing_of_the_customers_stands_in_the_table(self, ledger: SqlLedger, url: str) -> None:
        await ledger.wants.put(WANT)
        engine = create_async_engine(url)
        async with engine.connect() as db:
            row = str((await db.execute(text("SELECT * FROM wants"))).all())
        await engine.dispose()
        assert "17-abc" in row
        assert not any(secret in row for secret in (NUMBER, JID, "finance"))

    async def test_a_row_that_nobody_can_open_holds_nobody_up(self, ledger: SqlLedger, url: str) -> None:
        lost = await SqlLedger.open(url, AesSeal({"k9": bytes(32)}, "k9"), KEY)
        await lost.wants.put(replace(WANT, conversation="17-lost"))
        await lost.close()
        await ledger.wants.put(WANT)
        assert await ledger.wants.due(START + 1000, "w", 10) == [WANT]
        assert await ledger.wants.of("17-lost") == []
