"""/f/<token>: a picture, drawn when somebody looks, or a page with a button that hands out a 详单 as a file.

The token is the only key, so nothing here says whether a wrong one ever was right. What only looks (a preview of the
chat's server or client, a scanner) reads a page with a button: the file itself is posted for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import escape

from aiohttp import web

from bot.adapters.export import file_name, records, written
from bot.adapters.pictures import Drawing
from bot.errors import Refused, Unavailable
from bot.model import Export, Ms, Picture
from bot.ports import Clock, Hall
from bot.ports.files import Files

TOKEN = "{token:[A-Za-z0-9_-]{43}}"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox allow-forms allow-downloads",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
PICTURE = HEADERS | {"Cross-Origin-Resource-Policy": "cross-origin"}  # the client's page shows it
_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
:root {{ color-scheme: light dark; font: 17px/1.6 system-ui, sans-serif; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; box-sizing: border-box; }}
main {{ width: min(22rem, 100%); text-align: center; }} h1 {{ font-size: 1.2rem; }}
button {{ width: 100%; min-height: 3rem; font: inherit; font-weight: 600; border: 0; border-radius: 10px;
  background: #0a58ca; color: #fff; cursor: pointer; }}
p {{ opacity: .75; font-size: .9rem; }}
</style></head><body><main><h1>{title}</h1>{body}<p>{note}</p></main></body></html>
"""
_WORDS = {
    "zh": {
        "gone": ("这个链接已失效", "链接5分钟内有效，最多下载3次，退出登录后立即失效。请回到对话里再要一次。"),
        "later": ("暂时取不到", "请稍等一会儿再试。"),
        "detail": ("{year}年{month}月详单", "内容涉及您的隐私，请勿把链接转给别人。链接5分钟内有效，最多下载3次。"),
        "button": ("下载 CSV 文件", ""),
    },
    "en": {
        "gone": (
            "This link is over",
            "Links live 5 minutes, 3 downloads, and until you log out. Ask in the chat.",
        ),
        "later": ("Not available just now", "Please try again in a moment."),
        "detail": (
            "Detail records {year}-{month:02d}",
            "Personal: pass the link to nobody. 5 minutes, 3 times.",
        ),
        "button": ("Download CSV", ""),
    },
}


class FileRoom:
    """`draw`: pictures; `hall`: whoever is asked for a whole 详单."""

    def __init__(self, files: Files, draw: Drawing, hall: Hall, clock: Clock, count: Callable[..., None]) -> None:
        self._files = files
        self._draw = draw
        self._hall = hall
        self._clock = clock
        self._count = count

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"/f/{TOKEN}", self._get),
            web.get(f"/f/{TOKEN}.png", self._get),
            web.post(f"/f/{TOKEN}", self._post),
            web.get("/f/{rest:.*}", self._nothing),
        ]

    async def _get(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], self._clock()
        try:
            found = await self._files.look(token, now)
            if isinstance(found, Export) and not request.path.endswith(".png"):
                return _page(found.lang, "detail", button=True, month=found.month)
            if isinstance(found, Picture):
                return await self._picture(request, token, now)
        except Unavailable:
            return _page(_lang(request), "later", status=503)
        return _page(_lang(request), "gone", status=404)

    async def _picture(self, request: web.Request, token: str, now: Ms) -> web.Response:
        """A HEAD counts nothing: it shows nothing."""
        if request.method == "HEAD":
            return web.Response(content_type="image/png", headers=PICTURE)
        picture = await self._files.take(token, now)
        if not isinstance(picture, Picture):
            return _page(_lang(request), "gone", status=404)
        png = await asyncio.to_thread(self._draw.png, picture)
        self._count("file_served", kind="picture")
        return web.Response(body=png, content_type="image/png", headers=PICTURE)

    async def _post(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], self._clock()
        try:
            found = await self._files.look(token, now)
            if not isinstance(found, Export):
                return _page(_lang(request), "gone", status=404)
            body = written(found, await records(self._hall, found))  # a failure costs no fetch
            if await self._files.take(token, now) is None:
                return _page(found.lang, "gone", status=404)
        except (Unavailable, Refused):
            return _page(_lang(request), "later", status=503)
        self._count("file_served", kind="detail")
        disposition = f'attachment; filename="{file_name(found)}"'
        headers = HEADERS | {"Content-Disposition": disposition}
        return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)

    async def _nothing(self, request: web.Request) -> web.Response:
        return _page(_lang(request), "gone", status=404)


def _lang(request: web.Request) -> str:
    """Of whoever looks at something that is not there: nothing else is known of him."""
    return "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "zh"


def _page(lang: str, name: str, *, status: int = 200, button: bool = False, month: str = "2000-01") -> web.Response:
    lang = "en" if lang.startswith("en") else "zh"
    title, note = (
        text.format(year=int(month[:4]), month=int(month[5:])) if "{" in text else text for text in _WORDS[lang][name]
    )
    form = f'<form method="post"><button>{escape(_WORDS[lang]["button"][0])}</button></form>' if button else ""
    text = _PAGE.format(lang=lang, title=escape(title), body=form, note=escape(note))
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)
