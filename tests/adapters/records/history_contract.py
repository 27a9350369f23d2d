"""What every database keeps of conversations and sessions: `tests/servers` runs the same on PostgreSQL."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.ledger import SqlLedger
from bot.adapters.ledger.bindings import number_of_binding
from bot.adapters.ledger.database import Database
from bot.adapters.ledger.rows import number_hash
from bot.adapters.ledger.wants import number_hash as wants_hash
from bot.adapters.records import Book, Records, SqlHistory
from bot.adapters.records.figures import Figures
from bot.adapters.records.person import HOLDS, OF_STAFF
from bot.adapters.records.tables import METADATA
from bot.adapters.watch import LogWatch
from bot.desk.model import Card, Case, Logged, Spoken, Where
from bot.model import OperationState, Order, OrderItem, OrderKind
from bot.ports.push import Want
from tests.adapters.ledger.contract import brought
from tests.adapters.records.database import OnDatabase
from tests.support.till import JID, KEY, NUMBER, SEAL, START, Clock, drafted

TALK = "17-abc"
DAY = 86_400_000
CARD = Card(JID, "hall.im.example", number=NUMBER, brand="gotone", tried=("bill.query",), reason="asked")
CASE = Case(TALK, CARD, number=7, version=1, at=START)


def line(text: str, who: str = "customer", at: int = START, about: str = "") -> Spoken:
    return Spoken(who, text, at, about=about)


class HistoryContract(OnDatabase):
    @pytest.fixture
    async def book(self, database: Database) -> Book:
        return Book(database, SEAL, KEY, LogWatch())

    @pytest.fixture
    async def history(self, database: Database, clock: Clock) -> SqlHistory:
        return SqlHistory(database, SEAL, KEY, clock)

    async def test_what_was_said_comes_back_in_order(self, book: Book, history: SqlHistory) -> None:
        for seq in range(1, 6):
            book.heard(TALK, seq, [line(f"问{seq}"), line(f"答{seq}", "bot")], NUMBER)
        await book.flush()
        got = await history.said(TALK, limit=3)
        assert [logged.seq for logged in got] == [3, 4, 5]
        assert [spoken.text for spoken in got[0].lines] == ["问3", "答3"]
        assert [logged.seq for logged in await history.said(TALK, before=3)] == [1, 2]
        assert await history.said("17-other") == []

    async def test_the_same_turn_twice_is_kept_once(self, book: Book, history: SqlHistory) -> None:
        book.heard(TALK, 1, [line("问")])
        await book.flush()
        await book.fill(TALK, [Logged(1, (line("问"),)), Logged(2, (line("又问"),))])
        assert [logged.lines[0].text for logged in await history.said(TALK)] == ["问", "又问"]

    async def test_a_session_that_ends_is_compared_with_what_redis_remembers(
        self, database: Database, history: SqlHistory, clock: Clock
    ) -> None:
        records = Records(database, SEAL, KEY, LogWatch(), clock)

        async def journal(conversation: str) -> list[Logged]:
            assert conversation == TALK
            return [Logged(1, (line("写下了"),)), Logged(2, (line("没来得及写下"),))]

        moved = records.follow(journal)
        records.book.heard(TALK, 1, [line("写下了")])
        moved(CASE)
        moved(replace(CASE, version=3, state=Where.CLOSED))
        await records.close()
        assert [logged.lines[0].text for logged in await history.said(TALK)] == ["写下了", "没来得及写下"]

    async def test_a_line_that_cannot_be_written_takes_no_other_with_it(self, book: Book, history: SqlHistory) -> None:
        book.heard(TALK, 1, [line("前")])
        book.heard(TALK, 2, [line("\ud800")])  # half a character
        book.heard(TALK, 3, [line("后")])
        book.case(CASE)
        await book.flush()
        assert [logged.lines[0].text for logged in await history.said(TALK)] == ["前", "后"]
        assert await history.session(7) is not None

    async def test_more_than_one_batch(self, book: Book, history: SqlHistory) -> None:
        for seq in range(1, 451):
            book.heard(TALK, seq, [line("问")])
        await book.close()
        assert len(await history.said(TALK, limit=1000)) == 450

    async def test_a_session_from_its_beginning_to_its_end(self, book: Book, history: SqlHistory) -> None:
        book.case(CASE)
        await book.flush()
        active = replace(CASE, state=Where.ACTIVE, staff="1207", version=3, served_at=START + 9, since=START + 9)
        book.case(active)
        await book.flush()
        book.heard(TALK, 5, [Spoken("staff/1207", "您好", START + 15, 7)])
        book.heard(TALK, 6, [Spoken("staff/1207", "在的", START + 99, 7)])
        book.case(replace(active, state=Where.WRAPUP, version=4, since=START + 60))
        await book.flush()
        book.case(replace(active, state=Where.CLOSED, version=5, since=START + 90, code="solved", note="好", rated=5))
        book.case(replace(active, version=5, state=Where.CLOSED, since=START + 90, code="solved", note="好", rated=5))
        await book.flush()
        got = await history.session(7)
        assert got is not None
        assert (got.staff, got.taken, got.over, got.code, got.note, got.rated) == (
            "1207", START + 9, START + 60, "solved", "好", 5,
        )  # fmt: skip
        assert got.card == CARD
        assert await history.sessions(TALK) == [got]
        assert await history.finished("1207", START) == [got]
        assert await history.finished("1207", START + 61) == []

    async def test_what_comes_late_does_not_undo_what_came_after(self, book: Book, history: SqlHistory) -> None:
        book.case(replace(CASE, version=5, state=Where.CLOSED, code="solved"))
        await book.flush()
        book.case(replace(CASE, version=2))
        await book.flush()
        got = await history.session(7)
        assert got is not None
        assert got.code == "solved"

    async def test_what_was_not_understood_is_counted_and_explained(self, book: Book, history: SqlHistory) -> None:
        for seq, words in enumerate(["啥玩意", "啥玩意", "另一个"], 1):
            book.heard(TALK, seq, [line(words), line("没听懂", "bot", about="talk/oos")], NUMBER)
        book.heard(TALK, 9, [line("查话费", about="bill.query"), line("100元", "bot", about="bill/query")], NUMBER)
        await book.flush()
        first, second = await history.unheard(START)
        assert (first.text, first.count, second.text) == ("啥玩意", 2, "另一个")
        assert await history.suggest(first.ids, "faq", "1001") == 2
        assert await history.suggest([*first.ids, 0, 2**31, 10**15 - 1], "fault", "1001") == 0
        assert [one.text for one in await history.unheard(START)] == ["另一个"]
        assert await history.suggested() == [("faq", "啥玩意")]

    async def test_figures_are_what_happened(self, book: Book, history: SqlHistory) -> None:
        for n, (waited, rated) in enumerate([(5, 5), (30, 4), (0, 0)], 1):
            case = replace(
                CASE, number=n, conversation=f"17-c{n}", version=9, state=Where.CLOSED, since=START + 100_000
            )
            if waited:
                at = START + waited * 1000
                case = replace(case, staff="1207", served_at=at, code="1", rated=rated)
            book.case(case)
        book.heard("17-c1", 5, [Spoken("staff/1207", "您好", START + 9_000, 1)])
        for n, outcome in enumerate(["bill/query", "bill/query", "talk/oos", "bill/query"], 1):
            book.heard(f"17-c{n}", 1, [line("问", about="bill.query"), line("答", "bot", about=outcome)])
        await book.flush()
        found = dict((await Figures(history).of(START, START + DAY, {"1": "已解答"})).numbers)
        assert found["sessions"] == "3"
        assert found["first_response"] == "4 s"
        assert found["handling"] == "82 s"
        assert found["wait"] == "18 s"
        assert found["within"] == "33 %"
        assert found["abandoned"] == "33 %"
        assert found["satisfaction"] == "4.5 ★"
        assert found["containment"] == "25 %"
        assert found["fallback"] == "25 %"
        assert found["resolution"] == "—"

    async def test_what_is_asked_again_within_a_week_was_not_resolved(self, book: Book, history: SqlHistory) -> None:
        asked = [("17-a", 0), ("17-a", 3 * DAY), ("17-b", 0), ("17-b", 8 * DAY), ("17-c", 0)]
        for n, (talk, at) in enumerate(asked, 1):
            book.heard(talk, n, [line("问", at=START + at, about="bill.query")])
        await book.flush()
        found = dict((await Figures(history).of(START, START + 10 * DAY, {})).numbers)
        assert found["resolution"] == "67 %"  # of a, b and c, only a came back

    async def test_the_audit_says_who_and_why(self, history: SqlHistory) -> None:
        await history.audit("1001", "take", "7", "客户投诉", NUMBER)
        await history.audit("1001", "read", "8")
        latest, first = await history.audited()
        assert (latest.what, first.what, first.about, first.reason) == ("read", "take", "7", "客户投诉")
        assert await history.audited(about="7") == [first]

    async def test_export_holds_all_of_it(self, book: Book, history: SqlHistory, url: str) -> None:
        ledger = await SqlLedger.open(url, SEAL, KEY)
        await brought(ledger, OperationState.DONE)
        await ledger.close()
        book.heard(TALK, 1, [line("查话费")], NUMBER)
        book.heard(TALK, 2, [Spoken("staff/1207", "好", START, 7)])
        book.heard("18-xyz", 1, [line("别人的话")], "13900139000")
        book.case(replace(CASE, note="客户着急"))
        await book.flush()
        await history.audit("1001", "read", "7", "", NUMBER)
        got = await history.export(NUMBER)
        assert [one["text"] for one in got["said"]] == ["查话费", "好"]
        assert got["sessions"][0]["note"] == "客户着急"
        assert got["operations"][0]["title"] == "开通彩铃"
        assert got["read_by"][0]["staff"] == "1001"
        assert "别人的话" not in str(got)

    async def test_erase_leaves_nothing_that_names_the_person(self, book: Book, history: SqlHistory, url: str) -> None:
        ledger = await SqlLedger.open(url, SEAL, KEY)
        id = await brought(ledger, OperationState.DONE)
        still = await brought(ledger, OperationState.SUBMITTED, "e9")
        book.heard(TALK, 1, [line("啥"), line("没听懂", "bot", about="talk/oos")], NUMBER)
        book.heard("18-xyz", 1, [line("别人的话")], "13900139000")
        book.case(replace(CASE, note="客户着急"))
        await book.flush()
        done = await history.erase(NUMBER)
        assert done == {"said": 1, "not understood": 1, "sessions": 1, "operations masked": 1}
        assert await history.said(TALK) == []
        assert len(await history.said("18-xyz")) == 1
        got = await history.session(7)
        assert got is not None
        assert (got.card.jid, got.card.number, got.note) == ("", "", "")
        row = await ledger.get(id)
        assert row is not None
        assert (row.operation.order.number, row.reply_to) == ("138****8000", "")
        assert row.state is OperationState.DONE
        open_still = await ledger.get(still)
        assert open_still is not None
        assert open_still.operation.order.number == NUMBER
        await ledger.close()

    async def test_every_table_is_shown_and_forgotten(
        self, book: Book, history: SqlHistory, database: Database, url: str
    ) -> None:
        """A new table that holds something of a customer belongs into export and erase: `HOLDS` says where."""
        assert HOLDS.keys() | OF_STAFF == METADATA.tables.keys()
        ledger = await SqlLedger.open(url, SEAL, KEY)
        await brought(ledger, OperationState.DONE)
        await ledger.bindings.put("b0", JID, "13900139000", START)
        await ledger.bindings.put("b1", JID, NUMBER, START)
        await ledger.wants.put(Want("news", NUMBER, TALK, JID, "hall", at=START))
        book.heard(TALK, 1, [line("啥"), line("没听懂", "bot", about="talk/oos")], NUMBER)
        book.case(CASE)
        await book.flush()
        await history.audit("1001", "read", "7", "", NUMBER)
        shown = await history.export(NUMBER)
        assert [section for section in HOLDS.values() if not shown[section]] == []
        assert await history.conversations(NUMBER) == [TALK]
        await history.erase(NUMBER)
        after = await history.export(NUMBER)
        assert {section for section in HOLDS.values() if after[section]} == {"operations", "read_by"}
        assert await ledger.bindings.number(JID) == ""  # nor is he bound again to the number before
        await ledger.close()
        mine = {number_hash(KEY, NUMBER), wants_hash(KEY, NUMBER), number_of_binding(KEY, NUMBER)}
        for name in HOLDS.keys() - {"operations", "audit"}:
            rows = await database.read(select(METADATA.tables[name]))
            assert not [row for row in rows if mine & {str(value) for value in row.values()}], name

    async def test_who_was_erased_and_comes_again_is_found_again(self, book: Book, history: SqlHistory) -> None:
        """The number is written with the first line only; that line was erased, and the next ones named nobody."""
        for seq in (1, 2, 3):
            book.heard(TALK, seq, [line("查话费")], NUMBER)
        await book.flush()
        await history.erase(NUMBER)
        book.heard(TALK, 9, [line("又来了", at=START + 3_600_000)], NUMBER)
        await book.flush()
        assert [one["text"] for one in (await history.export(NUMBER))["said"]] == ["又来了"]

    async def test_what_is_old_goes(self, book: Book, history: SqlHistory, clock: Clock) -> None:
        book.heard(TALK, 1, [line("啥"), line("没听懂", "bot", about="talk/oos")], NUMBER)
        book.case(CASE)
        await book.flush()
        await history.audit("1001", "read", "7")
        clock.at = START + 90 * DAY
        assert await history.expire() == 0
        clock.at += 1
        assert await history.expire() == 1
        assert await history.unheard(0) == []
        clock.at = START + 180 * DAY + 1
        assert await history.expire() == 3

    async def test_nothing_personal_rests_in_the_clear(
        self, book: Book, history: SqlHistory, database: Database, url: str
    ) -> None:
        book.heard(TALK, 1, [line("我的话费单"), line("没听懂", "bot", about="talk/oos")], NUMBER)
        book.case(replace(CASE, note="客户着急"))
        await book.flush()
        await history.audit("1001", "take", "7", "理由在此", NUMBER)
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            rows = [
                row
                for table in ("turns", "cases", "unheard", "audit")
                for row in (await connection.execute(text(f"SELECT * FROM {table}"))).all()
            ]
        await engine.dispose()
        assert len(rows) == 4
        stored = b"|".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)
        for secret in ("话费单", "客户着急", "理由在此", NUMBER, JID):
            assert secret.encode() not in stored

    async def test_erase_masks_every_number_that_was_agreed_to(self, history: SqlHistory, url: str) -> None:
        """A relative's number stood in the terms for as long as the ledger."""
        ledger = await SqlLedger.open(url, SEAL, KEY)
        row = drafted("e6")
        terms = "添加亲情号码：13900139000，请核对\n资费：1元/月"
        await ledger.draft(replace(row, operation=replace(row.operation, terms=terms)))
        await ledger.withdraw(row.operation.id, START)
        await history.erase(NUMBER)
        kept = await ledger.get(row.operation.id)
        assert kept is not None
        assert kept.operation.terms == "添加亲情号码：139****9000，请核对\n资费：1元/月"
        await ledger.close()

    async def test_erase_takes_the_words_of_a_text_message(self, history: SqlHistory, url: str) -> None:
        ledger = await SqlLedger.open(url, SEAL, KEY)
        message = OrderItem("send", "13900139000", "短信", 1, (("text", "晚上见"),))
        order = Order(OrderKind.MESSAGE, NUMBER, "acc-1", (message,), "0.1元")
        row = drafted("e5", order=order)
        row = replace(row, operation=replace(row.operation, terms="发短信给 13900139000：\n晚上见", title="发短信"))
        await ledger.draft(row)
        await ledger.withdraw(row.operation.id, START)
        await history.erase(NUMBER)
        kept = await ledger.get(row.operation.id)
        assert kept is not None
        assert "晚上见" not in kept.operation.terms + str(kept.operation.order)
        assert "13900139000" not in kept.operation.terms + str(kept.operation.order)
        await ledger.close()
