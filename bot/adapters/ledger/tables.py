"""The ledger's only table. Changing it means a migration beside `0001`; a test compares the two."""

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
