"""Catch-up: what was written to the bot while no session stood, from its archive (XEP-0313), page by page."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

from bot.adapters.xmpp.marker import Marker
from bot.adapters.xmpp.xml import attributes, esc

log = logging.getLogger(__name__)
MAM = "urn:xmpp:mam:2"
RSM = "http://jabber.org/protocol/rsm"
PAGE = 50
LOOK_BACK = timedelta(hours=24)  # as long as ids are known again (contracts.md, Ids)
_FIRST = f"<max>{PAGE}</max>"
Ask = Callable[[str], Awaitable[Element]]  # payload of an IQ set to our own account → its answer


class CatchUp:
    """`query` is the id that the server repeats in every result, so that nobody else can send us one."""

    def __init__(self, ask: Ask, marker: Marker) -> None:
        self._ask = ask
        self._marker = marker
        self._reached: str | None = None  # the last that was read; None: without an archive
        self.query = secrets.token_urlsafe(12)

    async def run(self) -> bool:
        """True when nothing is left behind. The results themselves arrive as messages, before the answer."""
        start = await self._marker.load()
        return await self._read(start) if start else await self._begin()

    async def again(self) -> None:
        """What came into the archive since the last run."""
        if self._reached is not None:
            await self._read(self._reached)

    async def _read(self, start: str) -> bool:
        within = ""
        while True:
            answer = await self._page(f"<max>{PAGE}</max><after>{esc(start)}</after>" if start else _FIRST, within)
            if _condition(answer) == "item-not-found" and start:
                log.warning("the archive no longer has what the hall read last: reading the last day again")
                start, within = "", _since(datetime.now(UTC) - LOOK_BACK)
                continue
            if (fin := answer.find(f"{{{MAM}}}fin")) is None:
                return _without_archive(answer)
            last = fin.findtext(f"{{{RSM}}}set/{{{RSM}}}last", "")
            start = self._reached = last or start
            if fin.get("complete") == "true" or not last:
                return True

    async def _begin(self) -> bool:
        """The first session ever: everything before it is not ours."""
        answer = await self._page("<max>1</max><before/>", query=False)
        fin = answer.find(f"{{{MAM}}}fin")
        if fin is None:
            return _without_archive(answer)
        self._reached = fin.findtext(f"{{{RSM}}}set/{{{RSM}}}last", "")
        if self._reached:
            self._marker.arrived(self._reached)()
        return True

    async def _page(self, bounds: str, within: str = "", *, query: bool = True) -> Element:
        own = attributes(queryid=self.query if query else "")
        return await self._ask(f"<query xmlns='{MAM}'{own}>{within}<set xmlns='{RSM}'>{bounds}</set></query>")


def _since(moment: datetime) -> str:
    return (
        "<x xmlns='jabber:x:data' type='submit'>"
        f"<field var='FORM_TYPE' type='hidden'><value>{MAM}</value></field>"
        f"<field var='start'><value>{moment:%Y-%m-%dT%H:%M:%SZ}</value></field></x>"
    )


def _condition(answer: Element) -> str:
    error = answer.find("{jabber:client}error")
    return "" if error is None or not len(error) else error[0].tag.rpartition("}")[2]


def _without_archive(answer: Element) -> bool:
    log.warning("no archive to catch up from: %s", _condition(answer) or "not understood")
    return True
