"""Presence without a memory."""

from xml.etree.ElementTree import fromstring

import pytest

from bot.adapters.xmpp.inbound import Us
from bot.adapters.xmpp.presence import answers

BOT = "10086@hall.im"
US = Us(BOT, frozenset({BOT, "hall.im"}), frozenset({"im"}), frozenset())
CAPS = "<c xmlns='http://jabber.org/protocol/caps'/>"


def told(kind: str, sender: str = "138@im/p", to: str = BOT, client: bool = False) -> list[tuple[str, str | None]]:
    head = "" if kind == "available" else f"type='{kind}'"
    stanza = fromstring(f"<presence {head} from='{sender}' to='{to}'/>")
    found = [fromstring(raw) for raw in answers(stanza, US, CAPS, client=client)]
    assert all(xml.get("from") == (None if client else to) for xml in found)
    return [(xml.get("type", "available"), xml.get("to")) for xml in found]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("probe", [("available", "138@im/p")]),
        ("subscribe", [("subscribed", "138@im"), ("subscribe", "138@im"), ("available", "138@im")]),
        ("unsubscribe", [("unavailable", "138@im"), ("unsubscribed", "138@im"), ("unsubscribe", "138@im")]),
        ("available", []),
        ("unavailable", []),
        ("subscribed", []),
        ("unsubscribed", []),
        ("error", []),
        ("nonsense", []),
    ],
)
def test_a_component_answers_by_itself(kind: str, answer: list[tuple[str, str]]) -> None:
    assert told(kind) == answer


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("probe", []),
        ("subscribe", [("subscribed", "138@im"), ("subscribe", "138@im")]),
        ("unsubscribe", [("unsubscribed", "138@im"), ("unsubscribe", "138@im")]),
    ],
)
def test_a_clients_server_does_the_rest(kind: str, answer: list[tuple[str, str]]) -> None:
    assert told(kind, client=True) == answer


@pytest.mark.parametrize("kind", ["probe", "subscribe", "unsubscribe"])
@pytest.mark.parametrize(
    ("sender", "to"), [("u@evil/r", BOT), ("im", BOT), ("@@", BOT), (BOT, BOT), ("138@im/p", "nobody@hall.im")]
)
def test_strangers_hear_nothing(kind: str, sender: str, to: str) -> None:
    assert told(kind, sender, to) == []


def test_a_probe_is_answered_the_same_after_a_restart() -> None:
    assert told("probe") == told("probe")
