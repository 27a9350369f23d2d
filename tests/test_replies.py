"""Every reply: said by code, complete, every branch of it readable on a phone; every SMS within two segments."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes
from jinja2.meta import find_undeclared_variables
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS, MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.adapters.sandbox.operator.catalogue import CATALOGUE
from bot.adapters.sandbox.operator.offers import BRAND_NAMES, Offer
from bot.intents import points, service
from bot.intents.base import PAGE, Call
from bot.model import (
    SHANGHAI,
    Account,
    Balance,
    Bill,
    Brand,
    Draft,
    Entry,
    Item,
    OperationState,
    Payment,
    Points,
    PointsEntry,
    Product,
    Reply,
    Service,
    Session,
    Slots,
)
from bot.paths import shipped
from bot.render import JinjaRenderer
from bot.talk import MOST_CHARACTERS, MOST_LINES
from bot.wiring import Words
from bot.words import BRANDS
from tests.support.samples import AT, STATES, account, asked, choosing, operation, session

ROOT = shipped("replies") / "zh"
BOT = Path(__file__).parents[1] / "bot"
GIVEN = {"session", "now", "house", "office", "brands"}
NOT_DATA = {"state", "menu", "secret", "personal", "logout"}
NAMES = {str(path.relative_to(ROOT).with_suffix("")) for path in ROOT.rglob("*.j2")}
FOLDERS = {name.split("/")[0] for name in NAMES}

# --- code and templates agree ----------------------------------------------------------------------------------


@cache
def sources() -> tuple[ast.AST, ...]:
    return tuple(node for path in BOT.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8"))))


def said() -> set[str]:
    words = (node.value for node in sources() if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {word for word in words if re.fullmatch(r"[a-z]+/[a-z_]+", word) and word.split("/")[0] in FOLDERS}


def test_every_template_is_said_and_every_template_that_is_said_exists() -> None:
    assert said() == NAMES


@cache
def calls() -> dict[str, list[set[str]]]:
    """Template → the names of the data it is given, once per place in the code that says it by name."""
    found: dict[str, list[set[str]]] = defaultdict(list)
    for node in sources():
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Reply", "UserError"}
        ):
            continue
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and all(word.arg for word in node.keywords):
            found[first.value].append({word.arg or "" for word in node.keywords} - NOT_DATA)
    return found


PLAIN = Environment(trim_blocks=True, lstrip_blocks=True)
for _filter in ("yuan", "short", "month", "mask", "price", "duration", "lasting", "reason", "date"):
    PLAIN.filters[_filter] = str


def parsed(name: str) -> nodes.Template:
    return PLAIN.parse((ROOT / f"{name}.j2").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_nothing_is_given_that_is_not_read(name: str) -> None:
    wanted = find_undeclared_variables(parsed(name)) - GIVEN
    given = {word for words in calls().get(name, []) for word in words}
    assert given - wanted <= {"account", "operation"}, "given, and never read"


def test_what_a_template_reads_in_every_branch_is_given_everywhere() -> None:
    always = {
        "gate/password": {"title", "digits"},
        "gate/code": {"operation", "digits", "life", "again"},
        "gate/sms_limit": {"limit", "wait", "word", "sends"},
        "talk/remind": {"kind", "asked", "hint", "digits"},
        "sms/code": {"code", "operation", "life"},
    }
    assert {name: set.union(*calls()[name]) for name in always} == always


# --- every branch of every template ----------------------------------------------------------------------------

OP = operation()
LONG = replace(OP, title="退订彩铃、手机报、139邮箱、来电显示、5元流量包、20元流量包、移动秘书、无线音乐")
OPS = [{"operation": op} for op in (OP, LONG)]
TITLES = ["查话费", "查余额", "查积分", "积分兑换", "缴费记录", "已开业务", "开通业务", "人工服务"]
MENUS = [{"titles": TITLES, "account": a} for a in (None, account(), account(Brand.GROUP))]
PRODUCTS = [Product(f"p{n}", f"很长的业务名字{n}", price=Decimal("123.45")) for n in range(PAGE)]
SERVICES = [Service(p.id, p) for p in PRODUCTS]
REWARDS = [Product(f"r{n}", f"全球通杂志半年{n}", points=12345, kind="reward") for n in range(PAGE)]
ITEMS = tuple(Item(f"很长的费用名称{n}", Decimal("1234.56")) for n in range(9))
BALANCE = Balance(Decimal("25.60"), until="2027-06-30")
DAY = datetime(2026, 5, 10, 9, 30, tzinfo=SHANGHAI)
PAYMENTS = [Payment(DAY, Decimal("1000.00"), "网上营业厅")] * PAGE
HISTORY = [PointsEntry(DAY, -12000, "兑换全球通杂志半年")] * PAGE
EASYOWN = account(Brand.EASYOWN, prepaid=True)
MZONE = account(Brand.MZONE, prepaid=True)


def entry(state: OperationState, reason: str = "", title: str = OP.title) -> Entry:
    return Entry(replace(OP, title=title), state, "1-abc", reason)


def bill(*, open: bool, items: tuple[Item, ...] = ITEMS) -> Bill:
    return Bill("2026-05", sum((i.amount for i in items), Decimal(0)), items, open)


def reminders() -> list[dict[str, Any]]:
    hints = ("stale", "finish_first", "number", "numbers", "quantity", "help", "open")
    long = replace(asked(), options=tuple((p.name, p.id) for p in PRODUCTS))
    states = [*STATES.values(), long, replace(long, several=True)]
    kinds = [(type(state).__name__.lower(), state) for state in states]
    return [{"kind": kind, "asked": state, "hint": hint, "digits": 6} for kind, state in kinds for hint in hints]


LIMITED = {"idle": 300, "absolute": 1800, "unconfirmed": 600}
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "balance/query": [
        {"balance": BALANCE, "account": EASYOWN},
        {"balance": replace(BALANCE, until=""), "account": EASYOWN},
        {"balance": Balance(Decimal(0), due=Decimal("58.30")), "account": account()},
        {"balance": Balance(Decimal("3.00")), "account": account()},
    ],
    "bill/future": [{"month": "2026-06"}],
    "bill/none": [{"month": "2026-04"}],
    "bill/query": [
        {"bill": b, "account": a, "balance": balance, "topup": topup}
        for b in (bill(open=True), bill(open=False), bill(open=True, items=ITEMS[:2]), None)
        for a, balance in ((EASYOWN, BALANCE), (MZONE, BALANCE), (account(), None))
        for topup in ((PAYMENTS[0], None) if a is EASYOWN else (None,))
    ],
    "bill/too_old": [{"month": "1990-03", "first": "2025-05"}],
    "error/bug": [{}],
    "error/no_command": [{}],
    "error/refused": [{"code": code} for code in ("insufficientPoints", "ERR_0815", "余额不足", "")],
    "error/too_fast": [{}],
    "error/unavailable": [{"what": what} for what in ("redis", "sms", "operator", "database")],
    "fault/report": [{"ticket": ticket} for ticket in ("T000001", "")],
    "gate/code": [o | {"again": a, "digits": 6, "life": 180} for o in OPS for a in (True, False)],
    "gate/code_none": OPS,
    "gate/code_void": [o | {"locked": locked, "wait": 1800} for o in OPS for locked in (True, False)],
    "gate/code_wrong": [{"left": 2}],
    "gate/locked": [{"wait": 1800}],
    "gate/not_offered": [{"account": account(b), "title": "查积分", "titles": TITLES} for b in Brand],
    "gate/password": [{"title": title, "digits": 6} for title in ("查话费", "登录")],
    "gate/password_wrong": [
        {"left": left, "locked": locked, "wait": wait}
        for left, locked, wait in ((2, False, 0), (0, True, 0), (0, True, 80000))
    ],
    "gate/sms_failed": [o | {"wait": 60} for o in OPS],
    "gate/sms_limit": [
        {"limit": limit, "wait": 40, "sends": 3, "word": word}
        for limit in ("cooldown", "sends", "hour", "day", "jid")
        for word in ("重发", "确认")
    ],
    "line/suspend": [{"ticket": ticket} for ticket in ("T000001", "")],
    "note/absolute": [LIMITED | {"operation": None}],
    "note/code_void": [LIMITED | o for o in OPS],
    "note/expired": [LIMITED | {"operation": None}],
    "note/idle": [LIMITED | {"operation": None}],
    "note/logged_in": [{}],
    "note/notice": [{}],
    "note/parked": OPS,
    "note/reset": [{}],
    "note/still_open": [o | {"code": code} for o in OPS for code in (True, False)],
    "note/withdrawn": [LIMITED | o for o in OPS],
    "oos/domain": [{}],
    "operation/done": [{"entry": entry(OperationState.DONE, title=o["operation"].title)} for o in OPS],
    "operation/failed": [{"entry": entry(OperationState.FAILED, reason)} for reason in ("busy", "ERR_0815", "")],
    "operation/none": [{"serial": "H260510-ABC123"}],
    "operation/pending": [{"entry": entry(s)} for s in (OperationState.UNKNOWN, OperationState.STAFF)],
    "operation/query": [
        {"entries": [entry(state) for state in OperationState][:5]},
        {"entries": [entry(state) for state in OperationState][5:]},
        {"entries": [entry(OperationState.DONE)]},
        {"entries": [entry(OperationState.DONE, title=LONG.title)] * 5},
        {"entries": []},
    ],
    "operation/void": OPS,
    "operation/withdrawn": OPS,
    "payment/history": [{"payments": p, "more": bool(p), "months": 6} for p in (PAYMENTS, [])],
    "points/history": [{"entries": e, "more": bool(e), "months": 6} for e in (HISTORY, [])],
    "points/quantity": [{"reward": REWARDS[0], "most": 9, "total": 99999, "wrong": wrong} for wrong in (0, -1, 12)],
    "points/query": [{"points": Points(3200, 200, "2026-12-31")}, {"points": Points(0)}],
    "points/redeem": [
        {"reward": reward, "quantity": 2, "cost": 2000, "left": 1200}
        for reward in (REWARDS[0], replace(REWARDS[0], description="《全球通》杂志半年，按账单地址邮寄。"))
    ],
    "points/rewards": [{"rewards": REWARDS, "more": more, "total": 99999} for more in (True, False)],
    "points/too_few": [{"total": 12, "least": least} for least in (300, 0)],
    "profile/number": [{"account": account(b)} for b in Brand],
    "service/cancel": [{"services": s} for s in (SERVICES[:1], SERVICES, [*SERVICES, *SERVICES[:4]])],
    "service/choose": [
        {"products": PRODUCTS, "more": more, "said": named, "found": found}
        for more, named, found in ((True, True, True), (False, True, False), (True, False, False))
    ],
    "service/choose_cancel": [{"services": SERVICES, "more": more, "said": not more} for more in (True, False)],
    "service/have_it": [{"product": PRODUCTS[0]}],
    "service/nothing_offered": [{}],
    "service/nothing_open": [{}],
    "service/query": [{"services": s, "more": more} for s, more in ((SERVICES, True), (SERVICES, False), ([], False))],
    "service/subscribe": [
        {"product": product}
        for product in (
            PRODUCTS[0],
            replace(PRODUCTS[0], description="包含30MB国内通用流量，当月有效，不结转。", period="once"),
            replace(PRODUCTS[0], price=Decimal(0)),
        )
    ],
    "sms/code": [{"code": "012345", "life": 180, **o} for o in OPS],
    "talk/back": MENUS,
    "talk/bot_challenge": [{}],
    "talk/bye": [{"was": was} for was in (True, False)],
    "talk/cancel": MENUS,
    "talk/choose": [{"options": choosing().options, "guarded": guarded} for guarded in (True, False)],
    "talk/complaint": [{"ticket": ticket} for ticket in ("T000001", "")],
    "talk/elsewhere": [menu | {"title": "近六个月账单"} for menu in MENUS],
    "talk/greet": MENUS,
    "talk/handoff": [{"ticket": ticket} for ticket in ("T000001", "")],
    "talk/help": MENUS,
    "talk/login": [{"account": account(b)} for b in Brand],
    "talk/logout": [{"was": was} for was in (True, False)],
    "talk/oos": [*(menu | {"again": False} for menu in MENUS), {"again": True}],
    "talk/raw": [{"text": OP.terms}],
    "talk/remind": reminders(),
    "talk/repeat": [{"text": "余额 25.60元"}, {"text": ""}],
    "talk/thanks": [{}],
}


def render(words: Words, name: str, data: dict[str, Any]) -> str:
    return words.render(Reply(name, **data), lang="zh", brand=Brand.GOTONE, session=session(), at=AT)


def test_there_is_a_sample_of_every_template() -> None:
    assert set(SAMPLES) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_sample_fits_a_phone_and_reads_well(name: str, words: Words) -> None:
    for data in SAMPLES[name]:
        text = render(words, name, data)
        assert text, data
        assert len(text.splitlines()) <= MOST_LINES, text
        assert len(text) <= MOST_CHARACTERS, text
        assert not re.search(r"None|\{\{|\}\}|\{%|Decimal|<|>|&|undefined", text), text
        assert all(line == line.rstrip() for line in text.splitlines()), text
        assert not re.search(r"(?<=[一-鿿])[,;:!?]|[,;!?](?=[一-鿿])", text), "half-width punctuation: " + text
        assert not re.search(r"[，。；：！？、]{2}|（）|“”|  $", text), text


def pieces(name: str) -> set[str]:
    """Every piece of Chinese that stands in a template, whatever branch it is in."""
    tree = parsed(name)
    texts = [node.data for node in tree.find_all(nodes.TemplateData)]
    texts += [node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)]
    lines = (line.strip() for text in texts for line in text.splitlines())
    return {line for line in lines if re.search(r"[一-鿿]", line)}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_samples_go_through_every_branch(name: str, words: Words) -> None:
    """A title that is only compared with is no piece of its own."""
    whole = "\n".join(render(words, name, data) for data in SAMPLES[name])
    assert {piece for piece in pieces(name) if piece not in whole} <= ({"登录"} if name == "gate/password" else set())


def test_what_a_customer_typed_is_never_a_template(words: Words) -> None:
    for text in ("{{7*7}}", "{% for i in range(9) %}x{% endfor %}", "{{ ''.__class__ }}", "{# x #}", "{{"):
        for name, key in (("talk/repeat", "text"), ("talk/raw", "text"), ("operation/none", "serial")):
            assert text in render(words, name, {key: text})


def test_what_secrets_need_stands_in_no_other_reply() -> None:
    texts = {name: (ROOT / f"{name}.j2").read_text("utf-8") for name in NAMES}
    assert [name for name, text in texts.items() if re.search(r"\{\{ *code *\}\}", text)] == ["sms/code"]
    assert not [
        name for name, text in texts.items() if "password" in find_undeclared_variables(parsed(name)) or not text
    ]


# --- every operation of the sandbox's catalogue, worded and as SMS ---------------------------------------------


def product(offer: Offer) -> Product:
    return Product(
        offer.id, offer.name, offer.short, offer.text, Decimal(offer.fee) / 100, offer.period, offer.points, offer.kind
    )


class Shop(MemoryHall):
    """Sells the whole catalogue of the sandbox to a line that has all of it, or nothing yet."""

    def __init__(self, *, full: bool) -> None:
        super().__init__()
        self.full = full

    async def points(self, account: Account) -> Points:
        return Points(10_000_000)

    async def rewards(self, brand: Brand) -> list[Product]:
        return [product(offer) for offer in CATALOGUE if offer.kind == "reward" and brand.value in offer.brands]

    async def catalogue(self, brand: Brand) -> list[Product]:
        return [product(offer) for offer in CATALOGUE if offer.kind == "service" and brand.value in offer.brands]

    async def services(self, account: Account) -> list[Service]:
        every = await self.catalogue(account.brand)
        return [Service(f"i-{p.id}", p) for p in every] if self.full else []


def call(words: Words, hall: Shop, brand: Brand, slots: Slots) -> Call:
    known = replace(account(brand), number=NUMBERS[brand])
    here = replace(session(), account=known)
    return Call(here, slots, hall, MemoryLedger(), words.menus, words.catalogue, AT, "k")


async def drafts(words: Words, brand: Brand) -> list[Draft]:
    """Everything that this brand can subscribe to, cancel (alone, by page, nine by their digits) or redeem."""
    empty, full = Shop(full=False), Shop(full=True)
    answers = [
        await service.subscribe(call(words, empty, brand, Slots(items=(p.id,)))) for p in await empty.catalogue(brand)
    ]
    have = [s.id for s in await full.services(account(brand))]
    groups = [*([id] for id in have), *(have[n : n + PAGE] for n in range(0, len(have), PAGE)), have[:9]]
    answers += [await service.cancel(call(words, full, brand, Slots(items=tuple(ids)))) for ids in groups]
    if brand in points.WITH_POINTS:
        for reward in await full.rewards(brand):
            slots = Slots(items=(reward.id,), quantity=99)
            answers.append(await points.redeem(call(words, full, brand, slots)))
    assert all(isinstance(answer, Draft) for answer in answers)
    return [answer for answer in answers if isinstance(answer, Draft)]


def segments(text: str) -> int:
    """UCS-2: 70 characters in one, 67 in each of several (3GPP 23.040)."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else -(-units // 67)


