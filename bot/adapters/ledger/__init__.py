"""The ledger of operations in a SQL database: SQLite on one host, PostgreSQL for more."""

from bot.adapters.ledger.store import SqlLedger

__all__ = ["SqlLedger"]
