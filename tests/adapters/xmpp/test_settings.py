"""How the hall attaches: what is refused at once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.xmpp.settings import XmppSettings
from bot.errors import ConfigError

COMPONENT = XmppSettings(
    "component", "hall.im.example", "s" * 16, "127.0.0.1", 5347, allowed_domains=frozenset({"im.example"})
)
CLIENT = replace(COMPONENT, attach="client", jid="Hall@IM.example", secret="pw", tls="none")


def test_settings_name_the_hall() -> None:
    assert (COMPONENT.address, COMPONENT.domain, COMPONENT.server_domain) == (
        "hall.im.example",
        "hall.im.example",
        "im.example",
    )
    assert replace(COMPONENT, bot="10086@hall.im.example").address == "10086@hall.im.example"
    assert replace(COMPONENT, allowed_domains=frozenset({"a.b"})).server_domain == "im.example"
    assert replace(COMPONENT, server="x.y").server_domain == "x.y"
    assert (CLIENT.address, CLIENT.server_domain) == ("hall@im.example", "im.example")


@pytest.mark.parametrize(
    ("base", "change", "words"),
    [
        (COMPONENT, {"secret": "s" * 15}, "16 characters"),
        (COMPONENT, {"jid": "hall@im.example"}, "must be a domain"),
        (COMPONENT, {"jid": "@@"}, "must be a domain"),
        (COMPONENT, {"bot": "10086@elsewhere"}, "own domain"),
        (COMPONENT, {"bot": "10086@hall.im.example/x"}, "own domain"),
        (COMPONENT, {"allowed_domains": frozenset()}, "domains"),
        (COMPONENT, {"allowed_domains": frozenset({"a@b"})}, "domains"),
        (CLIENT, {"jid": "im.example"}, "user@domain"),
        (CLIENT, {"jid": "hall@im.example/x"}, "user@domain"),
        (CLIENT, {"host": "im.example"}, "loopback"),
        (CLIENT, {"host": "10.0.0.1"}, "loopback"),
    ],
)
def test_settings_that_cannot_work_are_refused(base: XmppSettings, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as refusal:
        replace(base, **change)
    assert "sssss" not in str(refusal.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_without_tls_on_loopback_only(host: str) -> None:
    assert replace(CLIENT, host=host).host == host


def test_secrets_are_in_no_repr() -> None:
    assert "s" * 16 not in repr(COMPONENT)
