"""Turns of conversations: `Turns.take` is what the road calls."""

from __future__ import annotations

from bot.turn.saying import CHARACTERS as CHARACTERS
from bot.turn.saying import LINES as LINES
from bot.turn.turns import Turns as Turns
from bot.turn.visit import Handed as Handed
from bot.turn.visit import Handing as Handing
from bot.turn.visit import Taken as Taken
from bot.turn.visit import Visit as Visit
from bot.turn.visit import Wish as Wish
from bot.turn.visit import command_session as command_session
