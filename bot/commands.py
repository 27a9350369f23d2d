"""The hall as a list of commands (XEP-0050): what this customer's brand can do, in his language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.errors import Refused, Unavailable
from bot.intents.base import Catalogue
from bot.menu import Menus
from bot.model import Account, Session
from bot.ports import Hall, Sessions
from bot.tongue import Tongue, Tongues, spoken

FIRST = ("login", "password.change", "password.reset")  # what is better typed into a form than into the chat
PATIENCE = 1.0  # seconds: a list that is complete is better than none


def nodes(menus: Menus) -> tuple[str, ...]:
    """Every function of every brand: a command that is not listed to somebody may still be opened by him."""
    every = (menus.common, *menus.brands.values())
    return tuple(dict.fromkeys((*FIRST, *(name for menu in every for name in menu.functions()))))


class CommandList:
    """`await listed("138…@im.example", "en")` → (node, title) in the order of the menu."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        hall: Hall,
        menus: Menus,
        catalogue: Catalogue,
        tongues: Tongues,
        language: str,
        number_of: Callable[[str], Awaitable[str]],
    ) -> None:
        self._sessions = sessions
        self._hall = hall
        self._menus = menus
        self._catalogue = catalogue
        self._tongues = tongues
        self._language = language
        self._number_of = number_of

    async def __call__(self, bare: str, lang: str) -> Sequence[tuple[str, str]]:
        session = spoken(await self._session(bare), "", lang, self._language)
        account = session.account or await self._account(bare)
        names = dict.fromkeys((*FIRST, *self._menus.menu(account).functions()))
        return [(name, self.title(name, self._tongues[session.lang])) for name in names]

    def title(self, name: str, tongue: Tongue) -> str:
        return self._catalogue[name].called(tongue)

    async def _session(self, bare: str) -> Session:
        try:
            return await self._sessions.glance(self._sessions.conversation(bare))
        except Unavailable:
            return Session()

    async def _account(self, bare: str) -> Account | None:
        try:
            return await asyncio.wait_for(self._resolved(bare), PATIENCE)
        except (Unavailable, Refused, TimeoutError):
            return None

    async def _resolved(self, bare: str) -> Account | None:
        number = await self._number_of(bare)
        return await self._hall.account(number) if number else None
