"""What a logged-in client sends: stamped with who it is, then on its way."""

from __future__ import annotations

from bot.adapters.sandbox.xmppd import blocking, jid, messages, presence, queries
from bot.adapters.sandbox.xmppd.host import Host, Session
from bot.adapters.sandbox.xmppd.names import BLOCKING_ERRORS
from bot.adapters.sandbox.xmppd.stanza import Stanza, error


def send(host: Host, session: Session, stanza: Stanza) -> None:
    stamped = stanza.with_attrs(**{"from": session.jid})
    try:
        to = jid.parse(stamped.attrs["to"]) if "to" in stamped.attrs else None
    except ValueError:
        return _reply(session, error(stamped, "jid-malformed", "modify"))
    if to is not None:
        if blocking.blocks(session.account, to):
            blocked = f"<blocked xmlns='{BLOCKING_ERRORS}'/>"
            return _reply(session, error(stamped, "not-acceptable", more=blocked))
        stamped = stamped.with_attrs(to=to.full)
    match stamped.kind:
        case "message":
            _message(host, session, stamped)
        case "presence":
            presence.outgoing(host, session, stamped, to)
        case _:
            queries.outgoing(host, session, stamped)


def leave(host: Host, session: Session) -> None:
    """The client is gone, politely or not."""
    if session.account.sessions.get(session.resource) is session:
        del session.account.sessions[session.resource]
    presence.unavailable(host, session)


def _message(host: Host, session: Session, stanza: Stanza) -> None:
    message = messages.without_forged_ids(host, stanza)
    if "to" not in message.attrs:
        message = message.with_attrs(to=session.account.jid)
    host.route(message)
    messages.copy_sent(session, message)


def _reply(session: Session, answer: Stanza | None) -> None:
    if answer is not None:
        session.wire.deliver(answer)
