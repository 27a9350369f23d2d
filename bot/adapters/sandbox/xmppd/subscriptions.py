"""Presence subscriptions (RFC 6121 3): asking, granting, ending, on both sides; and probes."""

from __future__ import annotations

from bot.adapters.sandbox.xmppd.host import Account, Contact, Host
from bot.adapters.sandbox.xmppd.roster import changed
from bot.adapters.sandbox.xmppd.stanza import Stanza


def outgoing(host: Host, account: Account, stanza: Stanza, address: str) -> None:
    """One of our users asks, grants, or ends."""
    contact = account.roster.setdefault(address, Contact())
    before = (contact.to, contact.from_, contact.asked, contact.listed)
    granted = False
    match stanza.type:
        case "subscribe":
            contact.asked, contact.listed = not contact.to, True
        case "subscribed":
            granted = contact.request is not None
            contact.from_ = contact.from_ or granted
            contact.listed = contact.listed or granted
            contact.request = None
        case "unsubscribe":
            contact.to = contact.asked = False
        case "unsubscribed":
            if contact.from_:
                _presences(host, account, address, gone=True)
            contact.from_, contact.request = False, None
    if before != (contact.to, contact.from_, contact.asked, contact.listed):
        changed(account, address)
    _tidy(account, address)
    if stanza.type != "subscribed" or granted:
        host.route(stanza.with_attrs(**{"from": account.jid, "to": address}))
    if granted:
        _presences(host, account, address)


def arrive(host: Host, account: Account, stanza: Stanza, address: str) -> None:
    """Somebody asks one of our users, or answers."""
    contact = account.roster.setdefault(address, Contact())
    stamped = stanza.with_attrs(**{"from": address, "to": account.jid})
    match stanza.type:
        case "subscribe" if contact.from_:
            host.route(_bare(account, address, "subscribed"))
        case "subscribe":
            contact.request = stamped
            _show(account, stamped)
        case "subscribed" if contact.asked:
            contact.asked, contact.to = False, True
            _show(account, stamped)
            changed(account, address)
        case "unsubscribe" if contact.from_ or contact.request:
            contact.from_, contact.request = False, None
            _show(account, stamped)
            changed(account, address)
            _presences(host, account, address, gone=True)
        case "unsubscribed" if contact.to or contact.asked:
            contact.to = contact.asked = False
            _show(account, stamped)
            changed(account, address)
    _tidy(account, address)


def probed(host: Host, account: Account, stanza: Stanza, address: str) -> None:
    contact = account.roster.get(address)
    asking = stanza.attrs["from"]
    if address != account.jid and (contact is None or not contact.from_):
        host.route(_bare(account, asking, "unsubscribed"))
    elif account.available():
        _presences(host, account, asking)
    else:
        host.route(_bare(account, asking, "unavailable"))


def _presences(host: Host, account: Account, to: str, gone: bool = False) -> None:
    """What `to` may see of the account: every resource, or that each of them is gone."""
    for session in account.available():
        said = Stanza("presence", {"from": session.jid, "type": "unavailable"}) if gone else session.presence
        if said is not None:
            host.route(said.with_attrs(to=to))


def _bare(account: Account, to: str, kind: str) -> Stanza:
    return Stanza("presence", {"from": account.jid, "to": to, "type": kind})


def _show(account: Account, stanza: Stanza) -> None:
    for session in account.available():
        session.wire.deliver(stanza)


def _tidy(account: Account, address: str) -> None:
    contact = account.roster.get(address)
    if contact is not None and not (contact.listed or contact.request or contact.from_):
        del account.roster[address]
