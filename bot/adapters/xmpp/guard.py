"""Bytes of a stream become bounded stanzas, whatever a customer sends. Pure.

slixmpp 1.17 walks stanzas by recursion: one of 6.4 KB nested 900 deep ended the stream. So nothing deeper, wider or
longer than this is ever built; of such a stanza only the root element remains, which says who sent it and of what type.
expat keeps every name it has read until its parser ends, up to 30 bytes per byte of new names: parsers are replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

DEEPEST = 24  # levels below the stream, the stanza itself is 1
WIDEST = 512  # elements of one stanza
LONGEST = 262_144  # characters of text in one stanza
FRESH = 65_536  # bytes; the parser that has read so many is replaced at the end of the stanza
ENDLESS = 4 * 1024 * 1024  # bytes that one parser reads at most; servers pass on stanzas of 0.5 MB


class Seen(Enum):
    OPENED = "opened"  # the stream header
    STANZA = "stanza"
    PRUNED = "pruned"  # a stanza of which only the root is left
    CLOSED = "closed"


Sight = tuple[Seen, Element]


class Reader:
    """One XML stream, from its header to its end."""

    def __init__(self, fresh: int = FRESH) -> None:
        self._fresh = fresh
        self._target = _Target()
        self._header = b""
        self._opened = False
        self._begin()

    def feed(self, data: bytes) -> list[Sight]:
        """What `data` completed. ParseError: the server speaks no XML (any more), or its stanza has no end."""
        start = 0 if self._opened else self._open(data)
        while start < len(data):
            if self._fed < self._fresh:
                piece = data[start : start + self._fresh - self._fed]
                self._parse(piece)
                start += len(piece)
            else:
                start = self._replace(data, start)
        sights, self._target.sights = self._target.sights, []
        return sights

    def _begin(self) -> None:
        self._parser = XMLParser(target=self._target)
        # Since expat 2.6 a tag that arrives in two pieces waits for more bytes unless it is asked for.
        self._flush: Callable[[], None] = getattr(self._parser, "flush", _nothing)
        self._fed = 0

    def _parse(self, piece: bytes) -> None:
        self._parser.feed(piece)
        self._flush()
        self._fed += len(piece)
        if self._fed > ENDLESS:
            raise ParseError("a stanza without an end")

    def _open(self, data: bytes) -> int:
        """Reads the header and keeps its bytes; says where it ends."""
        start = 0
        while start < len(data) and not self._opened:
            end = data.find(b">", start) + 1 or len(data)
            self._parse(data[start:end])
            self._header += data[start:end]
            self._opened = bool(self._target.sights)
            start = end
        return start

    def _replace(self, data: bytes, start: int) -> int:
        """Reads tag by tag to the end of a stanza, where a new parser takes over; says how far it came."""
        skip = 0
        while start < len(data):
            end = data.find(b">", start + skip) + 1 or len(data)
            before = self._target.progress()
            self._parse(data[start:end])
            start = end
            if skip == 0 and self._target.between(before):
                self._reopen()
                return start
            # A tag full of ">" is read over from its beginning each time: fewer times, the longer it is.
            skip = 2 * skip + 1 if self._target.progress() == before else 0
        return start

    def _reopen(self) -> None:
        sights = self._target.sights
        self._target = _Target()
        self._begin()
        self._parse(self._header)
        self._target.sights = sights


def _nothing() -> None:
    pass


class _Target:
    """Builds each child of the root on its own and stops building when it exceeds a bound."""

    def __init__(self) -> None:
        self.sights: list[Sight] = []
        self._depth = 0
        self._elements = 0
        self._characters = 0
        self._root: Element | None = None
        self._builder: TreeBuilder | None = None

    def progress(self) -> tuple[int, int, int, int]:
        """Changes with every tag and text."""
        return len(self.sights), self._depth, self._elements, self._characters

    def between(self, before: tuple[int, int, int, int]) -> bool:
        """Has a stanza ended since `before`, and none begun?"""
        return self._depth == 1 and len(self.sights) > before[0]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        depth = self._depth
        self._depth = depth + 1
        if depth > 1:
            self._elements += 1
            if depth > DEEPEST or self._elements > WIDEST:
                self._builder = None
            if self._builder is not None:
                self._builder.start(tag, attributes)
        elif depth == 1:
            self._elements, self._characters = 1, 0
            self._builder = TreeBuilder()
            self._root = self._builder.start(tag, attributes)
        else:
            self.sights.append((Seen.OPENED, Element(tag, attributes)))

    def data(self, text: str) -> None:
        if self._builder is not None and self._depth > 1:
            self._characters += len(text)
            if self._characters > LONGEST:
                self._builder = None
            else:
                self._builder.data(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._depth > 0 and self._builder is not None:
            self._builder.end(tag)
        if self._depth == 1:
            self._finish()
        elif self._depth == 0:
            self.sights.append((Seen.CLOSED, Element(tag)))

    def _finish(self) -> None:
        assert self._root is not None
        if self._builder is not None:
            self.sights.append((Seen.STANZA, self._builder.close()))
        else:
            self.sights.append((Seen.PRUNED, Element(self._root.tag, self._root.attrib)))
        self._root = self._builder = None

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise ParseError("a stream has no document type")
