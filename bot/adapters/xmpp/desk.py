"""The desk on the chat server: a component of its own, every session a contact, the presence of staff their status."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Container, Coroutine, Sequence
from typing import Protocol
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from bot.adapters.xmpp import inbound, presence
from bot.adapters.xmpp.attach import Count, XmppAttach
from bot.adapters.xmpp.inbound import Bounce, Us
from bot.adapters.xmpp.link import Slot
from bot.adapters.xmpp.settings import XmppSettings
from bot.adapters.xmpp.xml import namespace
from bot.desk.errands import CONTACT
from bot.desk.presence import UNPROVEN
from bot.model import Message, Outgoing
from bot.ports import Road, Wire

SHOWS = frozenset({"chat", "away", "xa", "dnd"})


class Contacts(Container[str]):
    """desk@ and s<number>@ of one domain, and the domain itself."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self._local = re.compile(rf"(?:{CONTACT}|s\d{{1,12}})@{re.escape(domain)}")

    def __contains__(self, bare: object) -> bool:
        return isinstance(bare, str) and (bare == self._domain or self._local.fullmatch(bare) is not None)


class Seen(Protocol):
    """Who is told what staff show."""

    async def staff(self, bare: str, full: str, show: str | None) -> None: ...
    async def returned(self) -> None: ...


class DeskAttach(XmppAttach):
    """`number_of` a bare JID is its 工号, "" for who does not work here; `staff` are the JIDs that do."""

    def __init__(
        self,
        settings: XmppSettings,
        road: Road,
        seen: Seen,
        *,
        number_of: Callable[[str], str],
        staff: Sequence[str],
        count: Count | None = None,
    ) -> None:
        super().__init__(settings, road, count=count)
        domain = settings.domain
        self._us = Us(
            settings.address,
            Contacts(domain),
            self._us.domains,
            frozenset({domain, settings.address, settings.server_domain}),
        )
        self._seen = seen
        self._number_of = number_of
        self._staff = tuple(staff)
        self._turns: dict[str, asyncio.Lock] = {}

    # --- messages -----------------------------------------------------------------------------------------------

    def _message(self, xml: Element, slot: Slot) -> None:
        read = inbound.read(xml, self._us, self._clock())
        if isinstance(read, Message):
            self._line(read, xml, slot)
            return
        if isinstance(read, Bounce):
            self._link.write(read.stanza())
        slot.done()

    def _line(self, message: Message, xml: Element, slot: Slot) -> None:
        number = self._number_of(message.sender)
        if not number:
            stranger = Bounce(
                message.full, message.to, message.id, "chat", "auth", "forbidden", "您的账号不在坐席名单里"
            )
            self._link.write(stranger.stanza())
            slot.done()
            return
        self._greet(message, xml)
        # A line is worked for the member of staff, not for the account that he happens to use.
        line = replace(message, sender=f"{number}@{self._settings.domain}", staff=number)
        self._start(self._worked(message, line, slot))

    async def _worked(self, message: Message, line: Message, slot: Slot) -> None:
        async with self._turns.setdefault(line.staff, asyncio.Lock()):  # fair: his lines stay in order
            await self._quietly(self._seen.staff(message.sender, message.full, UNPROVEN))
            accepted = await self.offer(line)
        if accepted:
            slot.done()
        else:
            slot.failed(line)

    def _greet(self, message: Message, xml: Element) -> None:
        """Whoever writes is asked once whether we may see when he leaves."""
        new = message.sender not in self._met
        super()._greet(message, xml)
        if new:
            self._link.write(presence.note("subscribe", self._us.address, message.sender))

    # --- presence -----------------------------------------------------------------------------------------------

    def opened(self) -> None:
        super().opened()
        self._start(self._roll_call())

    async def _roll_call(self) -> None:
        """Everybody's lease runs first, then all are asked: an answer in between would be forgotten."""
        await self._quietly(self._seen.returned())
        for jid in self._staff:
            self._link.write(presence.note("probe", self._us.address, jid))

    def _presence(self, xml: Element) -> None:
        who = inbound.customer(xml, self._us)
        if who is None:
            return
        if not self._number_of(who.bare):
            if xml.get("type") == "subscribe":
                self._link.write(presence.note("unsubscribed", self._us.address, who.bare))
            return
        super()._presence(xml)
        kind = xml.get("type")
        if kind is None:
            show = (xml.findtext(f"{namespace(xml)}show") or "").strip()
            self._start(self._quietly(self._seen.staff(who.bare, who.full, show if show in SHOWS else "")))
        elif kind == "unavailable":
            self._start(self._quietly(self._seen.staff(who.bare, who.full, None)))

    async def _quietly(self, work: Awaitable[None] | Coroutine[None, None, None]) -> None:
        """Redis may be away: then the lease that Redis knows decides."""
        try:
            await work
        except Exception:
            self.count("presence_error")


class Switchboard(Wire):
    """Two attachments, one wire: what the desk's contacts say goes through the desk's own connection."""

    def __init__(self, hall: Wire, desk: Wire, domain: str) -> None:
        self._hall = hall
        self._desk = desk
        self._end = f"@{domain}"

    def send(self, out: Outgoing) -> None:
        self._of(out.sender).send(out)

    def typing(self, to: str, sender: str) -> None:
        self._of(sender).typing(to, sender)

    def _of(self, sender: str) -> Wire:
        return self._desk if sender.endswith(self._end) else self._hall
