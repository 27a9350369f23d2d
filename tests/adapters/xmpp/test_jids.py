"""Addresses."""

import pytest

from bot.adapters.xmpp.jids import Address, address


@pytest.mark.parametrize("text", [None, "", "@", "a@", "@b", "a@b@c", "/r", "a@b..c", "x" * 4000])
def test_nobody(text: str | None) -> None:
    assert address(text) is None


def test_parts() -> None:
    assert address("U@D.e/R/s") == Address("u@d.e", "u", "d.e", "R/s")
    assert address("d.e") == Address("d.e", "", "d.e", "")
