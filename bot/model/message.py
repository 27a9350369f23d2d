"""What comes in from a customer and what goes out to him."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from msgspec import Struct


class Kind(StrEnum):
    """How a message came in and its answer goes out."""

    CHAT = "chat"
    FORM = "form"  # XEP-0050 command: the answer is the command's result


class Message(Struct, frozen=True, omit_defaults=True):
    """One line (or form) of one customer. `text` is raw; only the matcher sees a capped one."""

    sender: str  # bare JID, prepared
    full: str  # full JID to answer to
    text: str
    kind: Kind = Kind.CHAT
    id: str = ""  # the stanza's id
    origin_id: str = ""  # XEP-0359
    stanza_id: str = ""  # XEP-0359, only when stamped `by` our own server
    replaces: str = ""  # XEP-0308: id of the message that this one corrects
    lang: str = ""  # xml:lang, "" if none
    to: str = ""  # the bot address written to; the answer comes from it
    weak: bool = False  # may only be read or answered, never change anything (contracts.md)
    form: FormAnswer | None = None
    receipt: bool = False  # XEP-0184 was asked for
    staff: str = ""  # 工号 of who wrote it at the desk; `to` then names the session
    by: str = ""  # 工号 of who asks for it in the conversation of `sender` (#办, #验)

    def __repr__(self) -> str:
        return f"Message(kind={self.kind}, {len(self.text)} characters)"


class FormAnswer(Struct, frozen=True, omit_defaults=True):
    """A submitted ad-hoc form: which command, which session of it, the fields."""

    node: str  # command node, the intent's name or "login"
    iq: str  # id of the IQ to be answered
    session: str = ""  # command session id, "" at the first call
    action: Literal["execute", "next", "complete", "prev", "cancel"] = "execute"
    fields: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"FormAnswer({self.node!r}, {self.action})"


class Field(Struct, frozen=True, omit_defaults=True):
    """One question of a form (XEP-0004)."""

    name: str
    label: str
    kind: Literal["text-single", "text-private", "text-multi", "list-single", "list-multi", "fixed"] = "text-single"
    options: tuple[tuple[str, str], ...] = ()  # (label, value)
    value: str = ""
    required: bool = True


class Form(Struct, frozen=True, omit_defaults=True):
    """A form to be filled in."""

    title: str
    instructions: str
    fields: tuple[Field, ...]
    node: str = ""


class Outgoing(Struct, frozen=True, omit_defaults=True):
    """One answer on its way: sealed in the outbox until its delivery is confirmed, always under the same id."""

    id: str  # r…-n, deterministic
    conversation: str  # whose outbox it rests in
    to: str  # full JID, or bare when no resource is known
    sender: str  # the bot address that speaks
    text: str
    kind: Kind = Kind.CHAT
    secret: bool = False  # asks for or confirms a secret: XEP-0334 no-store, no-copy
    lang: str = "zh"
    command: FormAnswer | None = None  # the command that this answers (no fields in it)
    oob: str = ""  # address of a picture (XEP-0066); what it shows stands in the text, too
    form: Form | None = None  # the next form; None = the command is completed
    session: str = ""  # command session id

    def __repr__(self) -> str:
        return f"Outgoing({self.id}, {self.kind})"
