"""A stanza between two streams: its head as attributes, its children as the bytes they came in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from bot.adapters.sandbox.xmppd.names import CLIENT, STANZA_ERRORS

_SPECIAL = re.compile(r"[&<>'\"\t\r\n]")


class Child(NamedTuple):
    """One child: "namespace name", its attributes, and its bytes, which are forwarded untouched."""

    name: str
    attrs: Mapping[str, str]
    raw: bytes


class Stanza(NamedTuple):
    """`kind` is message, presence or iq; anything else on a stream keeps its "namespace name" and its text."""

    kind: str
    attrs: Mapping[str, str]
    children: tuple[Child, ...] = ()
    declarations: bytes = b""  # prefixes that children use and that were declared outside of them
    text: str = ""

    @property
    def type(self) -> str:
        return self.attrs.get("type", "")

    def has(self, name: str) -> bool:
        return any(child.name == name for child in self.children)

    def with_attrs(self, **attrs: str) -> Stanza:
        return Stanza(self.kind, {**self.attrs, **attrs}, self.children, self.declarations)

    def adding(self, child: Child) -> Stanza:
        return self.keeping((*self.children, child))

    def keeping(self, children: tuple[Child, ...]) -> Stanza:
        return Stanza(self.kind, self.attrs, children, self.declarations)

    def without(self, name: str) -> Stanza:
        return self.keeping(tuple(child for child in self.children if child.name != name)) if self.has(name) else self

    def tree(self) -> ElementTree.Element:
        """For the few stanzas that the server itself reads closely."""
        return ElementTree.fromstring(self.render(f" xmlns='{CLIENT}'".encode()))

    def render(self, xmlns: bytes = b"") -> bytes:
        kind = self.kind.encode()
        head = "".join([f" {key}='{escape(value)}'" for key, value in self.attrs.items()]).encode()
        if not self.children:
            return b"<%b%b%b%b/>" % (kind, xmlns, self.declarations, head)
        inner = b"".join([child.raw for child in self.children])
        return b"<%b%b%b%b>%b</%b>" % (kind, xmlns, self.declarations, head, inner, kind)


def escape(text: str) -> str:
    """Text or attribute value (in single or double quotes) for XML."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def element(name: str, raw: str) -> Child:
    """A child the server itself adds; `raw` is well-formed already."""
    return Child(name, {}, raw.encode())


def result(request: Stanza, payload: str = "") -> Stanza:
    children = (element("", payload),) if payload else ()
    return Stanza("iq", {**_back(request), "type": "result"}, children)


def error(about: Stanza, condition: str, kind: str = "cancel", more: str = "") -> Stanza | None:
    """The error that answers a stanza; None where an answer is forbidden (errors, results)."""
    if about.type == "error" or (about.kind == "iq" and about.type == "result"):
        return None
    raw = f"<error type='{kind}'><{condition} xmlns='{STANZA_ERRORS}'/>{more}</error>"
    return Stanza(about.kind, {**_back(about), "type": "error"}, (element(f"{CLIENT} error", raw),))


def _back(about: Stanza) -> dict[str, str]:
    swapped = {"from": about.attrs.get("to"), "to": about.attrs.get("from"), "id": about.attrs.get("id")}
    return {key: value for key, value in swapped.items() if value is not None}
