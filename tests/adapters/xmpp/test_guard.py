"""Bytes become bounded stanzas."""

from xml.etree.ElementTree import ParseError, tostring

import pytest

from bot.adapters.xmpp.guard import DEEPEST, LONGEST, WIDEST, Reader, Seen

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
