"""Presence (RFC 6121 4): who learns that a client came, changed, or went."""

from __future__ import annotations

from bot.adapters.sandbox.xmppd import blocking, messages, subscriptions
from bot.adapters.sandbox.xmppd.host import Account, Host, Session
from bot.adapters.sandbox.xmppd.jid import Jid, parse
from bot.adapters.sandbox.xmppd.names import CLIENT
from bot.adapters.sandbox.xmppd.stanza import Stanza, error


def outgoing(host: Host, session: Session, stanza: Stanza, to: Jid | None) -> None:
    match stanza.type:
        case "" if to is None:
            _available(host, session, stanza)
        case "unavailable" if to is None:
            unavailable(host, session, stanza)
        case "subscribe" | "subscribed" | "unsubscribe" | "unsubscribed" if to is not None:
            subscriptions.outgoing(host, session.account, stanza, to.bare)
        case "" | "unavailable" | "error" if to is not None:
            _directed(host, session, stanza, to)
        case _:
            host.answer(error(stanza.with_attrs(to=session.account.jid), "bad-request", "modify"))


def arrive(host: Host, account: Account, stanza: Stanza, to: Jid) -> None:
    sender = parse(stanza.attrs["from"])
    if blocking.blocks(account, sender):
        return
    match stanza.type:
        case "subscribe" | "subscribed" | "unsubscribe" | "unsubscribed":
            subscriptions.arrive(host, account, stanza, sender.bare)
        case "probe":
            subscriptions.probed(host, account, stanza, sender.bare)
        case "" | "unavailable" | "error":
            named = account.sessions.get(to.resource)
            for session in [named] if named else [] if to.resource else account.available():
                session.wire.deliver(stanza)
        case _:
            host.answer(error(stanza, "bad-request", "modify"))


def unavailable(host: Host, session: Session, stanza: Stanza | None = None) -> None:
    """Said by the client, or by the server for one that is gone."""
    said = stanza or Stanza("presence", {"from": session.jid, "type": "unavailable"})
    account, was = session.account, session.presence
    session.presence, session.priority = None, 0
    reached = set(session.directed)
    session.directed.clear()
    if was is not None:
        reached.update(_watchers(account))
        _tell_own(session, said)
    for contact in sorted(reached):
        host.route(said.with_attrs(to=contact))


def _available(host: Host, session: Session, stanza: Stanza) -> None:
    first = session.presence is None
    was_ready = not first and session.priority >= 0
    session.presence, session.priority = stanza, _priority(stanza)
    for contact in _watchers(session.account):
        host.route(stanza.with_attrs(to=contact))
    _tell_own(session, stanza)
    session.wire.deliver(stanza.with_attrs(to=session.jid))
    if first:
        _arrived(host, session)
    if session.priority >= 0 and not was_ready:
        messages.hand_over(session.account, session)


def _arrived(host: Host, session: Session) -> None:
    """A client that just came learns who is there, and who asked in the meantime."""
    account = session.account
    for other in account.available():
        if other is not session and other.presence is not None:
            session.wire.deliver(other.presence.with_attrs(to=session.jid))
    for address, contact in list(account.roster.items()):
        if contact.to:
            host.route(Stanza("presence", {"from": account.jid, "to": address, "type": "probe"}))
        if contact.request is not None:
            session.wire.deliver(contact.request)


def _directed(host: Host, session: Session, stanza: Stanza, to: Jid) -> None:
    if stanza.type == "":
        session.directed.add(to.full)
    elif stanza.type == "unavailable":
        session.directed.discard(to.full)
    host.route(stanza)


def _watchers(account: Account) -> list[str]:
    watching = [address for address, contact in account.roster.items() if contact.from_]
    return [address for address in watching if not blocking.blocks(account, parse(address))]


def _tell_own(session: Session, stanza: Stanza) -> None:
    for other in session.account.available():
        if other is not session:
            other.wire.deliver(stanza.with_attrs(to=other.jid))


def _priority(stanza: Stanza) -> int:
    if not stanza.has(f"{CLIENT} priority"):
        return 0
    try:
        return max(-128, min(127, int(stanza.tree().findtext(f"{{{CLIENT}}}priority") or 0)))
    except ValueError:
        return 0
