"""The tables beside the ledger's. Changing them means a migration; a test compares the two."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from bot.adapters.ledger.tables import METADATA

__all__ = ["AUDIT", "BROWSERS", "CASES", "LOGINS", "METADATA", "STAFF", "TURNS", "UNHEARD"]

STAFF = Table(
    "staff",
    METADATA,
    Column("number", String, primary_key=True),  # 工号; a row is never deleted
    Column("name", String, nullable=False),
    Column("roles", String, nullable=False),  # agent,leader
    Column("skills", String, nullable=False, default=""),
    Column("jid", String, nullable=False, default=""),
    Column("capacity", Integer, nullable=False),
    Column("password", String, nullable=False),  # argon2id
    Column("totp", LargeBinary, nullable=False),  # sealed
    Column("step", BigInteger, nullable=False, default=0),  # the last one that was used: a TOTP counts once
    Column("wrong", Integer, nullable=False, default=0),
    Column("locked_until", BigInteger, nullable=False, default=0),
    Column("added", BigInteger, nullable=False),
    Column("disabled", BigInteger, nullable=False, default=0),
)

LOGINS = Table(
    "logins",
    METADATA,
    Column("id", String, primary_key=True),  # SHA-256 of what the browser holds
    Column("staff", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("locked", Boolean, nullable=False, default=False),
    Column("wrong", Integer, nullable=False, default=0, server_default="0"),  # codes at its locked screen
    Index("logins_staff", "staff"),
)

BROWSERS = Table(
    "browsers",
    METADATA,
    Column("id", String, primary_key=True),  # SHA-256 of what the browser holds
    Column("staff", String, primary_key=True),
    Column("at", BigInteger, nullable=False),  # the last log-in here
    Column("wrong", Integer, nullable=False, default=0),
    Column("locked_until", BigInteger, nullable=False, default=0),
    Index("browsers_staff", "staff"),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("staff", String, nullable=False),
    Column("what", String, nullable=False),  # read, watch, whisper, barge, take, login, …
    Column("about", String, nullable=False, default=""),  # a session's number, or another member of staff
    Column("number", String, nullable=False, default=""),  # keyed hash
    Column("reason", LargeBinary),  # sealed
    Index("audit_at", "at"),
)

TURNS = Table(
    "turns",
    METADATA,
    Column("conversation", String, primary_key=True),  # keyed hash
    Column("seq", BigInteger, primary_key=True),
    Column("number", String, nullable=False, default=""),  # keyed hash; once in a while is enough, "" else
    Column("session", Integer, nullable=False, default=0),  # of the desk; 0 = the bot alone
    Column("at", BigInteger, nullable=False),
    Column("intent", String, nullable=False, default=""),
    Column("outcome", String, nullable=False, default=""),  # the template that answered
    Column("lines", LargeBinary, nullable=False),  # sealed
    Index("turns_at", "at"),
)
# In PostgreSQL, too (migrations), where nobody compares the condition: naming it here would load its dialect, 2 MB.
Index("turns_number", TURNS.c.number, sqlite_where=TURNS.c.number != "")

CASES = Table(
    "cases",
    METADATA,
    Column("session", Integer, primary_key=True, autoincrement=False),
    Column("conversation", String, nullable=False),
    Column("number", String, nullable=False, default=""),  # keyed hash
    Column("staff", String, nullable=False, default=""),  # who had it last
    Column("skill", String, nullable=False, default=""),
    Column("intent", String, nullable=False, default=""),  # what was asked before
    Column("at", BigInteger, nullable=False),  # asked for a human
    Column("taken", BigInteger, nullable=False, default=0),  # 0 = never
    Column("first", BigInteger, nullable=False, default=0),  # the first line of a human
    Column("over", BigInteger, nullable=False, default=0),
    Column("wrapped", BigInteger, nullable=False, default=0),
    Column("transfers", Integer, nullable=False, default=0),
    Column("state", String, nullable=False),
    Column("code", String, nullable=False, default=""),
    Column("rated", Integer, nullable=False, default=0),
    Column("version", BigInteger, nullable=False),
    Column("card", LargeBinary, nullable=False),  # sealed: card and note
    Index("cases_at", "at"),
    Index("cases_number", "number", "at"),
    Index("cases_staff", "staff", "at"),
)

UNHEARD = Table(
    "unheard",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("conversation", String, nullable=False),  # keyed hash
    Column("text", LargeBinary, nullable=False),  # sealed, masked
    Column("intent", String, nullable=False, default=""),  # what a person says it means: a phrase to be accepted
    Column("by", String, nullable=False, default=""),
    Index("unheard_at", "at"),
)
