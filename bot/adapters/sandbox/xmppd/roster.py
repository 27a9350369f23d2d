"""The roster (RFC 6121 2): shown, changed, pushed."""

from __future__ import annotations

from itertools import count
from xml.etree.ElementTree import Element

from bot.adapters.sandbox.xmppd import jid
from bot.adapters.sandbox.xmppd.host import Account, Contact, Failed, Host, Session
from bot.adapters.sandbox.xmppd.names import ROSTER
from bot.adapters.sandbox.xmppd.stanza import Stanza, element, escape

MAX_CONTACTS = 1000
_pushes = count(1)


def get(session: Session) -> str:
    session.interested = True
    items = "".join(_item(address, contact) for address, contact in session.account.roster.items() if contact.listed)
    return f"<query xmlns='{ROSTER}'>{items}</query>"


def change(host: Host, session: Session, query: Element) -> None:
    """One item is added, renamed or removed."""
    item = query.find(f"{{{ROSTER}}}item")
    if item is None or len(query) != 1:
        raise Failed("bad-request", "modify")
    try:
        address = jid.parse(item.get("jid", "")).bare
    except ValueError:
        raise Failed("jid-malformed", "modify") from None
    if item.get("subscription") == "remove":
        return _remove(host, session.account, address)
    if address not in session.account.roster and len(session.account.roster) >= MAX_CONTACTS:
        raise Failed("resource-constraint", "wait")
    contact = session.account.roster.setdefault(address, Contact())
    contact.name, contact.listed = item.get("name", ""), True
    contact.groups = tuple(group.text or "" for group in item.findall(f"{{{ROSTER}}}group"))
    changed(session.account, address)


def changed(account: Account, address: str) -> None:
    """Tells the account's clients how an item looks now."""
    contact = account.roster.get(address)
    if contact is not None and contact.listed:
        _push(account, _item(address, contact))


def _remove(host: Host, account: Account, address: str) -> None:
    contact = account.roster.get(address)
    if contact is None or not contact.listed:
        raise Failed("item-not-found")
    del account.roster[address]
    _push(account, f"<item jid='{escape(address)}' subscription='remove'/>")
    ended = [("unsubscribe", contact.to or contact.asked), ("unsubscribed", contact.from_)]
    for kind, due in ended:
        if due:
            host.route(Stanza("presence", {"from": account.jid, "to": address, "type": kind}))
    for session in account.available() if contact.from_ else ():
        host.route(Stanza("presence", {"from": session.jid, "to": address, "type": "unavailable"}))


def _push(account: Account, item: str) -> None:
    payload = element(f"{ROSTER} query", f"<query xmlns='{ROSTER}'>{item}</query>")
    for session in account.sessions.values():
        if session.interested:
            attrs = {"to": session.jid, "type": "set", "id": f"push-{next(_pushes)}"}
            session.wire.deliver(Stanza("iq", attrs, (payload,)))


def _item(address: str, contact: Contact) -> str:
    flow = {(True, True): "both", (True, False): "to", (False, True): "from"}.get((contact.to, contact.from_), "none")
    name = f" name='{escape(contact.name)}'" if contact.name else ""
    ask = " ask='subscribe'" if contact.asked else ""
    groups = "".join(f"<group>{escape(group)}</group>" for group in contact.groups)
    return f"<item jid='{escape(address)}'{name} subscription='{flow}'{ask}>{groups}</item>"
