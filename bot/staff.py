"""Who works at the desk: accounts, roles and what may be typed at log-in. Plain data, no I/O."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from msgspec import Struct

from bot.model import Ms

NUMBER = re.compile(r"[0-9]{2,8}")  # 工号
_ACCOUNT = re.compile(r"[^@\s]+@[^@\s]+")
IDLE: Ms = 15 * 60_000  # then the screen is locked; TOTP reopens it (security.md)
NEAR: Ms = 2 * IDLE  # so long after his last sign of life sessions stay with who sits behind a locked screen
ABSOLUTE: Ms = 10 * 3_600_000  # then the log-in is over
WRONG = 5  # log-ins in a row that were wrong lock the account
LOCK: Ms = 15 * 60_000  # the first time; doubled with every further wrong log-in
LONGEST: Ms = 24 * 3_600_000
KNOWN: Ms = 90 * 24 * 3_600_000  # after its last log-in a browser is nobody's


def jid_of(text: str) -> str:
    """Where somebody serves, as servers stamp it: bare, case and width folded; "" = nowhere. ValueError: it is none."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip().partition("/")[0]).casefold())
    if text.strip() and not _ACCOUNT.fullmatch(folded):
        raise ValueError("must be the address of an account, such as li@im.example")
    return folded


class Role(StrEnum):
    AGENT = "agent"  # serves customers
    LEADER = "leader"  # sees and may join every session
    ADMIN = "admin"  # reads figures and the audit; accounts are kept with `hallbot staff`


SERVING = frozenset({Role.AGENT, Role.LEADER})


class Member(Struct, frozen=True, omit_defaults=True):
    """One account. Its number is never given to anybody else, also when the account is closed."""

    number: str
    name: str
    roles: frozenset[Role] = frozenset({Role.AGENT})
    skills: tuple[str, ...] = ()  # () = everything
    jid: str = ""  # where he serves from an XMPP client, bare
    capacity: int = 5  # customers at once, 1…40
    added: Ms = 0
    disabled: Ms = 0  # 0 = works here
    locked_until: Ms = 0

    @property
    def leads(self) -> bool:
        return Role.LEADER in self.roles

    @property
    def active(self) -> bool:
        return not self.disabled

    @property
    def serves(self) -> bool:
        """May he be given a customer? An account for figures and audit may not."""
        return self.active and not self.roles.isdisjoint(SERVING)


class Login(Struct, frozen=True, omit_defaults=True):
    """A browser that is logged in. `id` is a hash: whoever reads the database cannot log in with it."""

    id: str
    staff: str
    at: Ms
    seen: Ms
    locked: bool = False

    def __repr__(self) -> str:
        return f"Login({self.staff})"


def lock_for(wrong: int) -> Ms:
    """How long an account is locked after so many wrong log-ins in a row; 0 = not at all."""
    return min(LOCK << min(wrong - WRONG, 10), LONGEST) if wrong >= WRONG else 0


class Tries(Struct, frozen=True):
    """Wrong log-ins in a row through one door."""

    wrong: int = 0
    locked_until: Ms = 0


class Doors(Struct, frozen=True):
    """The account's door is everybody's; a browser that has logged in to it before has one of its own.

    Strangers who guess lock the first one; whoever works here comes in by the other (OWASP: device cookies).
    """

    account: Tries
    browser: Tries | None = None  # None = a stranger


def tried(doors: Doors, now: Ms) -> Doors | None:
    """With this try counted, before anything is compared; None = locked: nothing is compared, and nothing counted."""
    own = doors.account if doors.browser is None else doors.browser
    if own.locked_until > now:
        return None
    pause = lock_for(own.wrong + 1)
    counted = Tries(own.wrong + 1, now + pause if pause else 0)
    return Doors(counted) if doors.browser is None else Doors(doors.account, counted)


def passed(doors: Doors, now: Ms) -> Doors:
    """After a right log-in its own door counts from zero; the account's, too, unless strangers hold it locked."""
    if doors.browser is None:
        return Doors(Tries())
    return Doors(doors.account if doors.account.locked_until > now else Tries(), Tries())


class Screen(StrEnum):
    """What became of a try to open a locked screen."""

    OPEN = "open"
    WRONG = "wrong"
    OVER = "over"  # the log-in has ended: only a whole one helps


def screen(wrong: int, right: bool) -> Screen:
    """`wrong`: tries at this screen in a row, this one included. The fifth wrong one ends the log-in."""
    if wrong > WRONG or (wrong == WRONG and not right):
        return Screen.OVER
    return Screen.OPEN if right else Screen.WRONG
