"""Messages to accounts of this server: which resource, carbons (XEP-0280), offline (XEP-0160), ids (XEP-0359)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.adapters.sandbox.xmppd import blocking
from bot.adapters.sandbox.xmppd.host import Account, Host, Session
from bot.adapters.sandbox.xmppd.jid import Jid, parse
from bot.adapters.sandbox.xmppd.names import (
    BODY,
    CARBONS,
    CARBONS_PRIVATE,
    CLIENT,
    DELAY,
    FORWARD,
    NO_COPY,
    NO_STORE,
    STANZA_ID,
    STANZA_IDS,
)
from bot.adapters.sandbox.xmppd.stanza import Child, Stanza, element, error

MAX_OFFLINE = 100  # messages per account; more come back to their sender
_NEVER_COPIED = (CARBONS_PRIVATE, NO_COPY, f"{CARBONS} received", f"{CARBONS} sent")


def arrive(host: Host, account: Account, stanza: Stanza, to: Jid) -> None:
    """RFC 6121 8.5: the resource that was named, else the most available ones, else offline."""
    if blocking.blocks(account, parse(stanza.attrs["from"])):
        return host.answer(error(stanza, "service-unavailable"))
    named = account.sessions.get(to.resource) if to.resource else None
    if named is not None:
        return _give(host, account, stanza, [named])
    match stanza.type:
        case "error":
            pass
        case "headline":
            if not to.resource:
                _give(host, account, stanza, _ready(account))
        case "groupchat":
            host.answer(error(stanza, "service-unavailable"))
        case _:
            best = max((session.priority for session in _ready(account)), default=0)
            targets = [session for session in _ready(account) if session.priority == best]
            if targets:
                _give(host, account, stanza, targets)
            else:
                _keep(host, account, stanza)


def hand_over(account: Account, session: Session) -> None:
    """Everything that waited, in order."""
    waiting, account.offline = account.offline, []
    for stanza in waiting:
        session.wire.deliver(stanza)


def copy_sent(sender: Session, stanza: Stanza) -> None:
    """To the sender's other clients; one's own note reached them already."""
    if _copied(stanza) and parse(stanza.attrs["to"]).bare != sender.account.jid:
        _copy(sender.account, stanza, "sent", [sender])


def without_forged_ids(host: Host, stanza: Stanza) -> Stanza:
    """No id that looks as if this server had given it."""
    if not stanza.has(STANZA_ID):
        return stanza
    return stanza.keeping(tuple(child for child in stanza.children if not _ours(host, child)))


def _ours(host: Host, child: Child) -> bool:
    try:
        return child.name == STANZA_ID and parse(child.attrs.get("by", "")).domain == host.domain
    except ValueError:
        return False


def _ready(account: Account) -> list[Session]:
    return [session for session in account.available() if session.priority >= 0]


def _give(host: Host, account: Account, stanza: Stanza, targets: Sequence[Session]) -> None:
    message = _identified(host, account, stanza)
    for session in targets:
        session.wire.deliver(message)
    if _copied(stanza):
        _copy(account, message, "received", targets)


def _identified(host: Host, account: Account, stanza: Stanza) -> Stanza:
    if stanza.type == "error":
        return stanza
    raw = f"<stanza-id xmlns='{STANZA_IDS}' id='{secrets.token_hex(8)}' by='{account.jid}'/>"
    return without_forged_ids(host, stanza).without(CARBONS_PRIVATE).adding(element(STANZA_ID, raw))


def _keep(host: Host, account: Account, stanza: Stanza) -> None:
    if not stanza.has(BODY):
        return  # typing notes and receipts are worth nothing later
    if stanza.has(NO_STORE) or len(account.offline) >= MAX_OFFLINE:
        return host.answer(error(stanza, "service-unavailable", "wait"))
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    delay = element(f"{DELAY} delay", f"<delay xmlns='{DELAY}' from='{host.domain}' stamp='{stamp}'/>")
    account.offline.append(_identified(host, account, stanza).adding(delay))


def _copied(stanza: Stanza) -> bool:
    if stanza.type != "chat" and not (stanza.type in ("", "normal") and stanza.has(BODY)):
        return False
    return not any(child.name in _NEVER_COPIED for child in stanza.children)


def _copy(account: Account, stanza: Stanza, direction: str, but: Sequence[Session]) -> None:
    others = [session for session in account.sessions.values() if session.carbons and session not in but]
    if not others:
        return
    inner = stanza.render(f" xmlns='{CLIENT}'".encode())
    head = f"<{direction} xmlns='{CARBONS}'><forwarded xmlns='{FORWARD}'>".encode()
    carbon = Child(f"{CARBONS} {direction}", {}, b"%b%b</forwarded></%b>" % (head, inner, direction.encode()))
    for session in others:
        attrs = {"from": account.jid, "to": session.jid, "type": stanza.type or "normal"}
        session.wire.deliver(Stanza("message", attrs, (carbon,)))
