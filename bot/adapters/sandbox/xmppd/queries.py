"""Requests (iq): which of them the server answers, for itself, for an account, for the account's own client."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.adapters.sandbox.xmppd import blocking, disco, roster
from bot.adapters.sandbox.xmppd.host import Account, Failed, Host, Session
from bot.adapters.sandbox.xmppd.jid import Jid, parse
from bot.adapters.sandbox.xmppd.names import (
    BLOCKING,
    CARBONS,
    DISCO_INFO,
    DISCO_ITEMS,
    LAST,
    PING,
    PRIVATE,
    PUBSUB,
    ROSTER,
    SESSION,
    TIME,
    VCARD,
    VERSION,
)
from bot.adapters.sandbox.xmppd.stanza import Stanza, error, result

_REQUESTS = ("get", "set")
_TYPES = (*_REQUESTS, "result", "error")


def outgoing(host: Host, session: Session, stanza: Stanza) -> None:
    """From one of our clients: to its own account, or onwards."""
    addressed = stanza if "to" in stanza.attrs else stanza.with_attrs(to=session.account.jid)
    if not _well_formed(stanza):
        return _deliver(session, error(addressed, "bad-request", "modify"))
    if addressed.attrs["to"] != session.account.jid:
        return host.route(addressed)
    if addressed.type in _REQUESTS:
        own = _OWN.get((addressed.type, addressed.children[0].name))
        work = (lambda: own(host, session, addressed)) if own else (lambda: _of_account(session.account, addressed))
        _deliver(session, _answer(addressed, work))


def to_server(host: Host, stanza: Stanza) -> None:
    if stanza.kind == "iq" and stanza.type not in ("result", "error"):
        host.answer(_answer(stanza, lambda: _of_server(host, stanza)))


def arrive(host: Host, account: Account, stanza: Stanza, to: Jid) -> None:
    """From anybody, to an account or one of its resources."""
    if stanza.type in _REQUESTS and blocking.blocks(account, parse(stanza.attrs["from"])):
        host.answer(error(stanza, "service-unavailable"))
    elif to.resource:
        session = account.sessions.get(to.resource)
        if session is None:
            host.answer(error(stanza, "service-unavailable"))
        else:
            session.wire.deliver(stanza)
    elif stanza.type in _REQUESTS and _well_formed(stanza):
        host.answer(_answer(stanza, lambda: _of_account(account, stanza)))


def _well_formed(stanza: Stanza) -> bool:
    whole = stanza.type not in _REQUESTS or len(stanza.children) == 1
    return bool(stanza.attrs.get("id")) and stanza.type in _TYPES and whole


def _answer(request: Stanza, work: Callable[[], str]) -> Stanza | None:
    if not _well_formed(request):
        return error(request, "bad-request", "modify")
    try:
        return result(request, work())
    except Failed as failed:
        return error(request, failed.condition, failed.kind)


def _deliver(session: Session, answer: Stanza | None) -> None:
    if answer is not None:
        session.wire.deliver(answer)


def _of_server(host: Host, request: Stanza) -> str:
    name = request.children[0].name
    if request.type == "get" and name in _SERVER:
        return _SERVER[name](host, request)
    raise Failed("service-unavailable")


def _of_account(account: Account, request: Stanza) -> str:
    name = request.children[0].name
    if name in (f"{PUBSUB} pubsub", f"{PUBSUB}#owner pubsub"):  # no personal eventing here; clients ask all the same
        raise Failed("item-not-found" if request.type == "get" else "feature-not-implemented")
    if request.type == "get" and name in _ACCOUNT:
        return _ACCOUNT[name](account, request)
    raise Failed("service-unavailable")


def _empty(*_: object) -> str:
    return ""


def _version(host: Host, request: Stanza) -> str:
    return f"<query xmlns='{VERSION}'><name>hallbot sandbox</name><version>1</version></query>"


def _uptime(host: Host, request: Stanza) -> str:
    return f"<query xmlns='{LAST}' seconds='{int(time.monotonic() - host.started)}'/>"


def _time(host: Host, request: Stanza) -> str:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"<time xmlns='{TIME}'><tzo>+00:00</tzo><utc>{now}</utc></time>"


def _vcard(account: Account, request: Stanza) -> str:
    if not account.vcard:
        raise Failed("item-not-found")
    return account.vcard


def _set_vcard(host: Host, session: Session, request: Stanza) -> str:
    session.account.vcard = _kept(request)
    return ""


def _private(host: Host, session: Session, request: Stanza) -> str:
    return session.account.private.get(_private_key(request), _kept(request))


def _set_private(host: Host, session: Session, request: Stanza) -> str:
    session.account.private[_private_key(request)] = _kept(request)
    return ""


def _private_key(request: Stanza) -> str:
    query = request.tree()[0]
    if len(query) != 1:
        raise Failed("bad-request", "modify")
    return query[0].tag


def _kept(request: Stanza) -> str:
    """The payload as it came: clients look for xmlns="…" where they wrote it."""
    if request.declarations:
        raise Failed("bad-request", "modify")
    return request.children[0].raw.decode()


def _roster(host: Host, session: Session, request: Stanza) -> str:
    return roster.get(session)


def _set_roster(host: Host, session: Session, request: Stanza) -> str:
    roster.change(host, session, request.tree()[0])
    return ""


def _carbons_on(host: Host, session: Session, request: Stanza) -> str:
    session.carbons = True
    return ""


def _carbons_off(host: Host, session: Session, request: Stanza) -> str:
    session.carbons = False
    return ""


def _blocklist(host: Host, session: Session, request: Stanza) -> str:
    return blocking.get(session)


def _block(host: Host, session: Session, request: Stanza) -> str:
    blocking.block(session, request.tree()[0])
    return ""


def _unblock(host: Host, session: Session, request: Stanza) -> str:
    blocking.unblock(session, request.tree()[0])
    return ""


_SERVER: Mapping[str, Callable[[Host, Stanza], str]] = {
    f"{DISCO_INFO} query": disco.server_info,
    f"{DISCO_ITEMS} query": disco.server_items,
    f"{PING} ping": _empty,
    f"{VERSION} query": _version,
    f"{LAST} query": _uptime,
    f"{TIME} time": _time,
}
_ACCOUNT: Mapping[str, Callable[[Account, Stanza], str]] = {
    f"{DISCO_INFO} query": disco.account_info,
    f"{DISCO_ITEMS} query": disco.account_items,
    f"{VCARD} vCard": _vcard,
    f"{PING} ping": _empty,
}
_OWN: Mapping[tuple[str, str], Callable[[Host, Session, Stanza], str]] = {
    ("get", f"{ROSTER} query"): _roster,
    ("set", f"{ROSTER} query"): _set_roster,
    ("set", f"{VCARD} vCard"): _set_vcard,
    ("get", f"{PRIVATE} query"): _private,
    ("set", f"{PRIVATE} query"): _set_private,
    ("get", f"{BLOCKING} blocklist"): _blocklist,
    ("set", f"{BLOCKING} block"): _block,
    ("set", f"{BLOCKING} unblock"): _unblock,
    ("set", f"{CARBONS} enable"): _carbons_on,
    ("set", f"{CARBONS} disable"): _carbons_off,
    ("set", f"{SESSION} session"): _empty,
}
