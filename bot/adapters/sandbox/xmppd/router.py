"""From an address to whoever answers for it; what cannot be delivered comes back as on real servers."""

from __future__ import annotations

import random

from bot.adapters.sandbox.xmppd import jid, messages, presence, queries
from bot.adapters.sandbox.xmppd.host import Host
from bot.adapters.sandbox.xmppd.stanza import Stanza, error


class Router(Host):
    def route(self, stanza: Stanza) -> None:
        try:
            to = jid.parse(stanza.attrs["to"])
        except ValueError:
            return self.answer(error(stanza, "jid-malformed", "modify"))
        if to.domain == self.domain:
            self._to_local(stanza, to)
        elif to.domain in self.components:
            self._to_component(stanza, to.domain)
        else:
            self._bounce(stanza, "remote-server-not-found", "cancel")

    def _to_component(self, stanza: Stanza, domain: str) -> None:
        """Any of its connections, as ejabberd does without domain_balancing."""
        wires = self.components[domain]
        if wires:
            random.choice(wires).deliver(stanza)
        else:
            self._bounce(stanza, "service-unavailable", "wait")

    def _to_local(self, stanza: Stanza, to: jid.Jid) -> None:
        account = self.accounts.get(to.local)
        if not to.local:
            queries.to_server(self, stanza)
        elif account is None:
            self._bounce(stanza, "service-unavailable", "cancel")
        elif stanza.kind == "message":
            messages.arrive(self, account, stanza, to)
        elif stanza.kind == "presence":
            presence.arrive(self, account, stanza, to)
        else:
            queries.arrive(self, account, stanza, to)

    def _bounce(self, stanza: Stanza, condition: str, kind: str) -> None:
        """Presence is never bounced: nobody asked for it."""
        if stanza.kind != "presence":
            self.answer(error(stanza, condition, kind))
