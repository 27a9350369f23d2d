"""A subscriber with an XMPP client: talks to the bot, waits for answers, and keeps count of them."""

import asyncio
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from tests.grounds.base import Ground
from tests.grounds.forms import COMMANDS, Form, read_form, write_command
from tests.grounds.stream import CLIENT, LoginRefused, Stream
from tests.grounds.turns import Turns

__all__ = ["MAM", "LoginRefused", "Received", "Talker"]

CHAT_STATES = "{http://jabber.org/protocol/chatstates}"
RECEIPTS = "urn:xmpp:receipts"
INFO = "http://jabber.org/protocol/disco#info"
ITEMS = "http://jabber.org/protocol/disco#items"
MAM = "urn:xmpp:mam:2"
PUSH = re.compile(r"p[A-Za-z2-7]{20}-\d+")  # ids of what the hall says unasked


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


class Talker:
    """`async with Talker(ground, "13800138000") as talker: await talker.say("查话费")`.

    A lost connection is opened again at once; lines wait until it is. When answers are missing and none came for
    `repeat_after` seconds, all lines that may be lost are said again with the same ids; None switches that off.
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
        ask_receipts: bool = True,
        repeat_after: float | None = 5.0,
        quiet: float = 0.2,
    ) -> None:
        self.to = to or ground.hall
        self.jid = f"{number}@{ground.domain}"
        self.turns = Turns()
        self.received: list[Received] = []
        self._pushes: dict[str, str] = {}
        self.typing: list[str] = []
        self.receipts: list[str] = []
        self.errors: list[tuple[str, str]] = []
        self.presences: list[tuple[str, str]] = []
        self.repeats = 0
        self.lang = ""  # xml:lang of the lines that are sent
        self._ask_receipts = ask_receipts
        self._repeat_after = repeat_after
        self._quiet = quiet
        self._archived: dict[str, list[tuple[str, str]]] = {}
        self._open: dict[str, str] = {}  # lines since everything was answered, in order: any of them may be lost
        self._held: dict[str, str] = {}  # lines said while there was no connection
        self._timer: asyncio.TimerHandle | None = None
        self._arrived = asyncio.Event()
        secret = ground.accounts[number] if password is None else password
        self._stream = Stream(ground, f"{self.jid}/{resource}", secret, port, tls, resume)
        self._stream.changed = self._on_online
        self._stream.on("message", self._on_message)
        self._stream.on("presence", self._on_presence)

    async def __aenter__(self) -> Self:
        await self._stream.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_timer()
        await self._stream.close()

    @property
    def logins(self) -> int:
        return self._stream.logins

    @property
    def resumed(self) -> int:
        return self._stream.resumed

    # --- lines -----------------------------------------------------------------------------------------------

    async def say(self, text: str, within: float = 10.0) -> list[str]:
        """Sends a line; the texts that came until it had been quiet for a while, none after `within` seconds."""
        start = len(self.received)
        self.send(text)
        await self._until_quiet(start, within)
        return self.heard(start)

    def send(self, text: str, id: str | None = None) -> str:
        """Sends a line without waiting; its id. An id that was used before makes it a repetition."""
        line_id = id or uuid4().hex
        self.turns.sent(line_id)
        self._open[line_id] = text
        self._speak(line_id, text)
        self._start_timer()
        return line_id

    def send_raw(self, stanza: str) -> None:
        """Sends a stanza as it stands, uncounted."""
        self._stream.xmpp.send_raw(stanza)

    def heard(self, start: int = 0) -> list[str]:
        """The texts received from there on; one that came again under the same id, or had come before, only once."""
        seen = {message.id for message in self.received[:start] if message.id}
        fresh = [message for message in self.received[start:] if message.id not in seen]
        return list({message.id or str(n): message.body for n, message in enumerate(fresh)}.values())

    # --- waiting ---------------------------------------------------------------------------------------------

    async def until(self, answered: int, within: float = 30.0) -> None:
        """Waits until so many lines have been answered."""
        await self._wait(lambda: self.turns.answered >= answered, within)

    async def taken(self, line_id: str, within: float = 10.0) -> None:
        """Waits until the hall has confirmed that it took a line."""
        await self._wait(lambda: line_id in self.receipts, within)

    async def hears(self, count: int, within: float = 10.0) -> None:
        """Waits until so many messages with a text have come, whoever they are from."""
        await self._wait(lambda: len(self.received) >= count, within)

    @property
    def pushes(self) -> list[str]:
        """What the hall said unasked, once per id."""
        return list(self._pushes.values())

    async def pushed(self, count: int, within: float = 10.0) -> None:
        """Waits until the hall has said so much unasked."""
        await self._wait(lambda: len(self._pushes) >= count, within)

    async def until_error(self, within: float = 10.0) -> None:
        """Waits until some stanza of ours came back as an error."""
        await self._wait(lambda: bool(self.errors), within)

    async def connected(self, times: int, within: float = 15.0) -> None:
        """Waits until it has logged in or resumed so many times, and is connected."""
        await self._wait(lambda: self._stream.online and self.logins + self.resumed >= times, within)

    async def down(self, within: float = 10.0) -> None:
        """Waits until it has noticed that its connection is lost."""
        async with asyncio.timeout(within):
            await self._stream.down()

    async def _wait(self, done: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within):
            while not done():
                self._arrived.clear()
                await self._arrived.wait()

    async def _until_quiet(self, start: int, within: float) -> None:
        clock = asyncio.get_running_loop().time
        end = clock() + within
        while True:
            waiting = not self.heard(start)
            self._arrived.clear()
            try:
                async with asyncio.timeout_at(end if waiting else clock() + self._quiet):
                    await self._arrived.wait()
            except TimeoutError:
                return

    # --- speaking --------------------------------------------------------------------------------------------

    def _speak(self, line_id: str, text: str) -> None:
        if not self._stream.online:
            self._held[line_id] = text
            return
        message = self._stream.xmpp.make_message(mto=self.to, mbody=text, mtype="chat")
        message["id"] = line_id
        if self.lang:
            message["lang"] = self.lang
        ET.SubElement(message.xml, "{urn:xmpp:sid:0}origin-id", {"id": line_id})
        if self._ask_receipts:
            ET.SubElement(message.xml, f"{{{RECEIPTS}}}request")
        message.send()

    def _on_online(self) -> None:
        held, self._held = self._held, {}
        for line_id, text in held.items():
            self._speak(line_id, text)
        self._arrived.set()

    def _start_timer(self) -> None:
        if self._timer is None and self._repeat_after is not None and self._open:
            self._timer = asyncio.get_running_loop().call_later(self._repeat_after, self._repeat)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _repeat(self) -> None:
        self._timer = None
        for line_id, text in self._open.items():
            self.repeats += 1
            self._speak(line_id, text)
        self._start_timer()

    # --- what comes in ---------------------------------------------------------------------------------------

    def _on_message(self, stanza: Any) -> None:
        xml: ET.Element = stanza.xml
        if xml.get("type") == "error":
            self.errors.append((xml.get("id", ""), stanza["error"]["condition"]))
        elif (result := xml.find(f"{{{MAM}}}result")) is not None:
            text = result.findtext(f".//{CLIENT}body", "")
            self._archived.get(result.get("queryid", ""), []).append((result.get("id", ""), text))
        else:
            self._on_words(xml)
        self._arrived.set()

    def _on_words(self, xml: ET.Element) -> None:
        names = [child.tag for child in xml]
        self.typing += [tag.removeprefix(CHAT_STATES) for tag in names if tag.startswith(CHAT_STATES)]
        self.receipts += [child.get("id", "") for child in xml if child.tag == f"{{{RECEIPTS}}}received"]
        body = xml.find(f"{CLIENT}body")
        if body is not None:
            marks = frozenset(tag.rpartition("}")[2] for tag in names) - {"body"}
            kind, sender, text = xml.get("type", "normal"), xml.get("from", ""), ET.tostring(xml, "unicode")
            self._take(Received(xml.get("id", ""), sender, body.text or "", kind, marks, text))

    def _take(self, message: Received) -> None:
        if PUSH.fullmatch(message.id):
            self._pushes.setdefault(message.id, message.body)
            return
        self.received.append(message)
        if _bare(message.sender) == _bare(self.to) and self.turns.got(message.id):
            self._stop_timer()
            if not self.turns.unanswered:
                self._open.clear()
            self._start_timer()

    def _on_presence(self, stanza: Any) -> None:
        self.presences.append((stanza.xml.get("from", ""), stanza.xml.get("type", "available")))

    # --- questions -------------------------------------------------------------------------------------------

    async def features(self, of: str) -> set[str]:
        """What an address says it can do (XEP-0030)."""
        answer = await self._stream.ask("get", ET.Element(f"{{{INFO}}}query"), of)
        return {feature.get("var", "") for feature in answer.iter(f"{{{INFO}}}feature")}

    async def archive(self) -> list[tuple[str, str]]:
        """Archive id and text of the messages that this account's server kept, the first page (XEP-0313)."""
        name = uuid4().hex
        self._archived[name] = []
        await self._stream.ask("set", ET.Element(f"{{{MAM}}}query", {"queryid": name}), self.jid)
        return self._archived.pop(name)

    async def commands(self, lang: str = "") -> dict[str, str]:
        """The commands that the bot offers: node and name."""
        query = ET.Element(f"{{{ITEMS}}}query", {"node": COMMANDS})
        if lang:
            query.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
        answer = await self._stream.ask("get", query, self.to)
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
        answer = await self._stream.ask("set", command, self.to)
        return read_form(answer[0])


def _bare(jid: str) -> str:
    return jid.partition("/")[0]
