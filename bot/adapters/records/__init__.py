"""What is kept beside the ledger: staff, log-ins, transcripts, closed sessions, who looked at what."""

from bot.adapters.records.book import Book
from bot.adapters.records.history import Looked, Past, SqlHistory, Unheard
from bot.adapters.records.roster import Roster
from bot.adapters.records.shelf import Keep, Records
from bot.adapters.records.staff import Enrolled, SqlStaff

__all__ = ["Book", "Enrolled", "Keep", "Looked", "Past", "Records", "Roster", "SqlHistory", "SqlStaff", "Unheard"]
