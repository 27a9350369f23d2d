"""What is written is XML again, whatever is said."""

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.xmpp import outbound
from bot.model import Outgoing

HINTS = {"{urn:xmpp:hints}no-store", "{urn:xmpp:hints}no-copy"}


def out(text: str = "您好", id_: str = "rABC-1", to: str = "138@im/p", secret: bool = False) -> Outgoing:
    return Outgoing(id_, "17-k", to, "10086@hall", text, secret=secret)


def test_a_line() -> None:
    xml = fromstring(outbound.stanza(out(), stamped=False))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert xml.attrib == {"type": "chat", "to": "138@im/p", "from": "10086@hall", "id": "rABC-1", lang: "zh"}
    assert [(child.tag, child.text, child.get("id")) for child in xml] == [
        ("body", "您好", None),
        ("{urn:xmpp:sid:0}origin-id", None, "rABC-1"),
    ]


def test_a_client_leaves_its_address_to_the_server() -> None:
    assert "from" not in fromstring(outbound.stanza(out(), stamped=True)).attrib


@pytest.mark.parametrize("secret", [True, False])
def test_secrets_are_neither_stored_nor_copied(secret: bool) -> None:
    tags = {child.tag for child in fromstring(outbound.stanza(out(secret=secret), stamped=False))}
    assert (tags & HINTS == HINTS) is secret


def test_an_answer_ends_a_typing_note() -> None:
    tags = [child.tag for child in fromstring(outbound.stanza(out(), stamped=False, active=True))]
    assert "{http://jabber.org/protocol/chatstates}active" in tags


@given(st.text(), st.text(), st.text())
def test_any_text_is_well_formed_and_comes_back(text: str, to: str, id_: str) -> None:
    xml = fromstring(outbound.stanza(out(text, id_, to), stamped=False))
    body = xml.findtext("body", "")
    legal = [c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"]
    assert body == "".join(legal).replace("\r\n", "\n").replace("\r", "\n")
    assert [child.tag for child in xml] == ["body", "{urn:xmpp:sid:0}origin-id"]


@pytest.mark.parametrize("text", ["</body><body>x", "]]>", "<![CDATA[x", "&#27;", "a\x1b[31mb", "\ud800"])
def test_nothing_said_becomes_an_element(text: str) -> None:
    xml = fromstring(outbound.stanza(out(text), stamped=False).encode())
    assert xml[0].tag == "body"
    assert len(xml) == 2


def test_typing_and_receipt_are_not_stored() -> None:
    for raw, tag in [
        (outbound.typing("a@b/c", "h@d"), "{http://jabber.org/protocol/chatstates}composing"),
        (outbound.receipt("a@b/c", "h@d", "m'1"), "{urn:xmpp:receipts}received"),
    ]:
        xml = fromstring(raw)
        assert [child.tag for child in xml] == [tag, "{urn:xmpp:hints}no-store"]
        assert (xml.get("to"), xml.get("from")) == ("a@b/c", "h@d")
    assert xml[0].get("id") == "m'1"
