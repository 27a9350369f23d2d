"""What the hall says about itself: identity, features, commands, version, card (XEP-0030, 0115, 0092, 0054). Pure."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha1
from xml.etree.ElementTree import Element

from bot.adapters.xmpp.commands import COMMANDS
from bot.adapters.xmpp.iq import NOT_FOUND, UNAVAILABLE, Problem
from bot.adapters.xmpp.xml import attributes, esc, local_name, namespace

INFO = "http://jabber.org/protocol/disco#info"
ITEMS = "http://jabber.org/protocol/disco#items"
CAPS_NODE = "urn:x-hallbot"
FEATURES = tuple(
    sorted(
        (
            "http://jabber.org/protocol/caps",
            "http://jabber.org/protocol/chatstates",
            COMMANDS,
            INFO,
            ITEMS,
            "jabber:iq:version",
            "jabber:x:data",
            "urn:xmpp:message-correct:0",
            "urn:xmpp:ping",
            "urn:xmpp:receipts",
            "urn:xmpp:sid:0",
            "vcard-temp",
        )
    )
)


@dataclass(frozen=True, slots=True)
class Self:
    """The hall as it describes itself."""

    name: str
    version: str
    address: str
    commands: tuple[tuple[str, str], ...] = ()

    @property
    def caps(self) -> str:
        """The element that goes with every presence."""
        return (
            f"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='{CAPS_NODE}' "
            f"ver='{capability_hash(self.name)}'/>"
        )


def capability_hash(name: str) -> str:
    """XEP-0115, 5.1; SHA-1 because that is what clients support."""
    text = "<".join([f"client/bot//{name}", *FEATURES, ""])
    return b64encode(sha1(text.encode(), usedforsecurity=False).digest()).decode()


def answer(payload: Element, to: str, hall: Self) -> str | Problem:
    """What a get or set with this payload is answered."""
    match namespace(payload)[1:-1], local_name(payload):
        case ("urn:xmpp:ping", "ping"):
            return ""
        case ("jabber:iq:version", "query"):
            text = f"<name>{esc(hall.name)}</name><version>{esc(hall.version)}</version>"
            return f"<query xmlns='jabber:iq:version'>{text}</query>"
        case ("vcard-temp", "vCard"):
            name = esc(hall.name)
            return f"<vCard xmlns='vcard-temp'><FN>{name}</FN><NICKNAME>{name}</NICKNAME></vCard>"
        case (ns, "query") if ns == INFO:
            return _found(INFO, payload.get("node", ""), _info(payload.get("node", ""), hall))
        case (ns, "query") if ns == ITEMS:
            return _found(ITEMS, payload.get("node", ""), _items(payload.get("node", ""), to, hall))
        case _:
            return UNAVAILABLE


def lists_commands(payload: Element) -> bool:
    """Is it asked which commands there are?"""
    return namespace(payload)[1:-1] == ITEMS and payload.get("node") == COMMANDS


def _found(ns: str, node: str, inner: str | None) -> str | Problem:
    if inner is None:
        return NOT_FOUND
    return f"<query xmlns='{ns}'{attributes(node=node)}>{inner}</query>"


def _info(node: str, hall: Self) -> str | None:
    titles = dict(hall.commands)
    if node in ("", f"{CAPS_NODE}#{capability_hash(hall.name)}"):
        return _identity("client", "bot", hall.name) + "".join(f"<feature var='{feature}'/>" for feature in FEATURES)
    if node == COMMANDS:
        return _identity("automation", "command-list", hall.name)
    if node in titles:
        features = f"<feature var='{COMMANDS}'/><feature var='jabber:x:data'/>"
        return _identity("automation", "command-node", titles[node]) + features
    return None


def _items(node: str, to: str, hall: Self) -> str | None:
    if node == COMMANDS:
        return "".join(f"<item{attributes(jid=to, node=name, name=title)}/>" for name, title in hall.commands)
    if node == "" and to != hall.address:
        return f"<item{attributes(jid=hall.address, name=hall.name)}/>"
    return "" if node == "" or node in dict(hall.commands) else None


def _identity(category: str, kind: str, name: str) -> str:
    return f"<identity category='{category}' type='{kind}'{attributes(name=name)}/>"
