"""What a client's attachment does: stream management, roster pushes, its own presence."""

from __future__ import annotations

import asyncio
import contextlib
from xml.etree.ElementTree import Element

from bot.adapters.xmpp import inbound, iq
from bot.adapters.xmpp.backlog import Backlog
from bot.adapters.xmpp.client import ClientStream, tls_context
from bot.adapters.xmpp.confirm import BATCH_SECONDS, Batch, ping_key, refs_of
from bot.adapters.xmpp.inbound import Us
from bot.adapters.xmpp.jids import address
from bot.adapters.xmpp.lane import Lane
from bot.adapters.xmpp.link import Inlet, Pipe, Slot, log
from bot.adapters.xmpp.marker import Marker
from bot.adapters.xmpp.settings import XmppSettings
from bot.adapters.xmpp.slots import ClientSlot
from bot.adapters.xmpp.sm import NAMESPACE, Counts
from bot.adapters.xmpp.stream import GuardedStream, Listener
from bot.adapters.xmpp.xml import attributes, local_name
from bot.model import Message
from bot.ports import DeliveryRef, Road

REQUEST = f"<r xmlns='{NAMESPACE}'/>"
ROSTER = "{jabber:iq:roster}query"
PROOF_SECONDS = 5.0  # from the first question on a resumed connection to its answer


