"""Every error the hall knows, classed by who must act on it.

HallError
├── UserError          the customer can put it right: say `reply`, log at INFO
├── Unavailable        something we need is away (Redis, operator, SMS): say so, log at WARNING
│   └── OutcomeUnknown a change was sent and not answered: 处理中, reconcile, never send again blindly
├── Refused            the operator said no, with a reason: say the reason, log at INFO
├── Conflict           another turn of this conversation won: run the turn again
├── Crowded            more at once than is worked on together: come again in a moment
├── Stopping           the process drains: nothing is accepted any more
└── ConfigError        refuse to start; says file:line:column and what was probably meant
anything else          a bug: say "busy", log with traceback, count it; tests re-raise it
"""

from __future__ import annotations

from typing import Any

Keys = tuple[str | int, ...]


class HallError(Exception):
    """Base. `str(error)` is for logs and never holds a secret, a JID, a number or text of a customer."""


class UserError(HallError):
    """The customer can put it right. `reply` is the template that says how, `data` its variables."""

    def __init__(self, reply: str, **data: Any) -> None:
        super().__init__(reply)
        self.reply = reply
        self.data = data


class Unavailable(HallError):
    """`what` is away: `redis`, `operator`, `sms`, `database`."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is away")
        self.what = what


class OutcomeUnknown(Unavailable):
    """A change was sent to `what` and no answer came: it may have happened."""


class Refused(HallError):
    """The operator refused: `code` is the operator's own, short, without personal data."""

    def __init__(self, code: str) -> None:
        super().__init__(f"refused: {code}")
        self.code = code


class Conflict(HallError):
    """The conversation moved on while this turn was computed."""


class Crowded(HallError):
    """More at once than is worked on together; nothing was done. `wait`: seconds after which to come again."""

    def __init__(self, wait: int) -> None:
        super().__init__("more at once than is worked on together")
        self.wait = wait


class Stopping(HallError):
    """The process is draining."""


class ConfigError(HallError):
    """The configuration cannot be used; the text says where and what was probably meant.

    `at`: the keys that lead to it in bot.yaml, for whoever has the file and can name the line.
    """

    def __init__(self, text: str, at: Keys = ()) -> None:
        super().__init__(text)
        self.at = at


class WrongSetting(ValueError):
    """For validators, whose library knows a place only by the model that it checks: `at` leads on from there."""

    def __init__(self, text: str, *at: str | int) -> None:
        super().__init__(text)
        self.at: Keys = at
