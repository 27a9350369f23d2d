"""What a turn becomes: one message to the customer, and its lines in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.desk.model import Spoken
from bot.forms import form_of
from bot.links import picture_of, unlinked
from bot.model import Form, FormAnswer, Kind, Message, Ms, Outgoing, Reply, Session
from bot.ports import Minting, Turn
from bot.turn import Taken as Answered
from bot.turn import command_session
from bot.words import masked


class Words(Protocol):
    """Who words replies, in the language of a session."""

    def titled(self, name: str, session: Session) -> str: ...
    def words(self, reply: Reply, session: Session, at: Ms) -> str: ...


def message_of(turn: Turn, answered: Answered, words: Words, mint: Minting) -> list[Outgoing]:
    """One message for the whole turn: notes, the answer, what stays open."""
    session, message = answered.session, turn.message
    text = "\n".join(filter(None, (words.words(r, session, turn.at) for r in answered.replies)))
    if not text:
        return []
    secret = any(r.secret for r in answered.replies)
    form = _form(words, message, answered, text)
    answered.remember(text)
    return [
        Outgoing(
            id=mint.reply(turn.conversation, turn.entry, 1),
            conversation=turn.conversation,
            to=message.full,
            sender=message.to,
            text=text,
            kind=message.kind,
            secret=secret,
            lang=session.lang or "zh",
            oob=picture_of(answered.replies),
            command=head(message),
            form=form,
            session=command_session(turn, session) if message.kind is Kind.FORM else "",
        )
    ]


def _form(words: Words, message: Message, answered: Answered, text: str) -> Form | None:
    if message.kind is not Kind.FORM or message.form is None:
        return None
    session, replies = answered.session, answered.replies
    return form_of(
        session.state,
        words.titled(message.form.node, session),
        text,
        session.lang,
        more=any(_goes_on(reply) for reply in replies),
        others=[other for reply in replies for other in reply.besides],
    )


def _goes_on(reply: Reply) -> bool:
    return bool(reply.data.get("more")) or reply.data.get("page", 0) < reply.data.get("pages", 0)


def journal_of(turn: Turn, answered: Answered, outs: Sequence[Outgoing]) -> list[Spoken]:
    """The line and its answer, for the journal: what was understood, and which template answered."""
    by = turn.message.by  # of the staff, who ask for a card in the customer's conversation
    who = f"staff/{turn.message.staff or by}" if turn.message.staff or by else "customer"
    case = int(turn.owner.partition("/")[2] or 0) if by else 0
    template = next((r.template for r in answered.replies if not r.template.startswith("note/")), "")
    account = answered.session.account or turn.session.account
    own = account.number if account else ""
    told = (Spoken("bot", masked(unlinked(out.text), own), turn.at, about=template) for out in outs)
    return [Spoken(who, masked(answered.heard, own), turn.at, case, answered.intent), *told]


def head(message: Message) -> FormAnswer | None:
    """The command that is answered, without the fields (they may hold a secret)."""
    form = message.form
    return FormAnswer(form.node, form.iq, form.session, form.action) if form else None
