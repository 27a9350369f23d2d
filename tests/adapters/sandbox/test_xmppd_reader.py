"""However bytes are cut, the reader sees the same stanzas; whatever they are, it answers with events."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.sandbox.xmppd.names import CLIENT, COMPONENT
from bot.adapters.sandbox.xmppd.reader import FRESH, Closed, Event, Opened, Reader, StreamError
from bot.adapters.sandbox.xmppd.stanza import Stanza

HEADER = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
STANZAS = [
    "<message/>",
    "<message></message>",
    "<message to='a@b' xml:lang='zh'><body>a/></body></message>",
    "<message ><body\n/><x xmlns='urn:x' a='/>'/>\n</message >",
    "<message><x xmlns='urn:x'><y/></x><body>查话费 &lt;1&gt; <![CDATA[<z/>]]></body></message>",
    "<p:message xmlns:p='jabber:client'><p:body>x</p:body></p:message>",
    "<message xmlns:q='urn:q'><q:x q:a='1'/><q:y/></message>",
    "<iq type='get' id='1'><stream:x/></iq>",
    "<message><message/></message>",
    "<auth xmlns='urn:sasl' mechanism='PLAIN'>AGE=</auth>",
    "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'></stream:stream>",
    " \n",
]


def read(pieces: list[bytes], namespace: str = CLIENT) -> list[Event]:
    reader = Reader(namespace, 4096)
    return [event for piece in pieces for event in reader.feed(piece)]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(place % len(data) for place in places)})
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.lists(st.sampled_from(STANZAS), max_size=8), st.lists(st.integers(min_value=0), max_size=60))
def test_the_cuts_between_packets_change_nothing(stanzas: list[str], places: list[int]) -> None:
    data = (HEADER + "".join(stanzas) + "</stream:stream>").encode()
    whole = read([data])
    assert read(cut(data, places)) == whole
    assert [type(event) for event in whole] == [Opened, *[Stanza for text in stanzas if text.strip()], Closed]


@given(st.lists(st.sampled_from(STANZAS[:9]), min_size=1, max_size=8))
def test_what_is_forwarded_means_the_same(stanzas: list[str]) -> None:
    for sent, event in zip(stanzas, read([(HEADER + "".join(stanzas)).encode()])[1:], strict=True):
        assert isinstance(event, Stanza)
        around = HEADER.removeprefix("<?xml version='1.0'?>") + sent + "</stream:stream>"
        before = ElementTree.fromstring(around)[0]
        after = ElementTree.fromstring(event.render(b" xmlns='jabber:client'"))
        assert shape(after) == shape(before)


def shape(element: ElementTree.Element) -> object:
    """Without the white space between a stanza's children, which means nothing."""
    return element.tag, element.attrib, [inner(child) for child in element]


def inner(element: ElementTree.Element) -> object:
    children = [(inner(child), child.tail or "") for child in element]
    return element.tag, element.attrib, element.text or "", children


TOKENS = st.sampled_from(
    ["<", ">", "/", "/>", "</", "<a", "<a>", "</a>", "<a/>", "='1'", " b", " xmlns='u'", " xmlns:stream='u'", "stream:",
     "<message>", "</message>", "<body", "<body>", "</body>", "<iq ", "&", "&amp;", "&#60;", "]]>", "<![CDATA[", "<!--",
     "-->", "<?", "?>", "<!DOCTYPE", "x", "\n", "中", "\x00", "</stream:stream>", HEADER, " xmlns='jabber:client'"]
)  # fmt: skip


@given(st.lists(TOKENS, max_size=40), st.lists(st.integers(min_value=0), max_size=10), st.booleans())
def test_no_input_is_a_bug_and_what_passes_is_whole(tokens: list[str], places: list[int], inside: bool) -> None:
    data = ((HEADER if inside else "") + "".join(tokens)).encode() or b" "
    reader, ended = Reader(CLIENT, 4096), False
    for piece in cut(data, places):
        for event in reader.feed(piece):
            assert not ended
            ended = isinstance(event, StreamError)
            if isinstance(event, Stanza) and event.kind == "message":
                ElementTree.fromstring(event.render(b" xmlns='jabber:client'"))
        if ended:
            break


def test_a_child_that_names_the_streams_namespace_fits_any_stream() -> None:
    own = "<x xmlns='urn:x'><body xmlns='jabber:client'/></x>"
    sent = f"<message to='hall'><body xmlns='jabber:client'>1</body>{own}</message>"
    (_, stanza) = read([(HEADER + sent).encode()])
    assert isinstance(stanza, Stanza)
    assert stanza.render() == f"<message to='hall'><body>1</body>{own}</message>".encode()


def test_a_components_body_is_known_by_the_same_name() -> None:
    (_, stanza) = read([HEADER.replace(CLIENT, COMPONENT).encode(), b"<message><body>1</body></message>"], COMPONENT)
    assert isinstance(stanza, Stanza)
    assert stanza.has(f"{CLIENT} body")


def test_white_space_between_stanzas_is_not_kept() -> None:
    reader = Reader(CLIENT, 64)
    reader.feed(HEADER[:100].encode())
    assert reader.feed(HEADER[100:].encode()) == [Opened({})]
    assert [event for _ in range(100) for event in reader.feed(b" \n")] == []
    (stanza,) = reader.feed(b"<message/>")
    assert isinstance(stanza, Stanza)


@pytest.mark.parametrize(
    "piece", [b"<message><body>xxxxxxxxxxxx", b"<message id='xxxxxxxxxxxxxx", b"<message>            "]
)
def test_a_stanza_is_bounded_while_it_arrives(piece: bytes) -> None:
    reader = Reader(CLIENT, 200)
    reader.feed(HEADER.encode())
    events = [event for part in [piece] + [b"x" * 20] * 20 for event in reader.feed(part)]
    assert isinstance(events[0], StreamError)
    assert events[0].condition == "policy-violation"


@given(st.lists(st.sampled_from(STANZAS), max_size=8), st.lists(st.integers(min_value=0), max_size=20))
def test_a_new_parser_changes_nothing(stanzas: list[str], places: list[int]) -> None:
    """Each piece is followed by one that makes the parser old, in the text of a stanza or between two."""
    text = f"<message><body>{'x' * 4000}</body></message>"
    data = (HEADER + "".join(text * (FRESH // 4000) + stanza for stanza in stanzas) + "</stream:stream>").encode()
    small = (HEADER + "".join(stanzas) + "</stream:stream>").encode()
    read_here = [event for event in read(cut(data, places)) if not _long(event)]
    assert read_here == read([small])


def _long(event: Event) -> bool:
    return isinstance(event, Stanza) and any(len(child.raw) > 4000 for child in event.children)


def test_names_that_never_come_again_are_not_kept() -> None:
    reader = Reader(CLIENT, 4096)
    reader.feed(HEADER.encode())
    flood = "".join(f"<message><n{number}/></message>" for number in range(30_000)).encode()
    tracemalloc.start()
    try:
        count = sum(len(reader.feed(flood[start : start + 5000])) for start in range(0, len(flood), 5000))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 30_000
    assert kept < 4_000_000