@pytest.mark.parametrize("brand", Brand)
async def test_every_operation_is_worded_on_a_phone_and_in_two_segments(brand: Brand, words: Words) -> None:
    for draft in await drafts(words, brand):
        terms = words.render(draft.reply, lang="zh", brand=brand, session=session(), at=AT)
        assert len(terms.splitlines()) <= MOST_LINES - 1, terms  # a note may stand in front
        assert len(terms) <= MOST_CHARACTERS, terms
        assert "确认" in terms
        assert "取消" in terms
        assert all(item.name in terms for item in draft.order.items), "everything that is agreed to is named"
        meant = replace(OP, order=draft.order, title=draft.title, sms=draft.sms)
        sms = render(words, "sms/code", {"code": "012345", "operation": meant, "life": 180})
        assert segments(sms) <= 2, sms
        assert segments(sms) == 1 or not draft.title.startswith("开通"), sms
        assert draft.order.price.removesuffix("元") in sms or draft.title.startswith("退订"), "the price is repeated"
        for name in ("gate/code", "operation/withdrawn", "gate/code_void"):
            data = {"operation": meant, "again": True, "digits": 6, "life": 180, "locked": True, "wait": 1800}
            assert len(render(words, name, data)) <= MOST_CHARACTERS


async def test_a_paid_service_is_named_with_price_period_start_and_end(words: Words) -> None:
    for draft in await drafts(words, Brand.GOTONE):
        if draft.title.startswith("开通"):
            terms = words.render(draft.reply, lang="zh", brand=None, session=session(), at=AT)
            name = draft.title.removeprefix("开通")
            assert all(
                part in terms for part in (name, draft.order.price, "资费：", "生效：", f"退订{name}", "确认吗？")
            )


def test_brands_have_one_name_everywhere() -> None:
    assert dict(BRAND_NAMES) == BRANDS == {brand.value: BRANDS[brand.value] for brand in Brand}


def test_undefined_data_is_an_error_of_ours(words: Words) -> None:
    with pytest.raises(Exception, match="'digits' is undefined"):
        words.render(Reply("gate/password", title="查话费"), lang="zh", brand=None, session=Session(), at=AT)


def test_a_template_that_does_not_exist_is_an_error_of_ours() -> None:
    renderer = JinjaRenderer(shipped("replies"), house="示例移动", office="工作日")
    with pytest.raises(LookupError, match="no template for talk/nothing"):
        renderer(Reply("talk/nothing"), lang="zh", brand=None, session=Session(), at=AT)
