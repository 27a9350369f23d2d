"""Which message stanzas count, and as what (contracts.md, "Which messages may do what"). Pure.

End-to-end encrypted messages cannot be read here: their writer gets an error stanza, which clients show as "not
delivered", instead of a silence that looks like a broken hall. So does who writes to an address that is not ours.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from bot.adapters.xmpp.jids import Address, address
from bot.adapters.xmpp.settings import XmppSettings
from bot.adapters.xmpp.xml import LANG, esc, local_name, namespace
from bot.model import Message

Clock = Callable[[], float]  # epoch seconds
FRESH = 120.0  # seconds: an older stamp makes a message weak
LONGEST_ID = 256
NEVER = frozenset({"error", "headline", "groupchat"})  # any other type, known or not, is a normal message (RFC 6121)
SID, HINTS, CHAT_STATES = "{urn:xmpp:sid:0}", "{urn:xmpp:hints}", "{http://jabber.org/protocol/chatstates}"
DELAYS = frozenset({"{urn:xmpp:delay}delay", "{jabber:x:delay}x"})
TYPING = frozenset(f"{CHAT_STATES}{state}" for state in ("active", "composing", "gone", "inactive", "paused"))
ORIGIN = f"{SID}origin-id"
REQUEST = "{urn:xmpp:receipts}request"
REPLACE = "{urn:xmpp:message-correct:0}replace"
# Not words to the hall, although they may carry a body: for older clients, or somebody else's.
NOTHING = frozenset(
    {
        "{urn:xmpp:carbons:2}sent",
        "{urn:xmpp:carbons:2}received",
        "{urn:xmpp:forward:0}forwarded",
        "{urn:xmpp:mam:2}result",
        "{urn:xmpp:mam:2}fin",
        "{urn:xmpp:reactions:0}reactions",
        "{urn:xmpp:fasten:0}apply-to",
        "{urn:xmpp:message-retract:0}retract",
        "{urn:xmpp:message-retract:0}retracted",
        "{urn:xmpp:message-retract:1}retract",
        "{urn:xmpp:message-retract:1}retracted",
        "{urn:xmpp:message-moderate:0}moderated",
        "{urn:xmpp:message-moderate:1}moderate",
        "{http://jabber.org/protocol/pubsub#event}event",
        "{http://jabber.org/protocol/muc#user}x",
        "{jabber:x:conference}x",
    }
)
ENCRYPTED = frozenset(
    {
        "{eu.siacs.conversations.axolotl}encrypted",
        "{urn:xmpp:omemo:1}encrypted",
        "{urn:xmpp:omemo:2}encrypted",
        "{urn:xmpp:openpgp:0}openpgp",
        "{jabber:x:encrypted}x",
        "{urn:xmpp:eme:0}encryption",
    }
)


@dataclass(frozen=True, slots=True)
class Us:
    """Who we are, for the rules. All prepared."""

    address: str  # the bare JID that customers know
    addresses: Container[str]  # bare JIDs that may be written to
    domains: frozenset[str]  # whose users are served
    stampers: frozenset[str]  # whose delay stamps are believed: our own server, our own bare JID
    archive: str = ""  # who stamps ids of our archive: our own bare JID (client); nobody does for a component

    @classmethod
    def of(cls, settings: XmppSettings) -> Us:
        component, own = settings.attach == "component", settings.address
        addresses = frozenset({own, settings.domain} if component else {own})
        return cls(
            address=own,
            addresses=addresses,
            domains=frozenset(known.domain for domain in settings.allowed_domains if (known := address(domain))),
            stampers=addresses | {settings.domain, settings.server_domain},
            archive="" if component else own,
        )


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message that gets an error stanza instead of a turn."""

    to: str
    sender: str
    id: str
    type: str
    kind: str
    condition: str
    text: str

    def stanza(self) -> str:
        return (
            f"<message type='error' to='{esc(self.to)}' from='{esc(self.sender)}' id='{esc(self.id)}'>"
            f"<error type='{self.kind}'><{self.condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
            f"<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='zh'>{esc(self.text)}</text>"
            "</error></message>"
        )


def composes(stanza: Element) -> bool:
    """Somebody is writing (XEP-0085) and says nothing yet."""
    return stanza.get("type", "normal") not in NEVER and stanza.find(f"{CHAT_STATES}composing") is not None


def customer(stanza: Element, us: Us) -> Address | None:
    """Who wrote `stanza`, when that is a user whom we serve and not ourselves."""
    sender = address(stanza.get("from"))
    if sender is None or not sender.local or sender.domain not in us.domains or sender.bare in us.addresses:
        return None
    return sender


