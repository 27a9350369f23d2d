"""The ledger's tables. Changing one means a migration beside the others; a test compares the two."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()

OPERATIONS = Table(
    "operations",
    METADATA,
    Column("id", String, primary_key=True),  # the operation's id, and its key at the operator
    Column("serial", String, nullable=False, unique=True),
    Column("number", String, nullable=False),  # keyed hash
    Column("conversation", String, nullable=False),  # keyed hash
    Column("intent", String, nullable=False),
    Column("terms", LargeBinary, nullable=False),  # sealed: canonical order with price, title, SMS name, who is told
    Column("secret", LargeBinary),  # sealed: the new password of an operation that is not over yet
    Column("external_key", String, nullable=False),
    Column("external_ref", String, nullable=False, default=""),
    Column("state", String, nullable=False),
    Column("reason", LargeBinary),  # sealed: the operator's words may name an amount
    Column("consent", LargeBinary),  # sealed: the text that was agreed to
    Column("consented_at", BigInteger),
    Column("verdict", String, nullable=False, default=""),
    Column("entry", String, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("late", Boolean, nullable=False, default=False),  # was unknown once: the outcome is a receipt of its own
    Column("receipt", Boolean, nullable=False, default=False),
    Column("drafted_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),  # of the state; of an unknown row: when it became so first
    Column("next_look", BigInteger),
    Column("worker", String, nullable=False, default=""),
    Column("leased_until", BigInteger, nullable=False, default=0),
    Index("operations_number", "number", "drafted_at"),
    Index("operations_next_look", "next_look"),
)

BINDINGS = Table(
    "bindings",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),  # of the operation that did it
    Column("jid", String, nullable=False),  # keyed hash
    Column("number", String, nullable=False),  # keyed hash, "" = bound to none from here on
    Column("sealed", LargeBinary),  # the number
    Column("at", BigInteger, nullable=False),
    Index("bindings_jid", "jid", "seq"),
    Index("bindings_number", "number"),
)

WANTS = Table(
    "wants",
    METADATA,
    Column("id", String, primary_key=True),  # conversation and topic: one wish for each
    Column("conversation", String, nullable=False),  # keyed hash
    Column("topic", String, nullable=False),
    Column("number", String, nullable=False),  # keyed hash
    Column("terms", LargeBinary, nullable=False),  # sealed: number, who is told, what of the topic
    Column("told", String, nullable=False, default=""),
    Column("at", BigInteger, nullable=False),  # asked for
    Column("next_look", BigInteger, nullable=False),
    Column("worker", String, nullable=False, default=""),
    Column("leased_until", BigInteger, nullable=False, default=0),
    Index("wants_number", "number"),
    Index("wants_next_look", "next_look"),
)
