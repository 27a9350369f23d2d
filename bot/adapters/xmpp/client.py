"""The connection of a client: slixmpp logs in, stream management (XEP-0198) is ours (see `sm`)."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from slixmpp import ClientXMPP
from slixmpp.plugins.xep_0198.stanza import StreamManagement
from slixmpp.stanza import StreamFeatures
from slixmpp.xmlstream import XMLStream, register_stanza_plugin

from bot.adapters.xmpp.settings import XmppSettings
from bot.adapters.xmpp.sm import NAMESPACE, Counts
from bot.adapters.xmpp.stream import GuardedStream, Listener, log, stream_error
from bot.adapters.xmpp.xml import esc, local_name, namespace
from bot.errors import ConfigError

BEFORE_BIND, AFTER_BIND = 9000, 10100  # of resuming and of enabling, among slixmpp's features (bind is 10000)


def tls_context(settings: XmppSettings) -> ssl.SSLContext:
    """Made once: reading the system's certificates takes 55 ms."""
    if settings.tls == "none":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return ssl.create_default_context(cafile=settings.ca or None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"xmpp.ca: no certificates in {settings.ca}", ("xmpp", "ca")) from error


class ClientStream(GuardedStream, ClientXMPP):
    def __init__(self, settings: XmppSettings, listener: Listener, counts: Counts, context: ssl.SSLContext) -> None:
        plain = settings.tls == "none"  # loopback only
        ClientXMPP.__init__(
            self,
            f"{settings.jid}/{settings.resource}",
            settings.secret,
            plugin_config={"feature_mechanisms": {"unencrypted_scram": plain, "unencrypted_plain": plain}},
            ssl_context=context,
            lang="zh",
        )
        self.start_guard(listener)
        self.enable_direct_tls, self.enable_starttls, self.enable_plaintext = False, not plain, plain
        self.managed = False
        self._counts = counts
        self._answer: asyncio.Future[Element] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._established = self._tried = self._refused = False
        self._listen()
        self._run_out_filters = asyncio.ensure_future(self.run_filters())

    def _listen(self) -> None:
        register_stanza_plugin(StreamFeatures, StreamManagement)
        for order in (BEFORE_BIND, AFTER_BIND):
            self.register_feature("sm", self._manage, restart=True, order=order)
        self.add_event_handler("stream_negotiated", self._negotiated)
        self.add_event_handler("failed_auth", self._failed_auth)
        self.add_event_handler("failed_all_auth", self._failed_all_auth)
        self.add_event_handler("ssl_invalid_chain", self._not_trusted)

    # --- what arrives ------------------------------------------------------------------------------------------

    def negotiates(self, xml: Element) -> bool:
        return not self._established and local_name(xml) == "iq" and xml.get("type") in ("result", "error")

    def control(self, xml: Element) -> None:
        if namespace(xml) == f"{{{NAMESPACE}}}":
            self._management(xml)
        elif local_name(xml) == "error":
            # Never slixmpp's own handling: it would follow the server to any other host.
            condition = stream_error(xml)
            log.warning("the server ends the stream: %s", condition)
            if condition == "conflict":
                self.listener.replaced()
            self.abort()
        else:
            XMLStream._spawn_event(self, xml)

    def _management(self, xml: Element) -> None:
        if local_name(xml) in ("enabled", "resumed", "failed"):
            self._settle(xml)
        else:
            self.listener.management(xml)

    def _settle(self, xml: Element) -> None:
        """The server's word on our wish to enable or resume. At once: the next stanza counts already."""
        match local_name(xml):
            case "enabled":
                resumable = xml.get("resume") in ("true", "1")
                self._counts.begin(xml.get("id", "") if resumable else "")
                self._establish(managed=True, resumed=False)
            case "resumed":
                self.listener.management(xml)
                self._establish(managed=True, resumed=True)
            case _:
                self.listener.management(xml)  # it may say how far the lost session came
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(xml)

    def _establish(self, *, managed: bool, resumed: bool) -> None:
        self._established, self.managed = True, managed
        self.listener.up(resumed=resumed)

    # --- log-in ------------------------------------------------------------------------------------------------

    async def _handle_stream_features(self, features: StreamFeatures) -> bool | None:
        with self._tracked():
            return await super()._handle_stream_features(features)

    async def start_tls(self) -> bool:
        with self._tracked():
            return await super().start_tls()

    @contextlib.contextmanager
    def _tracked(self) -> Iterator[None]:
        """slixmpp starts tasks that nobody ends; those that run log-in steps are ended with the connection."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def _manage(self, _: Any) -> bool:
        """Resume before binding, enable after it."""
        if self._established:
            return False
        if "bind" not in self.features:
            if not self._counts.id or self._tried:
                return False
            self._tried = True
            wish = f"<resume xmlns='{NAMESPACE}' h='{self._counts.handled}' previd='{esc(self._counts.id)}'/>"
            return local_name(await self._wish(wish)) == "resumed"
        await self._wish(f"<enable xmlns='{NAMESPACE}' resume='true'/>")
        return False

    async def _wish(self, raw: str) -> Element:
        self._answer = asyncio.get_running_loop().create_future()
        self.send_raw(raw)
        return await self._answer

    def _negotiated(self, _: Any) -> None:
        if not self._established and "bind" in self.features:
            log.warning("the server has no stream management: what is sent is confirmed by pings")
            self._counts.begin("", managed=False)
            self._establish(managed=False, resumed=False)

    def _failed_auth(self, failure: Any) -> None:
        if failure["condition"] != "temporary-auth-failure":
            self._refused = True

    def _failed_all_auth(self, _: Any) -> None:
        if self._refused:
            self.listener.refused("refused the password of the account")
        elif not self.plugin["feature_mechanisms"].attempted_mechs:
            self.listener.refused("offers no safe way to log in")
        self.abort()

    def _not_trusted(self, _: Any) -> None:
        self.listener.refused("shows a certificate that is not trusted (xmpp.ca)")
        self.abort()

    # --- the end -----------------------------------------------------------------------------------------------

    async def dispose(self) -> None:
        await super().dispose()
        tasks = [*self._tasks, *([self._run_out_filters] if self._run_out_filters else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
