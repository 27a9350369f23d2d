"""What the sandbox XMPP server refuses to be told."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from bot.adapters.sandbox.xmppd import XmppConfig, XmppServer, jid, tls
from tests.adapters.sandbox.test_xmppd_clients import ACCOUNTS, DOMAIN, HALL, SECRET, running


def config(**changes: Any) -> XmppConfig:
    settings: dict[str, Any] = {"domain": DOMAIN, "components": {HALL: SECRET}, "accounts": ACCOUNTS}
    return XmppConfig(**{**settings, **changes})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.org", ""])
def test_only_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        config(host=host)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"components": {HALL: "short"}}, "16 characters"),
        ({"components": {DOMAIN: SECRET}}, "name of the server"),
        ({"components": {"Hall.im.localhost": SECRET}}, "lower case"),
        ({"domain": "a@b"}, "no domain"),
        ({"accounts": {"Mei": "x"}}, "lower case"),
        ({"accounts": {"a b": "x"}}, "forbidden character"),
        ({"max_stanza": 100}, "at least"),
    ],
)
def test_a_wrong_setting_is_named(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        config(**changes)
    assert "short" not in str(caught.value)


def test_no_secret_is_shown() -> None:
    shown = repr(config())
    assert SECRET not in shown
    assert not any(password in shown for password in ACCOUNTS.values())


async def test_a_port_in_use_reaches_the_caller_and_leaves_nothing_open() -> None:
    async with running() as server:
        other = XmppServer(config(component_port=server.component_port))
        with pytest.raises(OSError, match="address already in use"):
            await other.start()
        again = XmppServer(config(c2s_port=other.c2s_port))
        await again.start()
        await again.stop()


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("Mei@IM.Localhost/Phone", ("mei", "im.localhost", "Phone")),
        ("im.localhost", ("", "im.localhost", "")),
        ("im.localhost/a@b/c", ("", "im.localhost", "a@b/c")),
        ("张三@im.localhost.", ("张三", "im.localhost", "")),
    ],
)
def test_an_address_has_one_spelling(text: str, parsed: tuple[str, str, str]) -> None:
    assert jid.parse(text) == parsed


@pytest.mark.parametrize(
    "text",
    ["", "@", "a@", "@b", "a@b/", "a b@c", "a@b@c", "a<@c", "a@b\n", "a@b/\x00", "x" * 1024 + "@b", "a@" + "b" * 1024],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        jid.parse(text)


def test_the_certificate_is_made_once_and_its_key_is_private(tmp_path: Path) -> None:
    tls.context(tmp_path / "tls", DOMAIN)
    made = (tmp_path / "tls" / tls.CERTIFICATE).read_bytes()
    tls.context(tmp_path / "tls", DOMAIN)
    assert (tmp_path / "tls" / tls.CERTIFICATE).read_bytes() == made
    assert stat.S_IMODE((tmp_path / "tls" / tls.KEY).stat().st_mode) == 0o600
    assert x509.load_pem_x509_certificate(made).not_valid_after_utc > datetime.now(UTC)


@pytest.mark.parametrize("damage", ["lost key", "rubbish", "another domain"])
def test_a_certificate_that_does_not_fit_is_made_again(damage: str, tmp_path: Path) -> None:
    tls.context(tmp_path, "old.localhost" if damage == "another domain" else DOMAIN)
    before = (tmp_path / tls.CERTIFICATE).read_bytes()
    if damage == "lost key":
        (tmp_path / tls.KEY).unlink()
    elif damage == "rubbish":
        (tmp_path / tls.CERTIFICATE).write_text("rubbish")
    tls.context(tmp_path, DOMAIN)
    assert (tmp_path / tls.CERTIFICATE).read_bytes() != before


async def test_a_folder_that_cannot_be_written_reaches_the_caller(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server = XmppServer(config(tls_folder=tmp_path / "file"))
    with pytest.raises(OSError, match="file"):
        await server.start()
