"""The server's side of XEP-0114: a component speaks for every address of its domain."""

from __future__ import annotations

import hashlib
import hmac

from bot.adapters.sandbox.xmppd import jid
from bot.adapters.sandbox.xmppd.host import Host
from bot.adapters.sandbox.xmppd.reader import StreamError
from bot.adapters.sandbox.xmppd.stanza import Stanza, error
from bot.adapters.sandbox.xmppd.wire import Wire, log

_STANZAS = ("message", "presence", "iq")


class ComponentStream:
    """Opening -> handshake -> stanzas. Several may serve one domain."""

    def __init__(self, host: Host, wire: Wire) -> None:
        self._host, self._wire = host, wire
        self._domain = self._id = ""
        self._known = False

    def opened(self, attrs: dict[str, str]) -> None:
        self._domain = attrs.get("to", "").lower()
        if self._domain not in self._host.components:
            raise StreamError("host-unknown")
        self._id = self._wire.open(self._domain, version=False)

    def received(self, stanza: Stanza) -> None:
        if not self._known:
            self._shake_hands(stanza)
        elif stanza.kind in _STANZAS:
            self._pass_on(stanza)
        else:
            raise StreamError("unsupported-stanza-type")

    def lost(self) -> None:
        if self._known:
            self._host.components[self._domain].remove(self._wire)
            log.info("component %s disconnected", self._domain)

    def _shake_hands(self, stanza: Stanza) -> None:
        secret = self._host.secrets[self._domain]
        expected = hashlib.sha1((self._id + secret).encode()).hexdigest()
        given = stanza.text.strip().lower()
        if stanza.kind != "handshake" or not hmac.compare_digest(given.encode(), expected.encode()):
            raise StreamError("not-authorized")
        self._known = True
        self._wire.trusted()
        self._wire.write(b"<handshake/>")
        self._host.components[self._domain].append(self._wire)
        log.info("component %s connected", self._domain)

    def _pass_on(self, stanza: Stanza) -> None:
        if _domain_of(stanza.attrs.get("from", self._domain)) != self._domain:
            raise StreamError("invalid-from")
        stamped = stanza if "from" in stanza.attrs else stanza.with_attrs(**{"from": self._domain})
        if "to" in stamped.attrs:
            self._host.route(stamped)
        else:
            self._host.answer(error(stamped.with_attrs(to=self._host.domain), "jid-malformed", "modify"))


def _domain_of(address: str) -> str:
    try:
        return jid.parse(address).domain
    except ValueError:
        return ""