def read(stanza: Element, us: Us, now: float) -> Message | Bounce | None:
    """What the road is told about a message stanza; `now` is in epoch seconds."""
    if stanza.get("type", "normal") in NEVER or (sender := customer(stanza, us)) is None:
        return None
    parts = {child.tag: child for child in reversed(stanza)}  # the first of each kind
    if not parts.keys().isdisjoint(NOTHING):
        return None
    body, encrypted = parts.get(f"{namespace(stanza)}body"), not parts.keys().isdisjoint(ENCRYPTED)
    if body is None and not encrypted:
        return None
    to = address(stanza.get("to") or us.address)
    if to is None or to.bare not in us.addresses:
        return _bounce(stanza, "cancel", "item-not-found", "没有这个地址")
    if encrypted or body is None:
        return _bounce(stanza, "modify", "not-acceptable", "无法阅读加密消息，请关闭端到端加密后重发")
    body = _plainest(body, stanza)
    if not body.text or len(body):
        return None
    id_ = stanza.get("id", "")
    return Message(
        sender=sender.bare,
        full=sender.full,
        text=body.text,
        id=_short(id_),
        origin_id=_id(parts.get(ORIGIN)),
        stanza_id=_stamped(stanza, us.archive),
        replaces=_id(parts.get(REPLACE)),
        lang=(body.get(LANG) or stanza.get(LANG) or "")[:35],
        to=to.bare,
        weak=not parts.keys().isdisjoint(DELAYS) and any(_weakens(d, us, now) for d in stanza if d.tag in DELAYS),
        receipt=REQUEST in parts and 0 < len(id_) <= LONGEST_ID,
    )


def archived(result: Element, us: Us, query: str, now: float) -> tuple[str, Message | None]:
    """What an answer to our own archive query holds: the id in the archive, and the message if it counts.

    ("", None) when it is none: not from our own archive, or not to this query.
    """
    stanza = result.find("{urn:xmpp:mam:2}result")
    sender = address(result.get("from") or us.archive)
    if stanza is None or sender is None or sender.bare != us.archive or stanza.get("queryid") != query:
        return "", None
    archive_id = stanza.get("id", "")
    forwarded = stanza.find("{urn:xmpp:forward:0}forwarded")
    inner = None if forwarded is None else forwarded.find("{jabber:client}message")
    if forwarded is None or inner is None:
        return archive_id, None
    message = read(inner, us, now)
    if not isinstance(message, Message):
        return archive_id, None
    delay = forwarded.find("{urn:xmpp:delay}delay")
    age = FRESH + 1 if delay is None else _age(delay, now)
    return archive_id, _stored(message, archive_id, weak=message.weak or age > FRESH)


def chat_state(stanza: Element) -> bool:
    """Does the writer's client speak XEP-0085?"""
    return not TYPING.isdisjoint([child.tag for child in stanza])


def _stored(message: Message, archive_id: str, *, weak: bool) -> Message:
    return replace(message, stanza_id=_short(archive_id), weak=weak, receipt=False)


def _plainest(first: Element, stanza: Element) -> Element:
    """The body without a language of its own, else the first."""
    if not first.get(LANG):
        return first
    return next((body for body in _children(stanza, first.tag) if not body.get(LANG)), first)


def _bounce(stanza: Element, kind: str, condition: str, text: str) -> Bounce:
    id_ = stanza.get("id", "")
    if len(id_) > LONGEST_ID:
        id_ = ""
    sender, to = stanza.get("from", ""), stanza.get("to", "")
    return Bounce(sender, to, id_, stanza.get("type", "normal"), kind, condition, text)


def _id(child: Element | None) -> str:
    return "" if child is None else _short(child.get("id", ""))


def _short(id_: str) -> str:
    """Ids are chosen by clients; a long one is known by its hash."""
    return id_ if len(id_) <= LONGEST_ID else sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()


def _stamped(stanza: Element, by: str) -> str:
    if not by:
        return ""
    found = [child.get("id", "") for child in _children(stanza, f"{SID}stanza-id") if child.get("by") == by]
    return _short(found[0]) if len(found) == 1 else ""


def _children(stanza: Element, tag: str) -> Iterator[Element]:
    return (child for child in stanza if child.tag == tag)


def _weakens(delay: Element, us: Us, now: float) -> bool:
    stamper = address(delay.get("from"))
    believed = local_name(delay) == "delay" and stamper is not None and stamper.full in us.stampers
    return not believed or _age(delay, now) > FRESH


def _age(delay: Element, now: float) -> float:
    """Seconds between stamp and now, either way; huge when the stamp is none (XEP-0082)."""
    try:
        stamp = datetime.fromisoformat(delay.get("stamp", ""))
        return abs(now - stamp.timestamp()) if stamp.tzinfo else float("inf")
    except (ValueError, OverflowError):
        return float("inf")
