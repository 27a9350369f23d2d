"""What every store of bindings keeps, whatever database is under it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.ledger import SqlLedger
from bot.adapters.ledger.bindings import forget
from tests.support.till import JID, KEY, NUMBER, SEAL, START

OTHER = "13900139000"


class BindingsContract:
    @pytest.fixture
    async def ledger(self, url: str) -> AsyncIterator[SqlLedger]:
        ledger = await SqlLedger.open(url, SEAL, KEY)
        yield ledger
        await ledger.close()

    async def test_the_last_line_about_a_jid_counts(self, ledger: SqlLedger) -> None:
        assert await ledger.bindings.number(JID) == ""
        for n, number in enumerate((NUMBER, OTHER, "", NUMBER)):
            await ledger.bindings.put(f"o-{n}", JID, number, START + n)
            assert await ledger.bindings.number(JID) == number
        assert await ledger.bindings.number("other@im.example") == ""

    async def test_a_key_binds_once(self, ledger: SqlLedger) -> None:
        assert not await ledger.bindings.known("o-1")
        for number in (NUMBER, OTHER):
            await ledger.bindings.put("o-1", JID, number, START)
        assert await ledger.bindings.known("o-1")
        assert await ledger.bindings.number(JID) == NUMBER

    async def test_it_is_there_after_a_restart(self, ledger: SqlLedger, url: str) -> None:
        await ledger.bindings.put("o-1", JID, NUMBER, START)
        again = await SqlLedger.open(url, SEAL, KEY)
        assert await again.bindings.number(JID) == NUMBER
        await again.close()

    async def test_neither_jid_nor_number_rests_in_the_clear_and_both_can_be_forgotten(
        self, ledger: SqlLedger, url: str
    ) -> None:
        await ledger.bindings.put("o-1", JID, NUMBER, START)
        await ledger.bindings.put("o-2", "other@im.example", OTHER, START)
        engine = create_async_engine(url)
        async with engine.connect() as db:
            held = repr((await db.execute(text("SELECT * FROM bindings"))).all())
        await engine.dispose()
        assert not any(word in held for word in (JID, NUMBER, OTHER, "im.example"))
        assert await ledger.database.write(lambda db: forget(db, KEY, NUMBER)) == 1
        assert await ledger.bindings.number(JID) == ""
        assert await ledger.bindings.number("other@im.example") == OTHER
