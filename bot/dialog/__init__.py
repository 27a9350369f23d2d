"""What an answer means where a conversation stands: `advance(session, text)` → a step. Pure; one subject a module."""

from __future__ import annotations

from bot.dialog.advancing import advance as advance
from bot.dialog.slots import fill as fill
from bot.dialog.slots import to_somebody as to_somebody
from bot.dialog.steps import Ask as Ask
from bot.dialog.steps import CheckCode as CheckCode
from bot.dialog.steps import CheckPassword as CheckPassword
from bot.dialog.steps import Command as Command
from bot.dialog.steps import Confirmed as Confirmed
from bot.dialog.steps import Correct as Correct
from bot.dialog.steps import Leave as Leave
from bot.dialog.steps import Match as Match
from bot.dialog.steps import Next as Next
from bot.dialog.steps import Remind as Remind
from bot.dialog.steps import Resend as Resend
from bot.dialog.steps import Speak as Speak
from bot.dialog.steps import Step as Step
from bot.dialog.unsent import unsent as unsent
from bot.dialog.words import BACK as BACK
from bot.dialog.words import CANCEL as CANCEL
from bot.dialog.words import HELP as HELP
from bot.dialog.words import LOGOUT as LOGOUT
from bot.dialog.words import LOST as LOST
from bot.dialog.words import NO as NO
from bot.dialog.words import REPEAT as REPEAT
from bot.dialog.words import RESEND as RESEND
from bot.dialog.words import STAFF as STAFF
from bot.dialog.words import TEXT as TEXT
from bot.dialog.words import WHOLE as WHOLE
from bot.dialog.words import YES as YES
from bot.dialog.words import code_of as code_of
from bot.dialog.words import declined as declined
from bot.dialog.words import fold as fold
from bot.dialog.words import numbers as numbers
from bot.dialog.words import taken as taken
from bot.dialog.words import yes as yes
