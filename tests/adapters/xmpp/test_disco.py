"""What the hall says about itself."""

from xml.etree.ElementTree import fromstring

import pytest

from bot.adapters.xmpp.disco import CAPS_NODE, FEATURES, Self, answer, capability_hash
from bot.adapters.xmpp.iq import NOT_FOUND, UNAVAILABLE

BOT = "10086@hall.im"
HALL = Self("网上营业厅", "1.2", BOT, (("login", "登录"), ("bill.query", "查话费")))
INFO, ITEMS = "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items"
COMMANDS = "http://jabber.org/protocol/commands"


def ask(payload: str, to: str = BOT) -> str:
    found = answer(fromstring(payload), to, HALL)
    assert isinstance(found, str)
    return found


def info(node: str = "") -> tuple[list[tuple[str | None, str | None]], list[str | None]]:
    xml = fromstring(ask(f"<query xmlns='{INFO}' node='{node}'/>"))
    identities = [(one.get("category"), one.get("type")) for one in xml.findall(f"{{{INFO}}}identity")]
    return identities, [one.get("var") for one in xml.findall(f"{{{INFO}}}feature")]


@pytest.mark.parametrize("node", ["", f"{CAPS_NODE}#{capability_hash(HALL.name)}"])
def test_it_is_a_bot(node: str) -> None:
    assert info(node) == ([("client", "bot")], list(FEATURES))


def test_its_commands_are_a_list_and_forms() -> None:
    assert info(COMMANDS)[0] == [("automation", "command-list")]
    assert info("login") == ([("automation", "command-node")], [COMMANDS, "jabber:x:data"])


def items(node: str = "", to: str = BOT) -> list[tuple[str | None, str | None, str | None]]:
    xml = fromstring(ask(f"<query xmlns='{ITEMS}' node='{node}'/>", to))
    return [(item.get("jid"), item.get("node"), item.get("name")) for item in xml]


def test_the_commands_are_listed_where_one_asks() -> None:
    assert items(COMMANDS) == [(BOT, "login", "登录"), (BOT, "bill.query", "查话费")]
    assert items(COMMANDS, to="hall.im")[0][0] == "hall.im"


def test_the_domain_names_the_bot() -> None:
    assert items(to="hall.im") == [(BOT, None, "网上营业厅")]
    assert items() == []


@pytest.mark.parametrize("ns", [INFO, ITEMS])
def test_an_unknown_node_is_not_found(ns: str) -> None:
    assert answer(fromstring(f"<query xmlns='{ns}' node='admin'/>"), BOT, HALL) == NOT_FOUND


def test_the_version_names_the_hall_and_no_library() -> None:
    xml = fromstring(ask("<query xmlns='jabber:iq:version'/>"))
    assert [child.text for child in xml] == ["网上营业厅", "1.2"]


def test_ping_and_card() -> None:
    assert ask("<ping xmlns='urn:xmpp:ping'/>") == ""
    assert fromstring(ask("<vCard xmlns='vcard-temp'/>")).findtext("{vcard-temp}FN") == "网上营业厅"


@pytest.mark.parametrize("payload", ["<query xmlns='urn:x'/>", "<query/>", "<ping xmlns='jabber:iq:version'/>"])
def test_anything_else_is_not_served(payload: str) -> None:
    assert answer(fromstring(payload), BOT, HALL) == UNAVAILABLE


def test_the_capability_hash_is_that_of_the_standard() -> None:
    """XEP-0115, 5.1: identity, then features in order, each followed by <."""
    caps = fromstring(HALL.caps)
    assert caps.get("ver") == capability_hash("网上营业厅")
    assert list(FEATURES) == sorted(FEATURES)
    assert capability_hash("a") != capability_hash("b")
