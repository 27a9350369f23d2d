"""Service discovery (XEP-0030): what the server and its accounts say about themselves."""

from __future__ import annotations

from bot.adapters.sandbox.xmppd.host import Account, Failed, Host
from bot.adapters.sandbox.xmppd.names import (
    BLOCKING,
    CARBONS,
    DISCO_INFO,
    DISCO_ITEMS,
    LAST,
    PING,
    PRIVATE,
    ROSTER,
    STANZA_IDS,
    TIME,
    VCARD,
    VERSION,
)
from bot.adapters.sandbox.xmppd.stanza import Stanza, escape

_SERVER = (
    DISCO_INFO, DISCO_ITEMS, BLOCKING, CARBONS, LAST, PING, PRIVATE, ROSTER, STANZA_IDS, TIME, VCARD, VERSION,
    "msgoffline",
)  # fmt: skip
_ACCOUNT = (DISCO_INFO, DISCO_ITEMS, STANZA_IDS, VCARD)


def server_info(host: Host, request: Stanza) -> str:
    _no_node(request)
    return _info("server", "im", "hallbot sandbox", _SERVER)


def server_items(host: Host, request: Stanza) -> str:
    _no_node(request)
    return _items([domain for domain, wires in host.components.items() if wires])


def account_info(account: Account, request: Stanza) -> str:
    _no_node(request)
    return _info("account", "registered", "", _ACCOUNT)


def account_items(account: Account, request: Stanza) -> str:
    _no_node(request)
    return _items([])


def _no_node(request: Stanza) -> None:
    if request.children[0].attrs.get("node"):
        raise Failed("item-not-found")


def _info(category: str, kind: str, name: str, features: tuple[str, ...]) -> str:
    called = f" name='{name}'" if name else ""
    offered = "".join(f"<feature var='{feature}'/>" for feature in features)
    return f"<query xmlns='{DISCO_INFO}'><identity category='{category}' type='{kind}'{called}/>{offered}</query>"


def _items(addresses: list[str]) -> str:
    items = "".join(f"<item jid='{escape(address)}'/>" for address in addresses)
    return f"<query xmlns='{DISCO_ITEMS}'>{items}</query>"
