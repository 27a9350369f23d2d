"""Templates → pages: autoescaped, in the language of the browser."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot import english
from bot.adapters.deskweb.texts import Texts, texts
from bot.adapters.records.staff import csrf
from bot.model import Ms, local
from bot.words import BRANDS, mask

_BRANDS = {"zh": BRANDS, "en": english.BRANDS}
HERE = Path(__file__).parent


class Pages:
    """`houses` are the operator's name by language."""

    def __init__(self, houses: Mapping[str, str]) -> None:
        self._houses = houses
        self._env = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters |= {"clock": clock, "day": day, "span": span, "mask": mask, "brand": _brand, "said": _said}

    def render(self, lang: str, template: str, **data: Any) -> str:
        return self._env.get_template(template).render(
            t=texts(lang), lang=lang, house=self._houses[texts(lang).lang], **data
        )

    def texts(self, lang: str) -> Texts:
        return texts(lang)

    def show(self, request: web.Request, template: str, *, status: int = 200, **data: Any) -> web.Response:
        me = data.setdefault("me", None)
        form = csrf(me.token) if me else ""
        text = self.render(language(request), template, form=form, **data)
        return web.Response(text=text, status=status, content_type="text/html")


def language(request: web.Request) -> str:
    """As it was chosen, else as the browser prefers; Chinese first."""
    chosen = request.cookies.get("desk-language", "")
    if chosen in ("zh", "en"):
        return chosen
    return "en" if request.headers.get("Accept-Language", "zh").lower().startswith("en") else "zh"


def clock(at: Ms) -> str:
    """14:05."""
    return f"{local(at):%H:%M}" if at else ""


def day(at: Ms) -> str:
    return f"{local(at):%m-%d %H:%M}" if at else ""


def span(ms: Ms) -> str:
    """How long, as a clock shows it: 0:07, 12:05, 1:02:00."""
    seconds = max(0, ms // 1000)
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _brand(name: str, lang: str) -> str:
    return _BRANDS[lang].get(name, "")


def _said(text: str) -> Markup:
    """A text with its lines; nothing in it is markup."""
    return Markup("<br>").join(text.split("\n"))