class ClientLink:
    """`caps` goes with the presence; `clock` is epoch seconds."""

    stamped = True

    def __init__(
        self, settings: XmppSettings, road: Road, inlet: Inlet, us: Us, caps: str, marker: Marker, clock: inbound.Clock
    ) -> None:
        self._settings = settings
        self._road = road
        self._us = us
        self._presence = f"<presence><priority>{settings.priority}</priority>{caps}</presence>"
        self._context = tls_context(settings)
        self._counts = Counts(self._caught_up)
        self._lane = Lane(inlet.offer, self._again)
        self._backlog = Backlog(inlet, us, marker, self._lane, self.write, clock)
        self._pipe = Pipe()
        self._key = ping_key(settings.secret, settings.jid)
        self._batch = Batch(self._key, self._ping)
        self._stream: GuardedStream | None = None
        self._managed = self._owed = self._asked = False
        self._beats = 0  # signs of life sent since the last answer
        self._asking: asyncio.TimerHandle | None = None
        self._proving: asyncio.TimerHandle | None = None
        self._confirmed = asyncio.Event()

    def connect(self, listener: Listener) -> ClientStream:
        return ClientStream(self._settings, listener, self._counts, self._context)

    def up(self, stream: GuardedStream, *, resumed: bool) -> None:
        self._stream = stream
        self._managed = isinstance(stream, ClientStream) and stream.managed
        self._owed = self._asked = False
        self._beats = 0
        self._pipe.open(stream)
        if resumed:
            self._prove()
        elif self._managed:
            self._counts.first(self._presence)
        else:
            self.write(self._presence)
        self._backlog.up(resumed=resumed)
        self._pump()

    def _prove(self) -> None:
        """Nothing is said on a resumed connection before the server answered on it.

        Prosody 0.12 reads on where the cut came: behind half a stanza, all that is said is swallowed or no XML.
        """
        self._proving = asyncio.get_running_loop().call_later(PROOF_SECONDS, self._unproven)
        self._ask()

    def _unproven(self) -> None:
        log.warning("the resumed session answers nothing: a new one is begun")
        self._proven()
        self._counts.id = ""
        if self._stream is not None:
            self._stream.abort()

    def _proven(self) -> None:
        if self._proving is not None:
            self._proving.cancel()
            self._proving = None

    def down(self) -> None:
        self._counts.cut()
        self._batch.drop()
        self._pipe.close()
        self._stream = None
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self._proven()
        self._backlog.down()

    async def stop(self) -> None:
        await self._lane.stop()
        await self._backlog.stop()

    # --- what is sent ------------------------------------------------------------------------------------------

    def write(self, raw: str, ref: DeliveryRef | None = None) -> None:
        if self._managed:
            self._counts.send(raw, ref)
            self._pump()
            return
        self._pipe.write(raw)
        if ref is not None:
            self._batch.add(ref)

    def _pump(self) -> None:
        """What was sent before a cut goes first, or the server's count would confirm the wrong ones."""
        if not self._managed or self._stream is None or self._proving is not None:
            return
        for raw in self._counts.due():
            self._pipe.write(raw)
        if self._counts.waiting:
            self._ask()
        elif self._counts.unconfirmed:
            self._ask_soon()

    def beat(self) -> None:
        if not self._managed:
            self._pipe.write(" ")
        elif self._asked and self._stream is not None and self._beats > 0:
            log.warning("the chat server answers no more: connecting again")
            self._stream.abort()
        else:
            self._beats += 1
            self._ask()

    async def settle(self, patience: float) -> None:
        self._batch.close()
        if self._managed:
            self._ask()
            self._confirmed.clear()
            if self._counts.unconfirmed:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(patience):
                        await self._confirmed.wait()
            self._acknowledge()
        self._pipe.flush()

    def _ask_soon(self) -> None:
        if self._asking is None:
            self._asking = asyncio.get_running_loop().call_later(BATCH_SECONDS, self._ask)

    def _ask(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        if not self._asked:
            self._asked = True
            self._pipe.write(REQUEST)

    def _ping(self, id_: str) -> None:
        self._pipe.write(iq.ping(self._settings.server_domain, "", id_))

    # --- what the server says about it -------------------------------------------------------------------------

    def management(self, xml: Element) -> None:
        if local_name(xml) == "r":
            self._owed = self._counts.pending > 0
            self._acknowledge()
            return
        self._asked, self._beats = False, 0
        if local_name(xml) == "a":
            self._proven()
        h = xml.get("h", "")  # of a, resumed, failed
        refs = self._counts.acked(int(h)) if h.isascii() and h.isdecimal() else []
        if refs:
            self._road.delivered(refs)
        if not self._counts.unconfirmed:
            self._confirmed.set()
        self._pump()

    def _caught_up(self) -> None:
        if self._owed:
            self._owed = False
            self._acknowledge()

    def _acknowledge(self) -> None:
        self._pipe.write(f"<a xmlns='{NAMESPACE}' h='{self._counts.handled}'/>")

    def _again(self) -> None:
        """More came than could be kept: a new connection makes the server send the rest again."""
        if self._stream is not None:
            self._stream.abort()

    def answered(self, answer: Element) -> None:
        if self._backlog.answered(answer):
            return
        sender = address(answer.get("from"))
        refs = refs_of(answer.get("id", ""), self._key)
        if refs and sender is not None and sender.full == self._settings.server_domain:
            self._road.delivered(refs)

    # --- what arrives ------------------------------------------------------------------------------------------

    def arrived(self, xml: Element) -> Slot | None:
        slot = ClientSlot(self._lane, self._counts.arrived().done) if self._managed else ClientSlot(self._lane)
        try:
            return None if self._takes(xml, slot) else slot
        except Exception:  # counted as handled: the server would send it again for ever
            slot.done()
            raise

    def holds(self, sender: str) -> bool:
        return self._lane.holds(sender)

    def marking(self, message: Message, slot: Slot) -> Slot:
        return self._backlog.marking(message, slot)

    def _takes(self, xml: Element, slot: Slot) -> bool:
        if local_name(xml) == "message":
            return self._backlog.takes(xml, slot)
        if xml.get("type") == "set" and len(xml) == 1 and xml[0].tag == ROSTER:
            self._roster_push(xml)
            slot.done()
            return True
        return False

    def _roster_push(self, xml: Element) -> None:
        sender = address(xml.get("from"))
        if sender is None or sender.bare == self._us.address:
            self.write(f"<iq type='result'{attributes(id=xml.get('id', ''), to=xml.get('from', ''))}/>")
