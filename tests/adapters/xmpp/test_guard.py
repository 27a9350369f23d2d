"""Bytes become bounded stanzas."""

import time
import tracemalloc
from xml.etree.ElementTree import ParseError, tostring

import pytest

from bot.adapters.xmpp.guard import DEEPEST, ENDLESS, FRESH, LONGEST, WIDEST, Reader, Seen

OPEN = b"<?xml version='1.0'?><s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams' id='1'>"


def opened() -> Reader:
    reader = Reader()
    assert [seen for seen, _ in reader.feed(OPEN)] == [Seen.OPENED]
    return reader


def nested(levels: int) -> bytes:
    """A message with so many levels, itself included."""
    return b"<message id='m'>" + b"<a>" * (levels - 1) + b"</a>" * (levels - 1) + b"</message>"


@pytest.mark.parametrize(
    ("levels", "seen"), [(1, Seen.STANZA), (DEEPEST, Seen.STANZA), (DEEPEST + 1, Seen.PRUNED), (5000, Seen.PRUNED)]
)
def test_depth(levels: int, seen: Seen) -> None:
    ((found, xml),) = opened().feed(nested(levels))
    assert found is seen
    assert xml.get("id") == "m"
    assert (len(xml) == 0) is (seen is Seen.PRUNED or levels == 1)


@pytest.mark.parametrize(("elements", "seen"), [(WIDEST, Seen.STANZA), (WIDEST + 1, Seen.PRUNED)])
def test_width(elements: int, seen: Seen) -> None:
    ((found, xml),) = opened().feed(b"<message>" + b"<a/>" * (elements - 1) + b"</message>")
    assert found is seen
    assert len(xml) == (elements - 1 if seen is Seen.STANZA else 0)


@pytest.mark.parametrize(("length", "seen"), [(LONGEST, Seen.STANZA), (LONGEST + 1, Seen.PRUNED)])
def test_length(length: int, seen: Seen) -> None:
    ((found, xml),) = opened().feed(b"<message><body>" + b"x" * length + b"</body></message>")
    assert found is seen
    assert len(xml) == (1 if seen is Seen.STANZA else 0)


def test_after_a_pruned_stanza_the_next_is_whole() -> None:
    reader = opened()
    stanzas = reader.feed(nested(900) + b"<message><body>hi</body></message>" + nested(2))
    assert [seen for seen, _ in stanzas] == [Seen.PRUNED, Seen.STANZA, Seen.STANZA]
    assert b"hi" in tostring(stanzas[1][1])


def test_every_stanza_has_its_own_allowance() -> None:
    reader = opened()
    half = b"<message>" + b"<a/>" * (WIDEST // 2) + b"</message>"
    assert [seen for seen, _ in reader.feed(half * 5)] == [Seen.STANZA] * 5


def test_text_and_tails_and_attributes_are_kept() -> None:
    text = "<message xmlns='jabber:client' a='1&amp;2'>x<body xml:lang='zh'>查&lt;话费\U0001f600</body>y</message>"
    ((_, xml),) = opened().feed(text.encode())
    assert (xml.get("a"), xml.text, xml[0].text, xml[0].tail) == ("1&2", "x", "查<话费\U0001f600", "y")


def test_bytes_one_by_one() -> None:
    reader = Reader()
    seen = [
        sight for byte in OPEN + nested(3) + b" \n" + nested(2) + b"</s:stream>" for sight in reader.feed(bytes([byte]))
    ]
    assert [kind for kind, _ in seen] == [Seen.OPENED, Seen.STANZA, Seen.STANZA, Seen.CLOSED]


@pytest.mark.parametrize(
    "garbage", [b"<message></wrong>", b"\x00", b"<a b=c/>", b"&nope;", b"<message>&#27;</message>"]
)
def test_what_is_no_xml_says_so(garbage: bytes) -> None:
    with pytest.raises(ParseError):
        opened().feed(garbage)


@pytest.mark.parametrize("head", [b"<!DOCTYPE x>", b"<!DOCTYPE x [<!ENTITY a 'lol'><!ENTITY b '&a;&a;'>]>"])
def test_a_document_type_is_refused(head: bytes) -> None:
    with pytest.raises(ParseError):
        Reader().feed(head + OPEN)


# Each of them ends otherwise: where one parser takes over from another, nothing may be lost or read twice.
VARIED = (
    "<message/>",
    "<message id='1'></message>",
    " \n",
    "<message a='/>' b='&lt;/message>'><body>a/>b</body></message>",
    "<presence from='a@b/c'>x<!-- </presence> --></presence>",
    "<message><body><![CDATA[</body></message>]]></body></message>",
    "<s:error><x xmlns='urn:x'/></s:error>",
    "<iq type='get' ><q xmlns='urn:q' c='中'>查话费</q>\t</iq >",
    nested(DEEPEST + 2).decode(),
)
STREAM = OPEN + "".join(VARIED).encode() + b"</s:stream>"


def seen(pieces: list[bytes], fresh: int) -> list[tuple[Seen, bytes]]:
    reader = Reader(fresh)
    return [(kind, tostring(xml)) for piece in pieces for kind, xml in reader.feed(piece)]


@pytest.mark.parametrize("fresh", [1, 100])
def test_a_new_parser_takes_over_wherever_the_bytes_are_cut(fresh: int) -> None:
    whole = seen([STREAM], FRESH)
    assert len(whole) == len(VARIED) + 1  # less the white space, with both ends
    assert seen([bytes([byte]) for byte in STREAM], fresh) == whole
    for place in range(len(STREAM)):
        assert seen([STREAM[:place], STREAM[place:]], fresh) == whole


@pytest.mark.parametrize("names", [1, WIDEST + 88])
@pytest.mark.parametrize("name", ["<n{0}/>", "<n n{0}='1'/>"])
def test_names_that_never_come_again_are_not_kept(name: str, names: int) -> None:
    """A flood of them, in chunks that end anywhere; were they kept, 10 MB and more."""
    inside = [name.format(number) for number in range(60_000)]
    flood = "".join(
        f"<message>{''.join(inside[at : at + names])}</message>" for at in range(0, len(inside), names)
    ).encode()
    reader, most, count = opened(), 0, 0
    tracemalloc.start()
    try:
        for start in range(0, len(flood), 65_536):
            count += len(reader.feed(flood[start : start + 65_536]))
            most = max(most, tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert count == -(-len(inside) // names)
    assert most < 4_000_000


def test_a_stanza_without_an_end_ends_the_stream() -> None:
    reader = opened()
    reader.feed(b"<message>")
    for _ in range(ENDLESS // 70_000):
        reader.feed(b"<a>" + b"x" * 60_000 + b"</a>")
    with pytest.raises(ParseError):
        reader.feed(b"x" * (ENDLESS // 5))


def test_a_tag_full_of_closing_signs_costs_no_more_than_others() -> None:
    reader, tag = opened(), b"<message a='" + b">" * LONGEST + b"'/>"
    begun = time.process_time()
    assert len(reader.feed(tag * 3)) == 3
    assert time.process_time() - begun < 1
