"""Pages for who is logged in: what each of them shows of him, and a sentence instead of a page."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.adapters.deskweb.door import ME, Me
from bot.adapters.deskweb.pages import Pages, language
from bot.staff import Role


class Inside:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def show(self, request: web.Request, template: str, *, here: str, **data: Any) -> web.Response:
        me = request[ME]
        return self._pages.show(
            request, template, me=_Shown(me), here=here, leads=me.member.leads, looks=looks(me), **data
        )

    def word(self, request: web.Request, name: str, status: int) -> web.Response:
        """A sentence instead of a page; nothing tells a session that is not yours from one that never was."""
        lang = language(request)
        word = getattr(self._pages.texts(lang), name)
        if request.headers.get("HX-Request"):
            return web.Response(text=word, status=status)
        return self.show(request, "word.html", here="", word=word, status=status)


class _Shown:
    """What templates see of who asks: the token only makes the mark of a form."""

    def __init__(self, me: Me) -> None:
        self.token = me.token
        self.member = me.member


def looks(me: Me) -> bool:
    """May see who did what, and say what was meant."""
    return bool(me.member.roles & {Role.LEADER, Role.ADMIN})
