"""One page per test subscriber: the chat, his phone, and who he is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.adapters.sandbox.page.guard import harden, own_pages_only

HERE = Path(__file__).parent
BRANDS = {"gotone": "全球通", "mzone": "动感地带", "easyown": "神州行", "group": "集团客户"}
HINTS = ("你好", "查话费", "上个月呢", "积分", "开通彩铃", "确认", "0000", "退订", "人工")


@dataclass(frozen=True, slots=True)
class PageAccount:
    """A test subscriber of the loopback demo. `brand` is its key, `title` what tells him from the others."""

    jid: str
    password: str = field(repr=False)
    number: str
    brand: str
    service_password: str = field(repr=False)
    title: str

    @property
    def brand_name(self) -> str:
        return BRANDS.get(self.brand, self.brand)

    @property
    def number_spaced(self) -> str:
        """13800138000 → 138 0013 8000, as people read it."""
        head, middle, tail = self.number[:-8], self.number[-8:-4], self.number[-4:]
        return " ".join(part for part in (head, middle, tail) if part)


def page(
    accounts: Sequence[PageAccount],
    *,
    bot_jid: str,
    websocket_path: str = "/xmpp-websocket",
    handset_path: str = "/handset",
) -> web.Application:
    """The demo's root application; the websocket and the handset are added to it, and so share its guard.

    `/` shows the first account, `/?as=<number>` the one with this number.
    """
    if not accounts:
        raise ValueError("the page needs at least one account")
    app = web.Application(middlewares=[own_pages_only])
    app.on_response_prepare.append(harden)
    show = partial(
        _show,
        accounts={account.number: account for account in accounts},
        template=_template(),
        common={"bot": bot_jid, "websocket": websocket_path, "handset": handset_path},
    )
    app.router.add_get("/", show)
    app.router.add_get("/favicon.ico", _favicon)
    app.router.add_static("/static/", HERE / "static")
    return app


async def _show(
    request: web.Request, *, accounts: dict[str, PageAccount], template: Template, common: dict[str, str]
) -> web.Response:
    wanted = request.query.get("as")
    me = accounts.get(wanted) if wanted else next(iter(accounts.values()))
    if me is None:
        raise web.HTTPSeeOther("/")  # a bookmark from before the data was made anew
    settings = common | {"jid": me.jid, "password": me.password, "number": me.number}
    everyone = accounts.values()
    text = template.render(me=me, accounts=everyone, brands=_brands(everyone), hints=HINTS, settings=settings)
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})


def _brands(accounts: Iterable[PageAccount]) -> dict[str, PageAccount]:
    """The first account of each brand, in the order of the accounts."""
    firsts: dict[str, PageAccount] = {}
    for account in accounts:
        firsts.setdefault(account.brand, account)
    return firsts


def _template() -> Template:
    loader = FileSystemLoader(HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html")


async def _favicon(_: web.Request) -> web.FileResponse:
    return web.FileResponse(HERE / "static" / "icon.svg")
