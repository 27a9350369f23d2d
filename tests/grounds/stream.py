"""A slixmpp client stream that opens again when it is lost, and ends without leaving a task behind."""

import asyncio
import contextlib
import ssl
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from slixmpp import ClientXMPP
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from tests.grounds.base import Ground

CLIENT = "{jabber:client}"
LOGIN_SECONDS = 15.0
PAUSE = 0.1
"""Seconds between a lost connection and the next attempt."""


class LoginRefused(Exception):
    """The server did not take the password."""


class Stream:
    """`resume` switches XEP-0198 on; `port` may be that of a proxy."""

    def __init__(self, ground: Ground, jid: str, password: str, port: int | None, tls: bool, resume: bool) -> None:
        self.resumed = 0
        self.logins = 0
        self.changed: Callable[[], None] = lambda: None
        """Called whenever it is online again."""
        self._jid = jid
        self._address = ground.host, port or ground.c2s
        self._online = asyncio.Event()
        self._down = asyncio.Event()
        self._refused = False
        self._keeper: asyncio.Task[None] | None = None
        self.xmpp = _client(jid, password, ground, tls, resume)
        # A stream that can be resumed is ready only when the server said so, else early lines would not be counted.
        self.xmpp.add_event_handler("sm_enabled" if resume else "session_start", self._on_login)
        self.xmpp.add_event_handler("session_resumed", self._on_resumed)
        for name in ("disconnected", "connection_failed"):
            self.xmpp.add_event_handler(name, self._on_down)
        self.xmpp.add_event_handler("failed_all_auth", self._on_refused)

    @property
    def online(self) -> bool:
        return self._online.is_set()

    def on(self, tag: str, take: Callable[[Any], None]) -> None:
        """Hands every stanza of that name over, in the order in which they came."""
        self.xmpp.register_handler(Callback(f"every {tag}", MatchXPath(f"{CLIENT}{tag}"), take))

    async def open(self) -> None:
        self._keeper = asyncio.create_task(self._keep_connected())
        try:
            async with asyncio.timeout(LOGIN_SECONDS):
                await self._online.wait()
            if self._refused:
                raise LoginRefused(self._jid)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        if self._keeper:
            await _ended(self._keeper)
        await hang_up(self.xmpp)

    async def down(self) -> None:
        """Waits until a lost connection was noticed."""
        while self.online:
            await self._down.wait()

    async def ask(self, kind: str, payload: ET.Element, whom: str) -> ET.Element:
        """Sends an IQ; the answer's element. slixmpp's IqError or IqTimeout if there is none."""
        iq = self.xmpp.make_iq(ito=whom, itype=kind)
        iq.set_payload(payload)
        answer = await iq.send(timeout=10)
        xml: ET.Element = answer.xml
        return xml

    async def _keep_connected(self) -> None:
        while not self._refused:
            self._down.clear()
            self.xmpp.connect(*self._address)
            await self._down.wait()
            self.xmpp.cancel_connection_attempt()
            await asyncio.sleep(PAUSE)

    def _on_login(self, _: Any) -> None:
        self.logins += 1
        self.xmpp.send_presence()
        self._go_online()

    def _on_resumed(self, _: Any) -> None:
        self.resumed += 1
        self._go_online()

    def _go_online(self) -> None:
        self._online.set()
        self.changed()

    def _on_down(self, _: Any) -> None:
        if not self._refused:
            self._online.clear()
        self._down.set()

    def _on_refused(self, _: Any) -> None:
        self._refused = True
        self._online.set()
        self._down.set()


async def hang_up(xmpp: Any) -> None:
    """Ends a slixmpp client or component together with its tasks."""
    if xmpp.is_connected():
        await xmpp.disconnect(wait=1)
    xmpp.cancel_connection_attempt()
    # slixmpp starts this task at the first connection and never ends it.
    if xmpp._run_out_filters:
        await _ended(xmpp._run_out_filters)
    await asyncio.sleep(0)


def _client(jid: str, password: str, ground: Ground, tls: bool, resume: bool) -> Any:  # slixmpp is half typed
    context = ssl.create_default_context(cafile=str(ground.certificate))
    mechanisms = {"unencrypted_scram": True, "unencrypted_plain": True}
    xmpp: Any = ClientXMPP(jid, password, plugin_config={"feature_mechanisms": mechanisms}, ssl_context=context)
    xmpp.enable_direct_tls, xmpp.enable_starttls, xmpp.enable_plaintext = False, tls, not tls
    xmpp.whitespace_keepalive = False
    if resume:
        xmpp.register_plugin("xep_0198")
    return xmpp


async def _ended(task: "asyncio.Future[Any]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
