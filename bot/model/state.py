"""What was asked for, and where a conversation stands: exactly one of the states."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from bot.model.operation import Operation
from bot.model.time import Ms


class Slots(Struct, frozen=True, omit_defaults=True):
    """What was understood besides the intent."""

    month: str = ""
    months: int = 0
    items: tuple[str, ...] = ()  # ids, chosen
    words: str = ""  # words that name a product, as typed
    quantity: int = 0
    serial: str = ""  # 流水号; of a text that could not be sent the key it was tried with
    text: str = ""
    page: int = 0
    number: str = ""  # MSISDN of somebody else, 11 digits
    amount: Decimal | None = None  # yuan
    kind: str = ""  # of a list: 通话, 短信, 流量 …
    place: str = ""  # city or district, as typed
    short: str = ""  # 短号 of a company
    secret: str = ""  # a password to be set: sealed wherever it rests, shown nowhere
    line: str = ""  # the whole message as typed, for what reads it its own way: a place, a question, a text to send
    again: str = ""  # the same, typed a second time

    def __repr__(self) -> str:
        return "Slots()"


class Todo(Struct, frozen=True, omit_defaults=True):
    """An intent that was asked for and has not run yet."""

    intent: str
    slots: Slots = Slots()


class Idle(Struct, frozen=True, omit_defaults=True, tag="idle"):
    """Nothing is open."""


class Choice(Struct, frozen=True, omit_defaults=True):
    label: str
    todo: Todo


class Choosing(Struct, frozen=True, omit_defaults=True, tag="choosing"):
    """您是想：1 … 2 …"""

    options: tuple[Choice, ...]
    at: Ms = 0

    @property
    def unsent(self) -> Todo | None:
        """What was written for staff, could not be sent, and is sent when it is chosen."""
        todo = self.options[0].todo if len(self.options) == 1 else None
        return todo if todo and todo.slots.text and todo.slots.serial else None


class AskedSlot(Struct, frozen=True, omit_defaults=True, tag="asked_slot"):
    """One thing is missing: `options` are numbered choices (label, value), or the words themselves are wanted."""

    todo: Todo
    slot: str
    options: tuple[tuple[str, str], ...] = ()
    several: bool = False
    at: Ms = 0
    every: tuple[str, ...] = ()  # what 全部 means on all pages of a list that was narrowed; of any other everything


class AskedPassword(Struct, frozen=True, omit_defaults=True, tag="asked_password"):
    todo: Todo | None = None
    at: Ms = 0


class Confirming(Struct, frozen=True, omit_defaults=True, tag="confirming"):
    operation: Operation
    at: Ms = 0


class AskedCode(Struct, frozen=True, omit_defaults=True, tag="asked_code"):
    operation: Operation
    challenge: str
    sends: int = 1
    at: Ms = 0
    otp: str = ""  # what the operator compares the code with, where it makes the codes


class Playing(Struct, frozen=True, omit_defaults=True, tag="playing"):
    """A game is on: four different digits are guessed."""

    secret: str
    guesses: tuple[str, ...] = ()
    at: Ms = 0

    def __repr__(self) -> str:
        return f"Playing({len(self.guesses)} guesses)"


class Score(Struct, frozen=True, omit_defaults=True):
    """What one customer has reached in the games of this conversation."""

    points: int = 0
    best: int = 0  # fewest guesses, 0 = none yet
    won: int = 0


State = Idle | Choosing | AskedSlot | AskedPassword | Confirming | AskedCode | Playing


class Topic(Struct, frozen=True, omit_defaults=True):
    """What was talked about last, for 上个月呢 and 那积分呢."""

    intent: str
    slots: Slots = Slots()
    more: Ms = 0  # when a page with another one behind it was shown; 0 = there is none


class Listed(Struct, frozen=True, omit_defaults=True):
    """The list that was chosen from last, for 换成前一个: what each line asks for, and which one it was."""

    todos: tuple[Todo, ...]
    place: int  # from 0
    at: Ms = 0
