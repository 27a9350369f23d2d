"""The hall on the chat server: hands messages to the road in order, sends its answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import cast
from xml.etree.ElementTree import Element

from bot.adapters.xmpp import commands, disco, inbound, iq, outbound, presence
from bot.adapters.xmpp.client_link import ClientLink
from bot.adapters.xmpp.component import ComponentLink
from bot.adapters.xmpp.inbound import Bounce, Us
from bot.adapters.xmpp.jids import address
from bot.adapters.xmpp.keeper import Keeper
from bot.adapters.xmpp.link import Link, Slot
from bot.adapters.xmpp.marker import Load, Marker, Save, forgetful
from bot.adapters.xmpp.recent import Recent
from bot.adapters.xmpp.settings import XmppSettings
from bot.adapters.xmpp.xml import LANG, local_name
from bot.errors import Unavailable
from bot.model import Message, Outgoing
from bot.ports import Road, Wire, partition

log = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds that `start` waits for the first session
HELD = 1000  # answers kept while the connection is away; the outbox has them all
Count = Callable[[str], None]
Listed = Callable[[str, str], Awaitable[Sequence[tuple[str, str]]]]  # bare JID, xml:lang → (node, title) of commands
Writes = Callable[[str], None]  # a customer is writing; bare JID
Seen = Callable[[str, bool], Awaitable[bool]]  # a customer's client came or went; was that of interest?


class XmppAttach(Wire):
    """One attachment to one server. `count` is told what is worth a metric, by name.

    Stop in this order: the road first (its last answers still leave), then this.
    """

    def __init__(
        self,
        settings: XmppSettings,
        road: Road,
        *,
        load_marker: Load | None = None,
        save_marker: Save | None = None,
        count: Count | None = None,
        clock: inbound.Clock = time.time,
        seen: Seen | None = None,
        listed: Listed | None = None,
        writes: Writes | None = None,
    ) -> None:
        logging.getLogger("slixmpp").setLevel(logging.INFO)  # at DEBUG it writes passwords
        self._settings = settings
        self._road = road
        self._count = count
        self._us = Us.of(settings)
        self._hall = disco.Self(settings.name, settings.version, settings.address, settings.commands)
        self._caps = self._hall.caps
        self._nodes = frozenset(node for node, _ in settings.commands)
        self._clock = clock
        self._seen_customer = seen
        self._listed = listed
        self._writes = writes
        self._link: Link = self._make_link(load_marker, save_marker)
        self._keeper = Keeper(settings, self._link, self)
        self._work: set[asyncio.Task[None]] = set()
        self._held: dict[str, Outgoing] = {}
        self._typists = Recent(4096)  # full JIDs whose client speaks of typing
        self._met = Recent(10_000)  # bare JIDs that were told that we are here

    def _make_link(self, load: Load | None, save: Save | None) -> Link:
        settings, road = self._settings, self._road
        if settings.attach == "component":
            return ComponentLink(settings, road)
        marker = Marker(load, save) if load and save else forgetful()
        return ClientLink(settings, road, self, self._us, self._caps, marker, self._clock)

    # --- life --------------------------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        return self._keeper.connected

    async def start(self, patience: float = PATIENCE) -> None:
        """Connects and stays connected. Returns when the first session is up, or goes on trying in the background.

        ConfigError when the server refuses who we say we are.
        """
        await self._keeper.start(patience)

    async def stop(self, patience: float = 2.0) -> None:
        """Says good-bye, waits for what is under way at most so many seconds each, and closes."""
        if self.connected and not self._link.stamped:
            for bare in self._met:
                self._link.write(presence.note("unavailable", self._us.address, bare))
        if self._work:
            await asyncio.wait(self._work, timeout=patience)
        if self.connected:
            await self._link.settle(patience)
        await self._keeper.part()
        await self._keeper.stop()
        await self._link.stop()
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    # --- the wire ----------------------------------------------------------------------------------------------

    def send(self, out: Outgoing) -> None:
        """Sent now, or when the connection is back; confirmed to the road by its id."""
        if self.connected:
            self._send(out)
        elif len(self._held) < HELD:
            self._held[out.id] = out

    def typing(self, to: str, sender: str) -> None:
        if self._settings.typing and self.connected and to in self._typists:
            self._link.write(outbound.typing(to, self._from(sender)))

    def _send(self, out: Outgoing) -> None:
        raw = outbound.stanza(out, stamped=self._link.stamped, active=out.to in self._typists)
        self._link.write(raw, (partition(out.conversation), out.id))

    def _from(self, sender: str) -> str:
        return "" if self._link.stamped else sender

    # --- what the keeper tells ---------------------------------------------------------------------------------

    def opened(self) -> None:
        held, self._held = self._held, {}
        for out in held.values():
            self._send(out)

    def closed(self) -> None:
        pass

    def count(self, what: str) -> None:
        if self._count is not None:
            self._count(what)

    def stanza(self, xml: Element) -> None:
        slot = self._link.arrived(xml)
        if slot is not None:
            self.handle(xml, slot)

    def handle(self, xml: Element, slot: Slot) -> None:
        try:
            self._handle(xml, slot)
        except Exception:  # the server would send it again for ever, and others may be parked behind it
            self.count("stanza_error")
            log.exception("a %s could not be handled", local_name(xml))
            slot.done()

    def _handle(self, xml: Element, slot: Slot) -> None:
        match local_name(xml):
            case "message":
                self._message(xml, slot)
            case "iq":
                self._iq(xml, slot)
            case _:
                self._presence(xml)
                slot.done()

    def _presence(self, xml: Element) -> None:
        for raw in presence.answers(xml, self._us, self._caps, client=self._link.stamped):
            self._link.write(raw)
        who = inbound.customer(xml, self._us)
        kind = xml.get("type")
        if who is not None and kind in ("probe", "subscribe"):
            self._met.add(who.bare)
        if who is not None and self._seen_customer is not None and kind in (None, "unavailable"):
            self._start(self._came_or_went(self._seen_customer, who.bare, there=kind is None))

    async def _came_or_went(self, seen: Seen, bare: str, *, there: bool) -> None:
        """Another client of his may still be there: the server is asked, and its answer comes as presence."""
        try:
            asked = await seen(bare, there)
        except Unavailable:
            return
        if asked and not there and not self._link.stamped:
            self._link.write(presence.note("probe", self._us.address, bare))

    # --- messages ----------------------------------------------------------------------------------------------

    def _message(self, xml: Element, slot: Slot) -> None:
        read = inbound.read(xml, self._us, self._clock())
        if isinstance(read, Message):
            self._greet(read, xml)
            self.hand_over(read, self._link.marking(read, slot))
            return
        if isinstance(read, Bounce):
            self._link.write(read.stanza())
        elif self._writes and inbound.composes(xml) and (who := inbound.customer(xml, self._us)):
            self._writes(who.bare)
        slot.done()

    def _greet(self, message: Message, xml: Element) -> None:
        if inbound.chat_state(xml):
            self._typists.add(message.full)
            self._typists.add(message.sender)  # staff answer the person, not the client
        else:
            self._typists.discard(message.full)
        # Nobody keeps who has the hall in his list: after a restart it shows up again with the first word.
        if not self._link.stamped and self._met.add(message.sender):
            self._link.write(presence.available(self._us.address, message.sender, self._caps))

    def hand_over(self, message: Message, slot: Slot) -> None:
        if self._link.holds(message.sender):
            slot.failed(message)
            return
        # No await before this: the order of the tasks is the order of arrival.
        self._work.add(asyncio.get_running_loop().create_task(self._serve(message, slot)))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _serve(self, message: Message, slot: Slot) -> None:
        try:
            await self._road.serve(message, partial(self._told, message, slot))
        except Exception:
            self._bug()
            slot.done()
        finally:
            self._work.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _told(self, message: Message, slot: Slot, accepted: bool) -> None:
        if accepted:
            self._receipt(message)
            slot.done()
        else:
            slot.failed(message)

    async def offer(self, message: Message) -> bool:
        try:
            accepted = await self._road.receive(message)
        except Exception:
            self._bug()
            return True
        if accepted:
            self._receipt(message)
        return accepted

    def _receipt(self, message: Message) -> None:
        if message.receipt and self._settings.receipts:
            self._link.write(outbound.receipt(message.full, self._from(message.to), message.id))

    def _bug(self) -> None:
        """A bug in the road: the same message would meet it again, so it is not asked for again."""
        self.count("receive_error")
        log.exception("a message could not be received")

    # --- IQs ---------------------------------------------------------------------------------------------------

    def _iq(self, xml: Element, slot: Slot) -> None:
        if xml.get("type") in ("result", "error"):
            self._link.answered(xml)
            slot.done()
            return
        answer = self._answer(xml)
        if self._listed and isinstance(answer, str) and disco.lists_commands(xml[0]):
            self._start(self._list(self._listed, xml, slot))
            return
        if isinstance(answer, Message):
            self._start(self._command(answer, xml, slot))
            return
        if answer is not None:
            self._link.write(iq.reply(xml, answer, stamped=self._link.stamped))
        slot.done()

    async def _list(self, listed: Listed, xml: Element, slot: Slot) -> None:
        """The commands that this customer has, in his language; all of them to anybody else."""
        sender, hall = inbound.customer(xml, self._us), self._hall
        lang = (xml[0].get(LANG) or xml.get(LANG) or "")[:35]
        answer: str | iq.Problem
        try:
            if sender is not None:
                hall = replace(hall, commands=tuple(await listed(sender.bare, lang)))
            answer = disco.answer(xml[0], xml.get("to") or self._us.address, hall)
        except Exception:
            self._bug()
            answer = iq.LATER
        self._link.write(iq.reply(xml, answer, stamped=self._link.stamped))
        slot.done()

    async def _command(self, message: Message, xml: Element, slot: Slot) -> None:
        if not await self.offer(message):
            self._link.write(iq.reply(xml, iq.LATER, stamped=self._link.stamped))
        slot.done()

    def _answer(self, xml: Element) -> str | iq.Problem | Message | None:
        """None: nothing may be answered, because it is not known to whom."""
        sender, to = address(xml.get("from")), address(xml.get("to") or self._us.address)
        if sender is None or to is None or not xml.get("id"):
            return None
        if xml.get("type") not in ("get", "set") or len(xml) != 1:
            return iq.BAD
        if sender.domain not in self._us.domains and sender.full != self._settings.server_domain:
            return iq.UNAVAILABLE
        if to.bare not in self._us.addresses:
            return iq.NOT_FOUND
        if xml[0].tag == commands.TAG:
            return commands.read(xml, self._us, self._nodes, self._clock())
        return disco.answer(xml[0], to.bare, self._hall) if xml.get("type") == "get" else iq.UNAVAILABLE
