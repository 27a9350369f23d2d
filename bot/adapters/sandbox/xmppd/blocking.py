"""The blocking list (XEP-0191): kept, pushed to the account's clients, and obeyed."""

from __future__ import annotations

from itertools import count
from xml.etree.ElementTree import Element

from bot.adapters.sandbox.xmppd import jid
from bot.adapters.sandbox.xmppd.host import Account, Failed, Session
from bot.adapters.sandbox.xmppd.names import BLOCKING
from bot.adapters.sandbox.xmppd.stanza import Stanza, element, escape

MAX_BLOCKED = 1000
_pushes = count(1)


def blocks(account: Account, other: jid.Jid) -> bool:
    if not account.blocked or other.bare == account.jid:
        return False
    server = f"{other.domain}/{other.resource}"
    return any(form in account.blocked for form in (other.full, other.bare, server, other.domain))


def get(session: Session) -> str:
    return f"<blocklist xmlns='{BLOCKING}'>{_items(session.account.blocked)}</blocklist>"


def block(session: Session, request: Element) -> None:
    names = _names(request)
    if not names:
        raise Failed("bad-request", "modify")
    if len(session.account.blocked) + len(names) > MAX_BLOCKED:
        raise Failed("resource-constraint", "wait")
    session.account.blocked.update(dict.fromkeys(names))
    _push(session.account, "block", names)


def unblock(session: Session, request: Element) -> None:
    """Those named; without a name, all."""
    names = _names(request)
    for name in names or list(session.account.blocked):
        session.account.blocked.pop(name, None)
    _push(session.account, "unblock", names)


def _names(request: Element) -> list[str]:
    try:
        return [jid.parse(item.get("jid", "")).full for item in request.findall(f"{{{BLOCKING}}}item")]
    except ValueError:
        raise Failed("jid-malformed", "modify") from None


def _items(names: dict[str, None] | list[str]) -> str:
    return "".join(f"<item jid='{escape(name)}'/>" for name in names)


def _push(account: Account, what: str, names: list[str]) -> None:
    payload = element(f"{BLOCKING} {what}", f"<{what} xmlns='{BLOCKING}'>{_items(names)}</{what}>")
    for session in account.sessions.values():
        attrs = {"to": session.jid, "type": "set", "id": f"block-{next(_pushes)}"}
        session.wire.deliver(Stanza("iq", attrs, (payload,)))
