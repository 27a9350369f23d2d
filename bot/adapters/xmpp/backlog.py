"""At a new session of a client: what was missed first, then what arrived meanwhile, so that order stays."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from xml.etree.ElementTree import Element

from bot.adapters.xmpp import inbound
from bot.adapters.xmpp.archive import CatchUp
from bot.adapters.xmpp.inbound import Us
from bot.adapters.xmpp.jids import address
from bot.adapters.xmpp.lane import Lane
from bot.adapters.xmpp.link import Inlet, Slot
from bot.adapters.xmpp.marker import Marker
from bot.adapters.xmpp.slots import ClientSlot
from bot.model import Message

log = logging.getLogger(__name__)
PAGE_SECONDS = 20.0
SECOND_LOOK = 2.0  # seconds


class Backlog:
    """`write` sends a stanza of ours."""

    def __init__(
        self, inlet: Inlet, us: Us, marker: Marker, lane: Lane, write: Callable[[str], None], clock: inbound.Clock
    ) -> None:
        self._inlet = inlet
        self._us = us
        self._marker = marker
        self._lane = lane
        self._write = write
        self._clock = clock
        self._behind = False
        self._run: CatchUp | None = None  # it is being read
        self._open: CatchUp | None = None  # it is to be read once more
        self._live: set[str] = set()  # what arrived by itself meanwhile: ids in the archive
        self._task: asyncio.Task[None] | None = None
        self._parked: list[tuple[Element, Slot]] | None = None
        self._queries: dict[str, asyncio.Future[Element]] = {}

    def up(self, *, resumed: bool) -> None:
        """A resumed session missed nothing, unless the one before it was still catching up."""
        self._behind = self._behind or not resumed
        if self._behind:
            self._parked = []
            self._task = asyncio.get_running_loop().create_task(self._catch())
        elif self._open is not None:
            self._task = asyncio.get_running_loop().create_task(self._look_again(self._open))

    def down(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._parked = None  # the server sends them again, or the archive does

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._marker.stop()

    # --- what arrives ------------------------------------------------------------------------------------------

    def takes(self, xml: Element, slot: Slot) -> bool:
        """A message: an answer to our query, or one that has to wait until all answers are here."""
        if self._run is not None:
            archive_id, message = inbound.archived(xml, self._us, self._run.query, self._clock())
            if archive_id:
                slot.done()
                self._missed(archive_id, message)
                return True
        if self._parked is None:
            return False
        self._parked.append((xml, slot))
        return True

    def answered(self, answer: Element) -> bool:
        """An IQ result or error: was it for us?"""
        query, sender = self._queries.get(answer.get("id", "")), address(answer.get("from"))
        if query is None or (sender is not None and sender.bare != self._us.archive):
            return False
        if not query.done():
            query.set_result(answer)
        return True

    def marking(self, message: Message, slot: Slot) -> Slot:
        """The slot that also moves the marker."""
        if not message.stanza_id:
            return slot
        if self._open is not None:
            self._live.add(message.stanza_id)
        return ClientSlot(self._lane, slot.done, self._marker.arrived(message.stanza_id))

    def _missed(self, archive_id: str, message: Message | None) -> None:
        if message is not None and message.stanza_id in self._live:
            return
        over = self._marker.arrived(archive_id)
        if message is None:
            over()
        else:
            self._inlet.hand_over(message, ClientSlot(self._lane, over))

    # --- catching up -------------------------------------------------------------------------------------------

    async def _catch(self) -> None:
        run, self._live = CatchUp(self._ask, self._marker), set()
        self._open = run
        try:
            self._run = run
            self._behind = not await run.run()
        except Exception as error:
            # Without the archive's answer, or the marker's store: the hall goes on, and tries at the next connection.
            log.warning("what was missed could not be read: %s", type(error).__name__)
            self._open = None
        finally:
            self._run = None
        self._marker.frozen = self._behind
        parked, self._parked = self._parked or [], None
        for xml, slot in parked:
            self._inlet.handle(xml, slot)
        if self._open is not None:
            await self._look_again(run)

    async def _look_again(self, run: CatchUp) -> None:
        """A server may have taken a line as our presence came: for nobody was there, and too late for the first look.

        ejabberd 23.01 then keeps it until the next log-in.
        """
        await asyncio.sleep(SECOND_LOOK)
        try:
            self._run = run
            await run.again()
        except Exception as error:
            log.warning("what came at the log-in could not be read: %s", type(error).__name__)
        finally:
            self._run = None
        self._open, self._live = None, set()

    async def _ask(self, payload: str) -> Element:
        id_ = secrets.token_urlsafe(12)
        answer: asyncio.Future[Element] = asyncio.get_running_loop().create_future()
        self._queries[id_] = answer
        try:
            self._write(f"<iq type='set' id='{id_}'>{payload}</iq>")
            return await asyncio.wait_for(answer, PAGE_SECONDS)
        finally:
            del self._queries[id_]
