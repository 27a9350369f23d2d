"""A subscriber with an XMPP client: talks to the bot, waits for answers, and keeps count of them."""

import asyncio
import contextlib
import ssl
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from slixmpp import ClientXMPP
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from tests.grounds.base import Ground
from tests.grounds.forms import COMMANDS, Form, read_form, write_command
from tests.grounds.turns import Turns

CLIENT = "{jabber:client}"
CHAT_STATES = "{http://jabber.org/protocol/chatstates}"
RECEIPTS = "urn:xmpp:receipts"
INFO = "http://jabber.org/protocol/disco#info"
MAM = "urn:xmpp:mam:2"
ITEMS = "http://jabber.org/protocol/disco#items"
LOGIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Received:
    """One message with a body, as it came."""

    id: str
    sender: str
    body: str
    kind: str
    marks: frozenset[str]
    """Local names of the elements beside the body: no-store, delay, …"""
    xml: str = field(repr=False)


class LoginRefused(Exception):
    """The server did not take the password."""


class Talker:
    """`async with Talker(ground, "13800138000") as talker: await talker.say("查话费")`.

    `resume` switches XEP-0198 on. A lost connection is opened again at once; lines wait until it is. A line that
    stays unanswered is said again after `repeat_after` seconds, with the same id; None switches that off.
    """

    def __init__(
        self,
        ground: Ground,
        number: str,
        *,
        to: str | None = None,
        port: int | None = None,
        password: str | None = None,
        resource: str = "phone",
        tls: bool = False,
        resume: bool = False,
        receipts: bool = True,
        repeat_after: float | None = 5.0,
        quiet: float = 0.2,
        loop_back: float = 0.1,
    ) -> None:
        self.to = to or ground.hall
        self.jid = f"{number}@{ground.domain}"
        self._address = ground.host, port or ground.c2s
        self._receipts = receipts
        self._repeat_after = repeat_after
        self._quiet = quiet
        self._pause = loop_back
        self.turns = Turns()
        self.received: list[Received] = []
        self.typing: list[str] = []
        self.receipts: list[str] = []
        self.errors: list[tuple[str, str]] = []
        self.presences: list[tuple[str, str]] = []
        self._archived: dict[str, list[tuple[str, str]]] = {}
        self.repeats = 0
        self.resumed = 0
        self.logins = 0
        self._sent: dict[str, str] = {}
        self._held: list[str] = []
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._arrived = asyncio.Event()
        self._online = asyncio.Event()
        self._down = asyncio.Event()
        self._refused = False
        self._keeper: asyncio.Task[None] | None = None
        secret = ground.accounts[number] if password is None else password
        self._xmpp = _client(f"{self.jid}/{resource}", secret, ground, tls, resume)
        self._listen(resume)

    # --- connection ------------------------------------------------------------------------------------------

    def _listen(self, resume: bool) -> None:
        xmpp = self._xmpp
        for tag, take in (("message", self._on_message), ("presence", self._on_presence)):
            xmpp.register_handler(Callback(f"every {tag}", MatchXPath(f"{CLIENT}{tag}"), take))
        # A stream that can be resumed is ready only when the server said so, else early lines would not be counted.
        xmpp.add_event_handler("sm_enabled" if resume else "session_start", self._on_login)
        xmpp.add_event_handler("session_resumed", self._on_resumed)
        for name in ("disconnected", "connection_failed"):
            xmpp.add_event_handler(name, self._on_down)
        xmpp.add_event_handler("failed_all_auth", self._on_refused)

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep_connected())
        try:
            async with asyncio.timeout(LOGIN_SECONDS):
                await self._online.wait()
        except BaseException:
            await self._close()
            raise
        if self._refused:
            await self._close()
            raise LoginRefused(self.jid)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _keep_connected(self) -> None:
        while not self._refused:
            self._down.clear()
            self._xmpp.connect(*self._address)
            await self._down.wait()
            self._xmpp.cancel_connection_attempt()
            await asyncio.sleep(self._pause)

    async def _close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        if self._keeper:
            await _ended(self._keeper)
        if self._xmpp.is_connected():
            await self._xmpp.disconnect(wait=1)
        self._xmpp.cancel_connection_attempt()
        # slixmpp starts this task at the first connection and never ends it.
        if sender := self._xmpp._run_out_filters:
            await _ended(sender)
        await asyncio.sleep(0)

    def _on_login(self, _: Any) -> None:
        self.logins += 1
        self._xmpp.send_presence()
        self._go_online()

    def _on_resumed(self, _: Any) -> None:
        self.resumed += 1
        self._go_online()

    def _go_online(self) -> None:
        self._online.set()
        self._arrived.set()
        held, self._held = self._held, []
        for line_id in held:
            self._transmit(line_id)

    def _on_down(self, _: Any) -> None:
        if not self._refused:
            self._online.clear()
        self._down.set()

    def _on_refused(self, _: Any) -> None:
        self._refused = True
        self._online.set()
        self._down.set()

    # --- lines -----------------------------------------------------------------------------------------------

    async def say(self, text: str, within: float = 10.0) -> list[str]:
        """Sends a line; the texts that came until it had been quiet for a while, none `within` so many seconds."""
        start = len(self.received)
        self.send(text)
        await self._until_quiet(start, within)
        return self.heard(start)

    def send(self, text: str, id: str | None = None) -> str:
        """Sends a line without waiting; its id."""
        line_id = id or uuid4().hex
        if line_id not in self._sent:
            self.turns.sent(line_id)
        self._sent[line_id] = text
        self._speak(line_id)
        return line_id

    def send_raw(self, stanza: str) -> None:
        """Sends a stanza as it stands, uncounted."""
        self._xmpp.send_raw(stanza)

    def heard(self, start: int = 0) -> list[str]:
        """The texts received from there on; one that came again under the same id only once."""
        return list({message.id or str(n): message.body for n, message in enumerate(self.received[start:])}.values())

    async def until(self, answered: int, within: float = 30.0) -> None:
        """Waits until so many lines have been answered."""
        async with asyncio.timeout(within):
            while len(self.turns.turns) - len(self.turns.unanswered) < answered:
                self._arrived.clear()
                await self._arrived.wait()

    async def down(self, within: float = 10.0) -> None:
        """Waits until it has noticed that its connection is lost."""
        async with asyncio.timeout(within):
            while self._online.is_set():
                await self._down.wait()

    async def hears(self, count: int, within: float = 10.0) -> None:
        """Waits until so many messages with a text have come, whoever they are from."""
        async with asyncio.timeout(within):
            while len(self.received) < count:
                self._arrived.clear()
                await self._arrived.wait()

    async def until_error(self, within: float = 10.0) -> None:
        """Waits until some stanza of ours came back as an error."""
        async with asyncio.timeout(within):
            while not self.errors:
                self._arrived.clear()
                await self._arrived.wait()

    async def connected(self, times: int, within: float = 15.0) -> None:
        """Waits until it has logged in or resumed so many times, and is connected."""
        async with asyncio.timeout(within):
            while self.logins + self.resumed < times or not self._online.is_set():
                self._arrived.clear()
                await self._arrived.wait()

    def _speak(self, line_id: str) -> None:
        if self._online.is_set():
            self._transmit(line_id)
        else:
            self._held.append(line_id)
        if self._repeat_after is not None:
            loop = asyncio.get_running_loop()
            self._timers[line_id] = loop.call_later(self._repeat_after, self._speak_again, line_id)

    def _speak_again(self, line_id: str) -> None:
        self.repeats += 1
        self._speak(line_id)

    def _transmit(self, line_id: str) -> None:
        message = self._xmpp.make_message(mto=self.to, mbody=self._sent[line_id], mtype="chat")
        message["id"] = line_id
        ET.SubElement(message.xml, "{urn:xmpp:sid:0}origin-id", {"id": line_id})
        if self._receipts:
            ET.SubElement(message.xml, f"{{{RECEIPTS}}}request")
        message.send()

    async def _until_quiet(self, start: int, within: float) -> None:
        end = asyncio.get_running_loop().time() + within
        while True:
            waiting = len(self.received) == start
            self._arrived.clear()
            try:
                async with asyncio.timeout_at(end if waiting else asyncio.get_running_loop().time() + self._quiet):
                    await self._arrived.wait()
            except TimeoutError:
                return

    # --- what comes in ---------------------------------------------------------------------------------------

    def _on_message(self, stanza: Any) -> None:
        xml: ET.Element = stanza.xml
        kind, sender = xml.get("type", "normal"), xml.get("from", "")
        names = [child.tag for child in xml]
        if kind == "error":
            self.errors.append((xml.get("id", ""), stanza["error"]["condition"]))
            self._arrived.set()
            return
        if (result := xml.find(f"{{{MAM}}}result")) is not None:
            text = result.findtext(f".//{CLIENT}body", "")
            self._archived.get(result.get("queryid", ""), []).append((result.get("id", ""), text))
            return
        self.typing += [tag.removeprefix(CHAT_STATES) for tag in names if tag.startswith(CHAT_STATES)]
        self.receipts += [child.get("id", "") for child in xml if child.tag == f"{{{RECEIPTS}}}received"]
        body = xml.find(f"{CLIENT}body")
        if body is not None:
            marks = frozenset(tag.rpartition("}")[2] for tag in names) - {"body"}
            text = ET.tostring(xml, "unicode")
            self._take(Received(xml.get("id", ""), sender, body.text or "", kind, marks, text))

    def _take(self, message: Received) -> None:
        self.received.append(message)
        if message.sender.partition("/")[0] == self.to.partition("/")[0]:
            answered = self.turns.got(message.id)
            if answered and (timer := self._timers.pop(answered, None)):
                timer.cancel()
        self._arrived.set()

    def _on_presence(self, stanza: Any) -> None:
        self.presences.append((stanza.xml.get("from", ""), stanza.xml.get("type", "available")))

    # --- questions to the server -----------------------------------------------------------------------------

    async def features(self, of: str) -> set[str]:
        """What an address says it can do (XEP-0030)."""
        answer = await self._ask("get", ET.Element(f"{{{INFO}}}query"), of)
        return {feature.get("var", "") for feature in answer.iter(f"{{{INFO}}}feature")}

    async def archive(self) -> list[tuple[str, str]]:
        """Archive id and text of the last messages that this account's server kept (XEP-0313)."""
        name = uuid4().hex
        self._archived[name] = []
        await self._ask("set", ET.Element(f"{{{MAM}}}query", {"queryid": name}), self.jid)
        return self._archived.pop(name)

    # --- commands --------------------------------------------------------------------------------------------

    async def commands(self) -> dict[str, str]:
        """The commands that the bot offers: node and name."""
        query = ET.Element(f"{{{ITEMS}}}query", {"node": COMMANDS})
        answer = await self._ask("get", query, self.to)
        return {item.get("node", ""): item.get("name", "") for item in answer.iter(f"{{{ITEMS}}}item")}

    async def execute(self, node: str) -> Form:
        """Starts a command; slixmpp's IqError if the bot refuses."""
        return await self._command(write_command(node))

    async def submit(self, form: Form, values: Mapping[str, str], action: str = "complete") -> Form:
        """Sends a filled form; its next step."""
        return await self._command(write_command(form.node, form.session, action, values))

    async def cancel(self, form: Form) -> Form:
        return await self._command(write_command(form.node, form.session, "cancel"))

    async def _command(self, command: ET.Element) -> Form:
        answer = await self._ask("set", command, self.to)
        return read_form(answer[0])

    async def _ask(self, kind: str, payload: ET.Element, whom: str) -> ET.Element:
        iq = self._xmpp.make_iq(ito=whom, itype=kind)
        iq.set_payload(payload)
        answer = await iq.send(timeout=10)
        xml: ET.Element = answer.xml
        return xml


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
