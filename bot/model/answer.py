"""What a handler answers: something to say, something that is missing, or a change."""

from __future__ import annotations

from typing import Any

from bot.model.file import File
from bot.model.operation import Order
from bot.model.state import Score, Slots, State


class Reply:
    """What to say: a template under replies/<lang>/ and its variables."""

    __slots__ = (
        "besides",
        "data",
        "file",
        "logout",
        "menu",
        "personal",
        "score",
        "secret",
        "state",
        "template",
        "token",
        "topic",
    )

    def __init__(
        self,
        template: str,
        /,
        *,
        state: State | None = None,
        menu: tuple[str, ...] = (),
        secret: bool = False,
        personal: bool = False,
        logout: bool = False,
        topic: Slots | None = None,
        score: Score | None = None,
        besides: tuple[tuple[str, str], ...] = (),
        file: File | None = None,
        **data: Any,
    ) -> None:
        self.template = template
        self.state = state  # None = Idle
        self.menu = menu  # intents that digits mean from now on
        self.secret = secret
        self.personal = personal  # 重说 after log-out must not repeat it
        self.logout = logout  # the conversation is logged out with this reply
        self.topic = topic  # what 下一页 and 上个月呢 are about, where that is not simply what was asked
        self.score = score  # what a game has come to
        self.besides = (
            besides  # what it could be shown of instead, where nobody types: (as it is called, as it is said)
        )
        self.file = file  # behind the variable `link`, "" where nothing is served
        self.token = ""
        self.data = data if file is None else {"link": "", **data}

    def unlink(self) -> None:
        """Without its picture or file: where a phone has no line left, the figures and what stays open matter more."""
        if self.token:
            self.token, self.data["link"] = "", ""

    def __repr__(self) -> str:
        return f"Reply({self.template!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reply):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash(self.template)


class Need:
    """A handler lacks one slot: ask for it with `reply`; `options` are numbered choices (label, value).

    `every`: the values that 全部 means, where not everything is offered.
    """

    __slots__ = ("every", "options", "reply", "several", "slot", "slots")

    def __init__(
        self,
        slot: str,
        reply: Reply,
        *,
        slots: Slots,
        options: tuple[tuple[str, str], ...] = (),
        several: bool = False,
        every: tuple[str, ...] = (),
    ) -> None:
        self.slot = slot
        self.reply = reply
        self.slots = slots
        self.options = options
        self.several = several
        self.every = every


class Draft:
    """A handler proposes a change: `reply` names the service, price, period, start and how to cancel.

    `agreed`: to ask was to agree (it costs and changes nothing), the code is asked for at once.
    """

    __slots__ = ("agreed", "order", "reply", "sms", "title")

    def __init__(self, order: Order, *, title: str, sms: str, reply: Reply, agreed: bool = False) -> None:
        self.agreed = agreed
        self.order = order
        self.title = title
        self.sms = sms
        self.reply = reply


Answer = Reply | Need | Draft
