"""The server's side of a client's stream: TLS, log-in, resource, then its stanzas."""

from __future__ import annotations

import base64
import secrets

from bot.adapters.sandbox.xmppd import jid, sasl
from bot.adapters.sandbox.xmppd.host import Host, Session
from bot.adapters.sandbox.xmppd.names import BIND, SASL, SESSION, TLS
from bot.adapters.sandbox.xmppd.outbound import leave, send
from bot.adapters.sandbox.xmppd.reader import StreamError
from bot.adapters.sandbox.xmppd.stanza import Stanza, error, escape, result
from bot.adapters.sandbox.xmppd.wire import Wire, log

TRIES = 3  # log-ins per stream
MAX_RESOURCES = 32  # per account
_STANZAS = ("message", "presence", "iq")


class ClientStream:
    """Opening -> log-in -> opening -> resource -> stanzas."""

    def __init__(self, host: Host, wire: Wire) -> None:
        self._host, self._wire = host, wire
        self._local = ""
        self._exchange: sasl.Exchange | None = None
        self._tries = 0
        self._session: Session | None = None

    def opened(self, attrs: dict[str, str]) -> None:
        if self._wire.opened:
            raise StreamError("bad-format")
        if attrs.get("to", self._host.domain).lower() != self._host.domain:
            raise StreamError("host-unknown")
        self._wire.open(self._host.domain)
        self._wire.features(self._after_login() if self._local else self._before_login())

    def received(self, stanza: Stanza) -> None:
        if not self._wire.opened:
            raise StreamError("bad-format")
        if self._session is not None:
            self._stanza(stanza, self._session)
        elif self._local:
            self._bind(stanza)
        else:
            self._login(stanza)

    def lost(self) -> None:
        if self._session is not None:
            leave(self._host, self._session)
            self._session = None

    def _before_login(self) -> str:
        known = (*sasl.SCRAM, "PLAIN") if self._plain else sasl.SCRAM
        names = "".join(f"<mechanism>{name}</mechanism>" for name in known)
        tls = f"<starttls xmlns='{TLS}'/>" if self._wire.can_encrypt and not self._wire.encrypted else ""
        return f"{tls}<mechanisms xmlns='{SASL}'>{names}</mechanisms>"

    @property
    def _plain(self) -> bool:
        """A readable password may travel."""
        return self._wire.encrypted or self._wire.local

    def _after_login(self) -> str:
        return f"<bind xmlns='{BIND}'/><session xmlns='{SESSION}'><optional/></session>"

    def _login(self, stanza: Stanza) -> None:
        match stanza.kind.rpartition(" "):
            case (space, _, "starttls") if space == TLS:
                self._start_tls()
            case (space, _, "auth" | "response" | "abort" as name) if space == SASL:
                self._sasl(name, stanza)
            case _:
                raise StreamError("not-authorized")

    def _start_tls(self) -> None:
        if not self._wire.can_encrypt or self._wire.encrypted:
            raise StreamError("unsupported-stanza-type")
        self._wire.write(f"<proceed xmlns='{TLS}'/>".encode())
        self._wire.start_tls()

    def _sasl(self, name: str, stanza: Stanza) -> None:
        try:
            step = self._step(name, stanza)
        except sasl.Refused as refused:
            return self._refuse(str(refused))
        text = base64.b64encode(step.data).decode()
        if isinstance(step, sasl.Challenge):
            return self._wire.write(f"<challenge xmlns='{SASL}'>{text}</challenge>".encode())
        self._local, self._exchange = step.local, None
        self._wire.trusted()
        self._wire.write(f"<success xmlns='{SASL}'>{text}</success>".encode())
        self._wire.restart()

    def _step(self, name: str, stanza: Stanza) -> sasl.Challenge | sasl.Success:
        if name == "abort":
            raise sasl.Refused("aborted")
        if name == "auth":
            mechanism = stanza.attrs.get("mechanism", "")
            self._exchange = sasl.begin(mechanism, self._host.credentials, self._host.domain, self._plain)
            if not stanza.text.strip():
                return sasl.Challenge(b"")
        if self._exchange is None:
            raise sasl.Refused("malformed-request")
        return self._exchange.step(sasl.decode(stanza.text))

    def _refuse(self, condition: str) -> None:
        self._exchange = None
        self._tries += 1
        self._wire.write(f"<failure xmlns='{SASL}'><{condition}/></failure>".encode())
        if self._tries >= TRIES:
            raise StreamError("policy-violation")

    def _bind(self, stanza: Stanza) -> None:
        if stanza.kind != "iq" or stanza.type != "set" or not stanza.has(f"{BIND} bind"):
            raise StreamError("not-authorized")
        account = self._host.accounts[self._local]
        wanted = (stanza.tree().findtext(f"{{{BIND}}}bind/{{{BIND}}}resource") or "").strip()
        wanted = wanted or secrets.token_urlsafe(9)
        try:
            jid.parse(f"{account.jid}/{wanted}")
        except ValueError:
            return self._reply(error(stanza, "bad-request", "modify"))
        old = account.sessions.get(wanted)
        if old is not None:
            old.wire.fail("conflict")
        if len(account.sessions) >= MAX_RESOURCES:
            return self._reply(error(stanza, "resource-constraint", "wait"))
        self._session = account.sessions[wanted] = Session(account, wanted, self._wire)
        self._reply(result(stanza, f"<bind xmlns='{BIND}'><jid>{escape(self._session.jid)}</jid></bind>"))
        log.info("a client logged in%s", " with TLS" if self._wire.encrypted else "")

    def _reply(self, answer: Stanza | None) -> None:
        """Before there is a resource, answers can only take the stream they came on."""
        if answer is not None:
            self._wire.deliver(answer)

    def _stanza(self, stanza: Stanza, session: Session) -> None:
        if stanza.kind not in _STANZAS:
            raise StreamError("unsupported-stanza-type")
        send(self._host, session, stanza)
