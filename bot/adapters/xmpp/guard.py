"""Bytes of a stream become bounded stanzas, whatever a customer sends. Pure.

slixmpp 1.17 walks stanzas by recursion: one of 6.4 KB nested 900 deep ended the stream. So nothing deeper, wider or
longer than this is ever built; of such a stanza only the root element remains, which says who sent it and of what type.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

DEEPEST = 24  # levels below the stream, the stanza itself is 1
WIDEST = 512  # elements of one stanza
LONGEST = 262_144  # characters of text in one stanza


class Seen(Enum):
    OPENED = "opened"  # the stream header
    STANZA = "stanza"
    PRUNED = "pruned"  # a stanza of which only the root is left
    CLOSED = "closed"


Sight = tuple[Seen, Element]


class Reader:
    """One XML stream, from its header to its end."""

    def __init__(self) -> None:
        self._target = _Target()
        self._parser = XMLParser(target=self._target)
        # Since expat 2.6 a tag that arrives in two pieces waits for more bytes unless it is asked for.
        self._flush: Callable[[], None] = getattr(self._parser, "flush", _nothing)

    def feed(self, data: bytes) -> list[Sight]:
        """What `data` completed. ParseError: the server speaks no XML (any more)."""
        self._parser.feed(data)
        self._flush()
        sights, self._target.sights = self._target.sights, []
        return sights


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
