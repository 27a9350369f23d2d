"""What was written down, read again by those who may, and its end."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import RowMapping, delete, desc, select, update

from bot.adapters.ledger.rows import number_hash
from bot.adapters.records.person import Past as Past
from bot.adapters.records.person import SqlPerson
from bot.adapters.records.tables import AUDIT, CASES, TURNS, UNHEARD
from bot.desk.model import Logged
from bot.model import Ms

DAY: Ms = 86_400_000
LARGEST_ID = 2**31 - 1  # of a row: PostgreSQL takes no larger one in a question, either


class Looked(Struct, frozen=True):
    """Who did what: `what` is read, watch, whisper, barge, take, export, …"""

    at: Ms
    staff: str
    what: str
    about: str
    reason: str = ""


class Unheard(Struct, frozen=True):
    """What several people said and nobody understood; `ids` are the rows of it."""

    text: str
    count: int
    at: Ms
    ids: tuple[int, ...]

    def __repr__(self) -> str:
        return f"Unheard({self.count})"


class SqlHistory(SqlPerson):
    """Every call may raise Unavailable("database")."""

    # --- what was said ------------------------------------------------------------------------------------------

    async def said(self, conversation: str, before: int = 0, limit: int = 60) -> list[Logged]:
        """The latest lines, in order; `before` a sequence number, 0 = the newest."""
        mine = select(TURNS).where(TURNS.c.conversation == conversation)
        if before:
            mine = mine.where(TURNS.c.seq < before)
        rows = await self._db.read(mine.order_by(desc(TURNS.c.seq)).limit(limit))
        return [self._logged(row) for row in reversed(rows)]

    async def session(self, number: int) -> Past | None:
        rows = await self._db.read(select(CASES).where(CASES.c.session == number))
        return self._past(rows[0]) if rows else None

    async def sessions(self, conversation: str, limit: int = 8) -> list[Past]:
        """The sessions that a customer had, the latest first."""
        mine = select(CASES).where(CASES.c.conversation == conversation)
        return [self._past(row) for row in await self._db.read(mine.order_by(desc(CASES.c.at)).limit(limit))]

    async def finished(self, staff: str, since: Ms, limit: int = 50) -> list[Past]:
        """What somebody has closed, the latest first."""
        mine = select(CASES).where(CASES.c.staff == staff, CASES.c.over >= since)
        return [self._past(row) for row in await self._db.read(mine.order_by(desc(CASES.c.over)).limit(limit))]

    # --- who looked at what -------------------------------------------------------------------------------------

    async def audit(self, staff: str, what: str, about: str = "", reason: str = "", number: str = "") -> None:
        values = {
            "at": self._clock(),
            "staff": staff,
            "what": what,
            "about": about,
            "number": number_hash(self._key, number) if number else "",
            "reason": self._seal.seal(reason.encode(), "audit:reason") if reason else None,
        }
        await self._db.write(lambda db: db.execute(AUDIT.insert().values(values)))

    async def audited(self, limit: int = 200, about: str = "", by: str = "") -> list[Looked]:
        """The latest first; `about` a session, `by` a member of staff."""
        query = select(AUDIT)
        if by:
            query = query.where(AUDIT.c.staff == by)
        if about:
            query = query.where(AUDIT.c.about == about)
        rows = await self._db.read(query.order_by(desc(AUDIT.c.id)).limit(limit))
        return [self._looked(row) for row in rows]

    def _looked(self, row: RowMapping) -> Looked:
        reason = self._seal.open(row["reason"], "audit:reason").decode() if row["reason"] else ""
        return Looked(row["at"], row["staff"], row["what"], row["about"], reason)

    # --- what was not understood --------------------------------------------------------------------------------

    async def unheard(self, since: Ms, limit: int = 20) -> list[Unheard]:
        """The most frequent first; what somebody has explained already is gone."""
        query = select(UNHEARD).where(UNHEARD.c.at >= since, UNHEARD.c.intent == "")
        groups: dict[str, list[RowMapping]] = {}
        for row in await self._db.read(query.order_by(desc(UNHEARD.c.id)).limit(2000)):
            text = self._seal.open(row["text"], "unheard:text").decode().strip()
            groups.setdefault(text, []).append(row)
        found = [Unheard(text, len(r), r[0]["at"], tuple(row["id"] for row in r)) for text, r in groups.items()]
        return sorted(found, key=lambda one: (-one.count, -one.at))[:limit]

    async def suggest(self, ids: Sequence[int], intent: str, staff: str) -> int:
        """A person says what these mean: phrases for `hallbot mine --suggested` to show. How many there were."""
        ids = [id for id in ids if id <= LARGEST_ID]
        mine = update(UNHEARD).where(UNHEARD.c.id.in_(ids), UNHEARD.c.intent == "").values(intent=intent, by=staff)
        return await self._db.write(lambda db: db.execute(mine).rowcount)

    async def suggested(self) -> list[tuple[str, str]]:
        """(intent, phrase), each once."""
        rows = await self._db.read(select(UNHEARD).where(UNHEARD.c.intent != "").order_by(UNHEARD.c.intent))
        texts = ((row["intent"], self._seal.open(row["text"], "unheard:text").decode()) for row in rows)
        return list(dict.fromkeys(texts))

    async def expire(self, transcripts: int = 180, texts: int = 90, audit: int = 180) -> int:
        """What is older than so many days goes; how many rows that were."""
        now = self._clock()
        old = (
            delete(TURNS).where(TURNS.c.at < now - transcripts * DAY),
            delete(CASES).where(CASES.c.at < now - transcripts * DAY),
            delete(UNHEARD).where(UNHEARD.c.at < now - texts * DAY),
            delete(AUDIT).where(AUDIT.c.at < now - audit * DAY),
        )
        return await self._db.write(lambda db: sum(db.execute(one).rowcount for one in old))
