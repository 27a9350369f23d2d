"""Whose account a payment goes to, as it is told before anybody pays: an administrator's is the company's."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from bot.errors import Refused, Unavailable
from bot.intents.base import Call
from bot.model import Account
from bot.words import mask

SHOWN = 20  # characters of a company's name


@dataclass(frozen=True, slots=True)
class Whose:
    number: str = ""  # "" = his own; somebody else's he typed himself, and reads it again before he pays
    company: bool = False  # what is paid is the company's, not the line's alone
    name: str = ""  # of the own company, where the operator says it

    def chinese(self) -> str:
        """As titles name it, the number masked."""
        if self.company:
            return f"给{mask(self.number)}的集团账户充值" if self.number else "集团账户充值"
        return f"给{mask(self.number)}充值" if self.number else "本机充值"

    def english(self) -> str:
        line = mask(self.number) if self.number else ""
        if self.company:
            return f"the company account of {line}" if line else "the company account"
        return line or "this line"


async def whose(call: Call, target: Account) -> Whose:
    own = target.number == call.account.number
    return Whose("" if own else target.number, target.admin, await _name(call) if own and target.admin else "")


async def _name(call: Call) -> str:
    with suppress(Unavailable, Refused):
        return (await call.hall.group(call.account)).name[:SHOWN]
    return ""
