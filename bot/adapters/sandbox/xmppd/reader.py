"""Bytes of a stream or a frame -> stanzas, with expat; what XMPP forbids in XML ends the stream."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from bot.adapters.sandbox.xmppd.names import CLIENT, COMPONENT, STREAMS
from bot.adapters.sandbox.xmppd.stanza import Child, Stanza, escape

FRESH = 65_536  # bytes; a parser that has read so many is replaced, for expat keeps every name it has read
MAX_DEPTH = 1024  # real servers let 900 levels pass, so the bot must meet them here too
_LANG = "http://www.w3.org/XML/1998/namespace lang"
_KINDS = ("message", "presence", "iq")
_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
_OWN_NAMESPACE = re.compile(rb"""\sxmlns\s*=\s*(["'])jabber:(?:client|component:accept)\1""")
_NOT_PLAIN_XML = {
    expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY],
    expat.errors.codes[expat.errors.XML_ERROR_RECURSIVE_ENTITY_REF],
}


class StreamError(Exception):
    """Ends the stream; `condition` is one of RFC 6120 4.9.3."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


class Opened(NamedTuple):
    attrs: dict[str, str]


class Closed(NamedTuple):
    """The other side closed its stream."""


Event = Opened | Stanza | Closed | StreamError


class Reader:
    """Feed it bytes, get events. `level` is 1 inside a stream element, 0 when every frame is a stanza (RFC 7395)."""

    def __init__(self, namespace: str, max_bytes: int, level: int = 1) -> None:
        self._namespace, self._max_bytes, self._level = namespace, max_bytes, level
        self._parser = self._begin()
        self._header = b""
        self._fed = 0
        self._buffer = bytearray()
        self._base = 0  # stream position of the first byte in the buffer
        self._depth = 0
        self._events: list[Event] = []
        self._declared: list[tuple[str | None, str]] = []
        self._outer: dict[str, str] = {}  # prefixes of the stream element
        self._prefixes: dict[str, str] = {}  # those and the stanza's own
        self._default: str | None = None  # default namespace of the stream element
        self._stanza: tuple[str, dict[str, str]] = ("", {})
        self._stanza_at = self._child_at = 0
        self._child: tuple[str, dict[str, str]] = ("", {})
        self._children: list[Child] = []
        self._leaf = False
        self._rename = False  # a child repeats the stream's own namespace, which differs on the other side

    def _begin(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("UTF-8", " ")
        if hasattr(parser, "SetReparseDeferralEnabled"):  # a deferred stanza would wait for the next one
            parser.SetReparseDeferralEnabled(False)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartNamespaceDeclHandler = self._declare
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._restricted
        parser.EntityDeclHandler = self._restricted
        parser.ProcessingInstructionHandler = self._restricted
        parser.CommentHandler = self._restricted
        return parser

    def feed(self, data: bytes, final: bool = False) -> list[Event]:
        """Every event up to here; a StreamError is the last one."""
        self._buffer += data
        self._events = []
        try:
            self._parser.Parse(data, final)
            self._trim()
            self._fed += len(data)
            if self._fed > FRESH and self._header and self._depth:
                self._replace()
        except StreamError as error:
            self._events.append(error)
        except expat.ExpatError as error:
            restricted = error.code in _NOT_PLAIN_XML
            self._events.append(StreamError("restricted-xml" if restricted else "not-well-formed"))
        return self._events

    def _replace(self) -> None:
        """A new parser reads the header, and again what there is of the stanza that is still arriving."""
        events, self._events = self._events, []
        self._buffer[:0] = self._header
        self._parser, self._fed, self._base, self._depth = self._begin(), 0, 0, 0
        self._parser.Parse(bytes(self._buffer), False)
        self._trim()
        self._events = events

    def _trim(self) -> None:
        """Forget what was dealt with; keep the stanza that is still arriving, within its limit."""
        keep = self._stanza_at
        if self._depth <= self._level:
            waiting = self._buffer[keep - self._base :].lstrip(b" \t\r\n")
            if waiting and not waiting.startswith(b"<"):
                raise StreamError("bad-format" if self._depth else "not-well-formed")
            keep = self._base + len(self._buffer) - len(waiting)
        del self._buffer[: keep - self._base]
        self._base = self._stanza_at = keep
        if len(self._buffer) > self._max_bytes:
            raise StreamError("policy-violation")

    def _start(self, name: str, attrs: dict[str, str]) -> None:
        inside = self._depth - self._level
        self._depth += 1
        if inside > 1:
            self._leaf = False
            if self._depth > MAX_DEPTH:
                raise StreamError("policy-violation")
        elif inside == 1:
            self._child, self._child_at, self._leaf = (name, attrs), self._parser.CurrentByteIndex, True
            self._rename = any(prefix is None and uri in (CLIENT, COMPONENT) for prefix, uri in self._declared)
        elif inside == 0:
            self._open_stanza(name, attrs)
        else:
            self._open_stream(name, attrs)
        self._declared.clear()

    def _open_stream(self, name: str, attrs: dict[str, str]) -> None:
        declared = dict(self._declared)
        self._default = declared.pop(None, None)
        if name != f"{STREAMS} stream" or self._default != self._namespace:
            raise StreamError("invalid-namespace")
        self._outer = {prefix: uri for prefix, uri in declared.items() if prefix}
        self._events.append(Opened(attrs))
        tag = _TAG.match(self._buffer, self._parser.CurrentByteIndex - self._base)
        self._stanza_at = self._base + tag.end() if tag else self._parser.CurrentByteIndex
        self._header = bytes(self._buffer[: tag.end()]) if tag else b""

    def _open_stanza(self, name: str, attrs: dict[str, str]) -> None:
        namespace, _, kind = name.rpartition(" ")
        default = next((uri for prefix, uri in self._declared if prefix is None), self._default)
        if namespace == self._namespace:
            if default != namespace:
                raise StreamError("invalid-namespace")
            name = kind
        self._prefixes = self._outer | {prefix: uri for prefix, uri in self._declared if prefix}
        self._stanza, self._stanza_at, self._children = (name, attrs), self._parser.CurrentByteIndex, []

    def _end(self, _name: str) -> None:
        self._depth -= 1
        inside = self._depth - self._level
        if inside == 1:
            self._close_child()
        elif inside == 0:
            self._close_stanza()
        elif inside < 0:
            self._events.append(Closed())

    def _close_child(self) -> None:
        name, attrs = self._child
        raw = self._span(self._child_at)
        if self._rename:
            raw = _OWN_NAMESPACE.sub(b"", raw, count=1)
        if name.startswith(f"{COMPONENT} "):
            name = f"{CLIENT} {name.rpartition(' ')[2]}"
        self._children.append(Child(name, attrs, raw))

    def _close_stanza(self) -> None:
        kind, attrs = self._stanza
        self._leaf = not self._children
        raw = self._span(self._stanza_at)
        if len(raw) > self._max_bytes:
            raise StreamError("policy-violation")
        text = "" if kind in _KINDS else self._text(raw)
        self._events.append(Stanza(kind, _plain(attrs), tuple(self._children), self._borrowed(), text))
        self._stanza_at += len(raw)

    def _span(self, start: int) -> bytes:
        """The bytes from `start` to the end of the element that closes now.

        For `<a/>` expat names the place behind the tag, for `</a>` the place before it.
        """
        first, here = start - self._base, self._parser.CurrentByteIndex - self._base
        if self._leaf and (here == first or self._buffer[here - 2 : here] == b"/>"):
            tag = _TAG.match(self._buffer, first)
            if tag and tag[1]:
                return bytes(tag[0])
        return bytes(self._buffer[first : self._buffer.index(b">", here) + 1])

    def _borrowed(self) -> bytes:
        used = {
            p: u for p, u in self._prefixes.items() if any(f"{p}:".encode() in child.raw for child in self._children)
        }
        return _declarations(used)

    def _text(self, raw: bytes) -> str:
        return "".join(ElementTree.fromstring(b"<x%b>%b</x>" % (_declarations(self._outer), raw)).itertext())

    def _declare(self, prefix: str | None, uri: str) -> None:
        if self._depth <= self._level + 1:
            self._declared.append((prefix, uri))

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            raise StreamError("unsupported-encoding")

    def _restricted(self, *_: object) -> NoReturn:
        raise StreamError("restricted-xml")


def _declarations(prefixes: dict[str, str]) -> bytes:
    return "".join(f" xmlns:{prefix}='{escape(uri)}'" for prefix, uri in prefixes.items()).encode()


def _plain(attrs: dict[str, str]) -> dict[str, str]:
    """Attributes without a namespace, and xml:lang; others mean nothing on a stanza."""
    if not any(" " in key for key in attrs):
        return attrs
    kept = {key: value for key, value in attrs.items() if " " not in key}
    return {**kept, "xml:lang": attrs[_LANG]} if _LANG in attrs else kept
