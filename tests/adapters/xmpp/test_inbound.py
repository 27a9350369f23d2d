"""Which messages count, and as what: tables."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

import pytest

from bot.adapters.xmpp.inbound import Bounce, Us, archived, chat_state, composes, read
from bot.model import Message

NOW = 1_800_000_000.0
BOT, DOMAIN = "10086@hall.im.localhost", "im.localhost"
US = Us(
    BOT,
    frozenset({BOT, "hall.im.localhost"}),
    frozenset({DOMAIN}),
    frozenset({BOT, DOMAIN, "hall.im.localhost"}),
)
ACCOUNT = "hall@im.localhost"
CLIENT = Us(ACCOUNT, frozenset({ACCOUNT}), frozenset({DOMAIN}), frozenset({ACCOUNT, DOMAIN}), ACCOUNT)
DELAY = "<delay xmlns='urn:xmpp:delay' from='{}' stamp='{}'/>"


def stamp(age: float) -> str:
    return datetime.fromtimestamp(NOW - age, UTC).isoformat().replace("+00:00", "Z")


def stanza(inner: str = "<body>查话费</body>", ns: str = "jabber:component:accept", **attributes: str) -> Element:
    head = {"from": "138@im.localhost/phone", "to": BOT, "type": "chat", "id": "m1", **attributes}
    given = " ".join(f"{name}='{value}'" for name, value in head.items() if value)
    return fromstring(f"<message xmlns='{ns}' {given}>{inner}</message>")


def message(inner: str = "<body>查话费</body>", **attributes: str) -> Message:
    found = read(stanza(inner, **attributes), US, NOW)
    assert isinstance(found, Message)
    return found


def test_a_plain_line() -> None:
    assert message() == Message(
        sender="138@im.localhost", full="138@im.localhost/phone", text="查话费", id="m1", to=BOT
    )


@pytest.mark.parametrize("kind", ["chat", "normal", "", "nonsense"])
def test_chat_normal_and_unknown_types_are_read(kind: str) -> None:
    assert message(type=kind).text == "查话费"


@pytest.mark.parametrize("kind", ["error", "headline", "groupchat"])
def test_other_types_are_nothing(kind: str) -> None:
    assert read(stanza(type=kind), US, NOW) is None


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "im.localhost",
        "im.localhost/x",
        "u@evil.example/r",
        f"{BOT}/x",
        "hall.im.localhost",
        "@im.localhost",
        "a@b@c",
    ],
)
def test_strangers_and_ourselves_are_nothing(sender: str) -> None:
    assert read(stanza(**{"from": sender}), US, NOW) is None


@pytest.mark.parametrize(
    ("sender", "bare"),
    [
        ("USER@IM.LOCALHOST/R", "user@im.localhost"),
        ("us\u200ber@im.localhost/r", "user@im.localhost"),
        ("Ａdmin@im.localhost/r", "admin@im.localhost"),
        ("аdmin@im.localhost/r", "аdmin@im.localhost"),
        ("}x@im.localhost/r", "}x@im.localhost"),
        ("u\\20x@im.localhost/r", "u\\20x@im.localhost"),
    ],
)
def test_senders_are_compared_prepared(sender: str, bare: str) -> None:
    assert message(**{"from": sender}).sender == bare


@pytest.mark.parametrize("resource", ["phone", "a/b", "\U0001f64c", "R ", ""])
def test_a_resource_is_kept_as_the_server_wrote_it(resource: str) -> None:
    full = f"138@im.localhost/{resource}" if resource else "138@im.localhost"
    assert message(**{"from": full}).full == full


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<body/>",
        "<body></body>",
        "<subject>x</subject>",
        "<body>12<b xmlns='x'>34</b>56</body>",
        "<body xmlns='urn:other'>hi</body>",
        "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
    ],
)
def test_no_words_no_message(inner: str) -> None:
    assert read(stanza(inner), US, NOW) is None


@pytest.mark.parametrize(
    "extra",
    [
        "<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></sent>",
        "<received xmlns='urn:xmpp:carbons:2'/>",
        "<forwarded xmlns='urn:xmpp:forward:0'/>",
        "<result xmlns='urn:xmpp:mam:2' queryid='q'/>",
        "<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction></reactions>",
        "<apply-to xmlns='urn:xmpp:fasten:0' id='m1'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>",
        "<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>",
        "<retracted xmlns='urn:xmpp:message-retract:1' id='m1'/>",
        "<event xmlns='http://jabber.org/protocol/pubsub#event'/>",
        "<x xmlns='http://jabber.org/protocol/muc#user'/>",
        "<x xmlns='jabber:x:conference' jid='r@c'/>",
    ],
)
def test_what_is_not_said_to_us_is_nothing(extra: str) -> None:
    assert read(stanza(f"<body>确认</body>{extra}"), US, NOW) is None


@pytest.mark.parametrize(
    "extra",
    [
        "<private xmlns='urn:xmpp:carbons:2'/>",
        "<addresses xmlns='http://jabber.org/protocol/address'><address jid='admin@im'/></addresses>",
        "<nick xmlns='http://jabber.org/protocol/nick'>客服10086</nick>",
        "<markable xmlns='urn:xmpp:chat-markers:0'/>",
        "<store xmlns='urn:xmpp:hints'/>",
    ],
)
def test_decoration_changes_nothing(extra: str) -> None:
    assert message(f"<body>查话费</body>{extra}") == message()


@pytest.mark.parametrize(
    "extra",
    [
        "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/></encrypted>",
        "<encrypted xmlns='urn:xmpp:omemo:2'/>",
        "<openpgp xmlns='urn:xmpp:openpgp:0'/>",
        "<x xmlns='jabber:x:encrypted'>…</x>",
        "<encryption xmlns='urn:xmpp:eme:0' namespace='x'/>",
    ],
)
@pytest.mark.parametrize("body", ["", "<body>This message is encrypted</body>"])
def test_what_cannot_be_read_is_shown_as_not_delivered(extra: str, body: str) -> None:
    bounce = read(stanza(body + extra), US, NOW)
    assert isinstance(bounce, Bounce)
    answer = fromstring(bounce.stanza())
    assert answer.attrib == {"type": "error", "to": "138@im.localhost/phone", "from": BOT, "id": "m1"}
    assert answer[0][0].tag == "{urn:ietf:params:xml:ns:xmpp-stanzas}not-acceptable"


@pytest.mark.parametrize("to", ["nobody@hall.im.localhost", "10087@hall.im.localhost/x", "im.localhost"])
def test_who_writes_elsewhere_is_told(to: str) -> None:
    bounce = read(stanza(to=to), US, NOW)
    assert isinstance(bounce, Bounce)
    assert bounce.condition == "item-not-found"


@pytest.mark.parametrize("to", ["hall.im.localhost", BOT, f"{BOT}/any"])
def test_the_answer_comes_from_the_address_written_to(to: str) -> None:
    assert message(to=to).to == to.partition("/")[0]


@pytest.mark.parametrize(
    ("delay", "weak"),
    [
        (DELAY.format(DOMAIN, stamp(0)), False),
        (DELAY.format(DOMAIN, stamp(120)), False),
        (DELAY.format(DOMAIN, stamp(121)), True),
        (DELAY.format(BOT, stamp(60)), False),
        (DELAY.format(DOMAIN, stamp(-121)), True),
        (DELAY.format(DOMAIN, "2999-01-01T00:00:00Z"), True),
        (DELAY.format(DOMAIN, "2020-01-01T00:00:00Z"), True),
        (DELAY.format(DOMAIN, "not-a-date"), True),
        (DELAY.format(DOMAIN, ""), True),
        (DELAY.format(DOMAIN, "2027-01-15T08:00:00"), True),
        (DELAY.format("138@im.localhost", stamp(1)), True),
        (DELAY.format("evil.example", stamp(1)), True),
        (f"<delay xmlns='urn:xmpp:delay' stamp='{stamp(1)}'/>", True),
        ("<x xmlns='jabber:x:delay' from='im.localhost' stamp='20270115T08:00:00'/>", True),
        (DELAY.format(DOMAIN, stamp(1)) + DELAY.format("evil.example", stamp(1)), True),
    ],
)
def test_a_delay_stamp_can_only_weaken(delay: str, weak: bool) -> None:
    assert message(f"<body>确认</body>{delay}").weak is weak


SID = "<stanza-id xmlns='urn:xmpp:sid:0' id='s1' by='{}'/>"


@pytest.mark.parametrize("by", [BOT, "hall.im.localhost", DOMAIN, "138@im.localhost", "evil.example"])
def test_nobody_stamps_ids_for_a_component(by: str) -> None:
    assert message(f"<body>hi</body>{SID.format(by)}").stanza_id == ""


@pytest.mark.parametrize(
    ("stamps", "known"),
    [
        (SID.format(ACCOUNT), "s1"),
        (SID.format(DOMAIN), ""),
        (SID.format("138@im.localhost"), ""),
        (SID.format(ACCOUNT) * 2, ""),
    ],
)
def test_only_our_own_archive_stamps_ids_for_a_client(stamps: str, known: str) -> None:
    found = read(stanza(f"<body>hi</body>{stamps}", ns="jabber:client", to=ACCOUNT), CLIENT, NOW)
    assert isinstance(found, Message)
    assert found.stanza_id == known


def test_ids_language_and_correction() -> None:
    inner = (
        "<body xml:lang='en'>hello</body><body>你好</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"
        "<replace xmlns='urn:xmpp:message-correct:0' id='m0'/><request xmlns='urn:xmpp:receipts'/>"
    )
    found = message(inner, **{"xml:lang": "zh-Hans"})
    assert (found.text, found.origin_id, found.replaces, found.lang) == ("你好", "o1", "m0", "zh-Hans")
    assert found.receipt


def test_endless_ids_are_known_by_their_hash_and_never_echoed() -> None:
    found = message("<body>hi</body><request xmlns='urn:xmpp:receipts'/>", id="i" * 5000)
    assert len(found.id) == 64
    assert not found.receipt
    assert message(id="i" * 5001).id != found.id


def test_no_id_no_receipt() -> None:
    assert not message("<body>hi</body><request xmlns='urn:xmpp:receipts'/>", id="").receipt


def test_chat_states_are_seen() -> None:
    assert chat_state(stanza("<body>hi</body><active xmlns='http://jabber.org/protocol/chatstates'/>"))
    assert not chat_state(stanza())


def result(inner: str = "", sender: str = ACCOUNT, query: str = "q1", delay: str = "") -> Element:
    inner = (
        inner
        or f"<message xmlns='jabber:client' from='138@im.localhost/p' to='{ACCOUNT}' id='m9'><body>早</body></message>"
    )
    return fromstring(
        f"<message xmlns='jabber:client' {f'from={sender!r}' if sender else ''}>"
        f"<result xmlns='urn:xmpp:mam:2' queryid='{query}' id='a1'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"{delay or DELAY.format(DOMAIN, stamp(10))}{inner}</forwarded></result></message>"
    )


@pytest.mark.parametrize(("age", "weak"), [(10, False), (120, False), (121, True), (86400, True)])
def test_an_archived_message_is_as_strong_as_it_is_young(age: float, weak: bool) -> None:
    archive_id, found = archived(result(delay=DELAY.format(DOMAIN, stamp(age))), CLIENT, "q1", NOW)
    assert archive_id == "a1"
    assert found is not None
    assert (found.text, found.stanza_id, found.weak, found.receipt) == ("早", "a1", weak, False)


def test_an_archived_message_without_a_time_is_weak() -> None:
    _, found = archived(result(delay="<x xmlns='y'/>"), CLIENT, "q1", NOW)
    assert found is not None
    assert found.weak


@pytest.mark.parametrize(
    "forged",
    [
        result(sender="138@im.localhost/p"),
        result(sender="evil.example"),
        result(sender=f"{ACCOUNT}x"),
        result(query="q2"),
        result(query=""),
        stanza(ns="jabber:client"),
    ],
)
def test_nobody_else_can_send_us_an_archive(forged: Element) -> None:
    assert archived(forged, CLIENT, "q1", NOW) == ("", None)


def test_results_may_come_from_no_address() -> None:
    assert archived(result(sender=""), CLIENT, "q1", NOW)[0] == "a1"


def test_our_own_lines_in_the_archive_only_move_the_marker() -> None:
    own = (
        f"<message xmlns='jabber:client' from='{ACCOUNT}/hall' to='138@im.localhost' id='r1'><body>早</body></message>"
    )
    assert archived(result(own), CLIENT, "q1", NOW) == ("a1", None)


def test_nothing_that_was_said_is_in_a_repr() -> None:
    assert "查话费" not in repr(message())


@pytest.mark.parametrize(
    ("inner", "kind", "writes"),
    [
        ("<composing xmlns='http://jabber.org/protocol/chatstates'/>", "chat", True),
        ("<active xmlns='http://jabber.org/protocol/chatstates'/>", "chat", False),
        ("<composing xmlns='urn:other'/>", "chat", False),
        ("<x xmlns='y'><composing xmlns='http://jabber.org/protocol/chatstates'/></x>", "chat", False),
        ("<composing xmlns='http://jabber.org/protocol/chatstates'/>", "error", False),
        ("<composing xmlns='http://jabber.org/protocol/chatstates'/>", "groupchat", False),
    ],
)
def test_who_is_writing(inner: str, kind: str, writes: bool) -> None:
    assert composes(stanza(inner, type=kind)) is writes
