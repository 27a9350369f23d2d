"""Ids follow from where a turn came from; a MAC from everything that was agreed to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from bot.adapters.mint import KeyedMint, joined
from bot.errors import ConfigError
from bot.model import Operation, Order, OrderItem, OrderKind
from bot.ports import Drafting

KEY, PEPPER = b"k" * 32, b"p" * 32
MINT = KeyedMint(KEY, PEPPER)
WHERE = Drafting("17-abc", "1795500000000-1", 1_795_500_000_000)
JID = "ann@example.net"


def operation(**changes: str) -> Operation:
    order = Order(
        kind=OrderKind.PRODUCT,
        number=changes.get("number", "13900000001"),
        account=changes.get("account", "BA1"),
        items=(OrderItem("add", changes.get("product", "P1"), "彩铃"),),
        price=changes.get("price", "5.00元/月"),
    )
    intent = changes.get("intent", "service.subscribe")
    return Operation(changes.get("id", "o1"), "H261124-ABC123", intent, order, "开通彩铃", "彩铃(5元/月)", at=1)


def test_the_same_turn_makes_the_same_ids() -> None:
    makers: list[Callable[[KeyedMint], str]] = [
        lambda mint: mint.operation(WHERE),
        lambda mint: mint.operation(WHERE, 1),
        lambda mint: mint.reply(WHERE.conversation, WHERE.entry, 0),
        lambda mint: mint.reply(WHERE.conversation, "1795500000000-2", 0),
        lambda mint: mint.challenge(WHERE.conversation, WHERE.entry),
        lambda mint: mint.serial("o1", WHERE.at),
        lambda mint: mint.serial("o2", WHERE.at),
    ]
    ids = [make(MINT) for make in makers]
    assert ids == [make(KeyedMint(KEY, PEPPER)) for make in makers]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {make(KeyedMint(b"K" * 32, PEPPER)) for make in makers}


def test_ids_stay_what_they_are_from_version_to_version() -> None:
    """The ledger and the operator know operations by them."""
    assert MINT.operation(WHERE) == "o2ksfc4b4mgnxbjyluid2mzp345"
    assert MINT.operation(WHERE, 1) == "opsi4ziopcylktlvuejae76yugx"
    assert MINT.reply("17-abc", "1-1", 0) == "rc6n3b7kiqompsu6tp674-0"
    assert MINT.challenge("17-abc", "1-1") == "cglwgvu73bkemt5yz3swazgm362"
    assert MINT.file("17-abc", "1-1", 0) == "CVsUnQGPmxcj42vnepPNvkmS-4I0PJs69VgHfD1-i6E"
    assert MINT.serial("o1", WHERE.at) == "H261124-EZE1BT"


def test_replies_of_a_turn_are_numbered() -> None:
    ids = [MINT.reply("17-abc", "1-1", n) for n in (0, 1, 12)]
    assert all(re.fullmatch(r"r[a-z2-7]{20}-\d+", id) for id in ids)
    assert len({id.split("-")[0] for id in ids}) == 1


def test_a_serial_carries_the_day_of_the_hall() -> None:
    late = datetime(2026, 11, 24, 17, tzinfo=UTC)  # one o'clock of the 25th in Shanghai
    assert re.fullmatch(r"H261125-[0-9A-HJKMNP-TV-Z]{6}", MINT.serial("o1", int(late.timestamp() * 1000)))


def test_serials_spread() -> None:
    assert len({MINT.serial(f"o{n}", 1) for n in range(2000)}) >= 1998


def test_codes_have_six_digits_zeros_in_front_included() -> None:
    codes = [MINT.code() for _ in range(3000)]
    assert all(re.fullmatch(r"\d{6}", code) for code in codes)
    assert any(code.startswith("0") for code in codes)
    assert len(set(codes)) > 2900
    assert re.fullmatch(r"\d{8}", KeyedMint(KEY, PEPPER, digits=8).code())


@pytest.mark.parametrize(
    "other",
    [
        ("c2", JID, operation(), "123456"),
        ("c1", "bob@example.net", operation(), "123456"),
        ("c1", JID, operation(number="13900000002"), "123456"),
        ("c1", JID, operation(id="o2"), "123456"),
        ("c1", JID, operation(intent="service.cancel"), "123456"),
        ("c1", JID, operation(product="P2"), "123456"),
        ("c1", JID, operation(account="BA2"), "123456"),
        ("c1", JID, operation(price="50.00元/月"), "123456"),
        ("c1", JID, operation(), "123457"),
        ("c", "1" + JID, operation(), "123456"),
    ],
)
def test_the_mac_binds_everything(other: tuple[str, str, Operation, str]) -> None:
    mac = MINT.mac("c1", JID, operation(), "123456")
    assert mac == MINT.mac("c1", JID, operation(), "123456")
    assert len(mac) == 32
    assert MINT.mac(*other) != mac


def test_the_mac_does_not_depend_on_words_shown() -> None:
    shown = msgspec.structs.replace(operation(), title="开通 彩铃", at=2)
    assert MINT.mac("c1", JID, shown, "1") == MINT.mac("c1", JID, operation(), "1")


def test_only_the_pepper_makes_macs() -> None:
    mac = MINT.mac("c1", JID, operation(), "123456")
    assert KeyedMint(KEY, b"P" * 32).mac("c1", JID, operation(), "123456") != mac
    assert KeyedMint(b"K" * 32, PEPPER).mac("c1", JID, operation(), "123456") == mac


def test_nothing_can_be_shifted_from_one_field_to_the_next() -> None:
    assert joined(b"ab", b"c") != joined(b"a", b"bc")
    assert joined(b"ab") != joined(b"ab", b"")


@pytest.mark.parametrize(
    ("key", "pepper", "digits"), [(b"short", PEPPER, 6), (KEY, b"secret" * 5, 6), (KEY, PEPPER, 5)]
)
def test_weak_secrets_are_refused(key: bytes, pepper: bytes, digits: int) -> None:
    with pytest.raises(ConfigError) as raised:
        KeyedMint(key, pepper, digits=digits)
    assert "secret" not in str(raised.value)


def test_no_secret_in_its_repr() -> None:
    assert repr(MINT) == "KeyedMint()"
