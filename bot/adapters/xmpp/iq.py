"""Answers to IQs, as text. Pure."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree.ElementTree import Element

from bot.adapters.xmpp.xml import attributes


class Problem(NamedTuple):
    """Why an IQ is refused: type and condition of a stanza error (RFC 6120, 8.3)."""

    kind: str
    condition: str


UNAVAILABLE = Problem("cancel", "service-unavailable")
NOT_FOUND = Problem("cancel", "item-not-found")
BAD = Problem("modify", "bad-request")
LATER = Problem("wait", "resource-constraint")


def reply(request: Element, answer: str | Problem, *, stamped: bool) -> str:
    """The answer to `request`, to whom it came from; `stamped`: the server writes `from` itself (client)."""
    if isinstance(answer, Problem):
        kind, payload = "error", f"<error type='{answer.kind}'>{_condition(answer.condition)}</error>"
    else:
        kind, payload = "result", answer
    sender = "" if stamped else request.get("to", "")
    who = attributes(to=request.get("from", ""), id=request.get("id", ""), **{"from": sender})
    return f"<iq type='{kind}'{who}>{payload}</iq>"


def ping(to: str, sender: str, id_: str) -> str:
    return f"<iq type='get'{attributes(to=to, id=id_, **{'from': sender})}><ping xmlns='urn:xmpp:ping'/></iq>"


def _condition(name: str) -> str:
    return f"<{name} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
