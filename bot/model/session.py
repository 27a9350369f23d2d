"""All that is remembered of one conversation between two messages."""

from __future__ import annotations

from msgspec import Struct

from bot.model.account import Account
from bot.model.file import Grant
from bot.model.operation import Operation
from bot.model.state import Idle, Listed, Score, State, Todo, Topic
from bot.model.time import Ms

SCHEMA = 1  # of Session; a stored session of another version starts over as Idle, told to the customer


class Session(Struct, frozen=True, omit_defaults=True):
    """All that is remembered of one conversation between two messages. Sealed at rest."""

    schema: int = SCHEMA
    state: State = Idle()
    account: Account | None = None  # the line behind this JID, resolved at first contact and again at log-in
    login_at: Ms = 0  # 0 = not logged in
    last_at: Ms = 0
    draft: Operation | None = None  # unconfirmed when idle log-out struck; shown again after log-in
    done: Operation | None = None  # ordered last since the log-in: 刚才那个不要了 is said of it
    done_at: Ms = 0
    menu: tuple[str, ...] = ()  # intents by digit, of the last menu shown
    menu_at: Ms = 0
    shown: str = ""  # the last list: menu, hidden (a menu, not shown), choice, own (services, to end), read, expired
    topic: Topic | None = None
    listed: Listed | None = None
    misses: int = 0  # in a row: what was not understood
    failed: int = 0  # in a row: what one question asked for was not given
    offered: bool = False  # staff was offered in this trouble
    at_desk: bool = False  # in the queue of the staff, where 0 leaves it, or with one of them: set by every turn
    said: str = ""  # the last answer, for 重说
    said_personal: bool = False
    said_of: str = ""  # the operation whose outcome that answer tells: said again, it was not done again
    full: str = ""  # where the last message came from
    lang: str = ""  # the last answer's: zh or en
    speaks: str = ""  # the language that was chosen, by asking for it or by writing it; stronger than xml:lang
    unbound: Todo | None = None  # what was wished when a number had to be bound first
    command: str = ""  # session id of the ad-hoc command that was answered last, and
    form_at: int = 0  # the version of this session that its form belongs to
    noticed: bool = False  # the notice of first contact was shown
    score: Score = Score()
    sms_at: tuple[Ms, ...] = ()  # SMS asked for by this JID in the last 24 h
    grant: Grant | None = None
    files: tuple[str, ...] = ()  # tokens of links that still live; dead at log-out
    about: str = ""  # what can be opened that the last answer to a question told of: 这个多少钱
    wishes: tuple[str, ...] = ()  # the last intents that were asked for
    handed: tuple[int, ...] = ()  # the last cases of the desk

    def __repr__(self) -> str:
        return f"Session({type(self.state).__name__}, {'logged in' if self.login_at else 'logged out'})"
