"""Data for every branch of the replies of the road: gate, notes, talk, money, points, services, operations."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from bot.intents import points
from bot.intents.base import PAGE
from bot.intents.bill import FEW, Items
from bot.intents.payment import SHOWN
from bot.intents.whose import Whose
from bot.model import (
    SHANGHAI,
    Allowance,
    AskedSlot,
    Balance,
    Bill,
    Brand,
    Detail,
    Entry,
    Item,
    OperationState,
    OrderKind,
    Payment,
    Playing,
    Points,
    PointsEntry,
    Product,
    Service,
    Todo,
)
from bot.words import KINDS
from tests.support.samples import AT, STATES, account, asked, choosing, operation

Samples = dict[str, list[dict[str, Any]]]

OP = operation()
PAID = replace(OP, title="给138****8000充值1234.56元")
LONG = replace(OP, title="退订彩铃、手机报、139邮箱、来电显示、5元流量包、20元流量包、移动秘书、无线音乐")
# What the wares of these samples are called in English, so that its templates are as long as they get.
ENGLISH = {
    LONG.title: "Cancel ring-back tone, mobile news, 139 Mail, caller ID, 5 yuan data pack, 20 yuan data pack",
    "很长的业务名字*": "long name of service *",
    "音乐包": "music pack",
    "每月可下载三十首歌曲，另赠铃声一首": "thirty songs a month, and a ring tone",
    "很长的费用名称*": "very long item of a bill *",
    "亲情号码通话": "calls to family",
    "呼和浩特": "Hohhot",
    "查询2026年10月通话详单": "Show records of roaming, October 2026",
}
OPS = [{"operation": op} for op in (OP, LONG)]
TITLES = ["查话费", "查余额", "查积分", "积分兑换", "缴费记录", "已开业务", "开通业务", "人工服务"]
MENUS = [{"titles": TITLES, "account": a} for a in (None, account(), account(Brand.GROUP))]
PRODUCTS = [Product(f"p{n}", f"很长的业务名字{n}", price=Decimal("123.45")) for n in range(PAGE)]
SERVICES = [Service(p.id, p) for p in PRODUCTS]
FORWARDED = [replace(service, number="13900139000") for service in SERVICES[:3]]
TWINS = [replace(p, name="音乐包", description="每月可下载三十首歌曲，另赠铃声一首") for p in PRODUCTS[:2]]
REWARDS = [Product(f"r{n}", f"全球通杂志半年{n}", points=12345, kind="reward") for n in range(PAGE)]
ITEMS = tuple(Item(f"很长的费用名称{n}", Decimal("1234.56")) for n in range(9))
BALANCE = Balance(Decimal("25.60"), until="2027-06-30")
DAY = datetime(2026, 5, 10, 9, 30, tzinfo=SHANGHAI)
PAYMENTS = [Payment(DAY, Decimal("1000.00"), "网上营业厅")] * PAGE
RECORD = Detail(DAY, "roaming", "13900139000", 5999, "哈尔滨市", Decimal("123.45"))
LINK = f"https://{'h' * 32}/f/{'x' * 43}"  # as long as bot.yaml allows
SPENT = [Item(name, Decimal("123.45")) for name in ("通话费", "短信费", "流量费", "漫游费")]
TREND = [Bill(f"2026-{n:02d}", Decimal("1234.56"), open=n == 12) for n in range(7, 13)]
PERIODS = [("2026-03",), ("2025-11", "2025-12", "2026-01", "2026-02"), ("2026-03", "2026-05")]
ALLOWED = [
    Allowance("voice", "亲情号码通话", Decimal(120), Decimal(200), "分钟", "2027-12-31"),
    Allowance("data", "亲情号码通话", Decimal(1280), Decimal(2048), "MB", "2027-12-31"),
    Allowance("sms", "亲情号码通话", Decimal(0), Decimal(100), "条", "2027-12-31"),
]
HISTORY = [PointsEntry(DAY, -12000, "兑换全球通杂志半年")] * points.ROWS
EASYOWN = account(Brand.EASYOWN, prepaid=True)
MZONE = account(Brand.MZONE, prepaid=True)
ADMIN = replace(account(Brand.GROUP), admin=True)


def entry(state: OperationState, reason: str = "", title: str = OP.title) -> Entry:
    return Entry(replace(OP, title=title), state, "1-abc", reason)


def after(intent: str) -> Entry:
    return Entry(replace(OP, intent=intent), OperationState.DONE, "1-abc")


GAINS = (
    *("credit|10.00", "voucher|ABCD-EFGH-JKLM|2027-12-31", "voucher|ABCD|"),
    *("prize|100元话费|000815", "nothing||999999"),
)


def gained(gain: str) -> Entry:
    """A promotion that was joined, and what it gave."""
    order = replace(OP.order, kind=OrderKind.PROMO, price="免费")
    return Entry(replace(OP, order=order, title="参加全球通二十周年感恩大抽奖"), OperationState.DONE, "1-abc", gain)


def bill(*, open: bool, items: tuple[Item, ...] = ITEMS) -> Bill:
    return Bill("2026-05", sum((i.amount for i in items), Decimal(0)), items, open)


def reminders() -> list[dict[str, Any]]:
    wrong = ("number", "numbers", "quantity", "bad_number", "bad_amount", "bad_email")
    secret = ("bad_secret", "bad_secret_words", "bad_secret_length")
    lists = ("one", "not_all", "not_chosen", "expired", "no_list")
    hints = (
        "stale",
        "no_code",
        "no_yes",
        "kept",
        "finish_first",
        "unchanged",
        "only_digits",
        *wrong,
        *secret,
        *lists,
        "help",
        "open",
    )
    long = replace(asked(), options=tuple((p.name, p.id) for p in PRODUCTS))
    figures = [
        AskedSlot(Todo("payment.topup"), slot, at=AT) for slot in ("number", "amount", "secret", "again", "email")
    ]
    states = [*STATES.values(), Playing("1234"), long, replace(long, several=True), *figures]
    kinds = [(type(state).__name__.lower(), state) for state in states]
    return [
        {"kind": kind, "asked": state, "hint": hint, "digits": 6, "out": out}
        for kind, state in kinds
        for hint in hints
        for out in (True, False)
    ]


LISTS: tuple[tuple[list[Entry], bool], ...] = (
    *(([entry(state) for state in OperationState][:4], True), ([entry(state) for state in OperationState][5:], False)),
    *(([entry(OperationState.DONE, title=LONG.title)] * 4, True), ([], False)),
)
PAYEES = (
    Whose(),
    Whose("13800138002"),
    Whose(company=True),
    Whose(company=True, name="东方国际贸易（集团）股份有限责任公司"),
    Whose("13800138004", company=True),
)
LIMITED = {"idle": 300, "absolute": 1800, "unconfirmed": 600}
SAMPLES: Samples = {
    "alert/amount": [{"least": Decimal(1), "most": Decimal(1000), "said": said} for said in (None, Decimal(5000))],
    "alert/ended": [{"threshold": threshold} for threshold in (Decimal(10), Decimal(0))],
    "alert/kept": [{"threshold": Decimal(10)}],
    "alert/set": [{"amount": Decimal("99.50"), "before": before} for before in (Decimal(0), Decimal(10))],
    "balance/query": [
        {"balance": BALANCE, "account": EASYOWN},
        {"balance": replace(BALANCE, until=""), "account": EASYOWN},
        *(
            {"balance": balance, "account": replace(account(), admin=admin)}
            for balance in (Balance(Decimal(0), due=Decimal("58.30")), Balance(Decimal("3.00")))
            for admin in (False, True)
        ),
    ],
    "bill/future": [{"period": period} for period in PERIODS],
    "bill/none": [{"period": period} for period in PERIODS],
    "bill/query": [
        {"bill": b, "account": a, "balance": balance, "topup": topup, "spent": spent, "used": Decimal("12.30")}
        | {"items": items, "more": bool(items.left)}
        for b in (bill(open=True), bill(open=False), bill(open=True, items=ITEMS[:2]), None)
        for a, balance in ((EASYOWN, BALANCE), (MZONE, BALANCE), (account(), None), (ADMIN, None))
        for topup, spent in (((PAYMENTS[0], SPENT), (PAYMENTS[0], []), (None, [])) if a is EASYOWN else ((None, []),))
        for page in (0, 1)
        for items in (Items.of(b, 2 if spent else 3 if balance else FEW, page),)
    ],
    "bill/no_such_month": [{"said": 13}],
    "bill/no_trend": [{"months": 6}],
    "bill/trend": [
        {"bills": bills, "count": n, "sum": Decimal("12345.60"), "mean": mean, "link": link}
        | {"period": period, "cut": cut, "page": page, "more": more}
        for bills, n, mean, link, page, more in (
            (TREND[::-1], 6, Decimal("1058.30"), LINK, 0, False),
            (TREND[:1], 1, None, "", 0, False),
            (TREND[3::-1], 12, Decimal("1058.30"), LINK, 0, True),
            (TREND[3::-1], 12, Decimal("1058.30"), "", 1, True),
        )
        for period in ((), *PERIODS)
        for cut in (False, n > 6)
    ],
    "bill/too_old": [{"period": period, "first": "2025-05"} for period in PERIODS],
    "detail/bad_month": [{"why": why, "month": "2026-06", "first": "2025-11"} for why in ("none", "future", "old")],
    "detail/consent": [{"title": "查询2026年10月通话详单"}],
    "detail/granted": OPS,
    "detail/kind": [{"month": "2026-10"}],
    "detail/later": [{"month": "2026-10", "kind": "roaming"}],
    "detail/query": [
        {"records": records, "total": total, "page": page, "pages": -(-total // 4), "month": "2026-10", "kind": kind}
        | {"link": LINK if page == 1 and total else ""}
        for kind in KINDS
        for page in (1, 2, 3)
        for records, total in (([RECORD] * 4, 12), ([RECORD], 1), ([], 0))
    ],
    "error/bad_month": [
        {"why": why, "said": 13, "period": period, "first": "2025-05"}
        for why in ("none", "future", "old")
        for period in PERIODS
    ],
    "error/bug": [{}],
    "error/no_command": [{}],
    "error/which_month": [{}],
    "error/refused": [{"code": code} for code in ("insufficientPoints", "ERR_0815", "余额不足", "")],
    "error/too_fast": [{}],
    "error/unavailable": [{"what": what, "offer": True} for what in ("redis", "sms", "operator", "database")],
    "gate/code": [o | {"again": a, "digits": 6, "life": 180} for o in OPS for a in (True, False)],
    "gate/code_none": OPS,
    "gate/code_void": [o | {"locked": locked, "wait": 1800} for o in OPS for locked in (True, False)],
    "gate/code_wrong": [{"left": 2}],
    "gate/locked": [{"wait": 1800}],
    "gate/not_offered": [{"account": account(b), "title": "查积分", "titles": TITLES} for b in Brand],
    "gate/password": [{"title": title, "digits": 6} for title in ("查话费", "登录", "Log in")],
    "gate/password_wrong": [
        {"left": left, "locked": locked, "wait": wait}
        for left, locked, wait in ((2, False, 0), (0, True, 0), (0, True, 80000))
    ],
    "gate/sms_failed": [o | {"wait": 60} for o in OPS],
    "gate/sms_limit": [
        {"limit": limit, "wait": 40, "sends": 3, "asked": asked_code}
        for limit in ("cooldown", "sends", "hour", "day", "jid")
        for asked_code in (True, False)
    ],
    "note/absolute": [LIMITED | {"operation": None}],
    "note/code_void": [LIMITED | o for o in OPS],
    "note/expired": [LIMITED | {"operation": None}],
    "note/idle": [LIMITED | {"operation": None}],
    "note/language": [{}],
    "note/logged_in": [{}],
    "note/new_month": [{}],
    "note/notice": [{}],
    "note/parked": OPS,
    "note/instead": [o | {"named": named} for o in OPS for named in (True, False)],
    "note/reset": [{}],
    "note/said_again": [{}],
    "note/not_filed": [{"title": title} for title in ("投诉", "报故障")],
    "note/unsent": [LIMITED | {"operation": None}],
    "note/still_open": [
        o | {"code": code, "brief": brief} for o in OPS for code in (True, False) for brief in (True, False)
    ],
    "note/withdrawn": [LIMITED | o for o in OPS],
    "oos/domain": [{}],
    "operation/done": [
        *({"entry": entry(OperationState.DONE, title=o["operation"].title)} for o in OPS),
        *(
            {"entry": after(intent)}
            for intent in (
                "plan.change",
                "line.suspend",
                "line.resume",
                "group.number.add",
                "points.redeem",
                "family.add",
                "family.remove",
                "password.change",
                "password.reset",
                "profile.bind",
                "profile.unbind",
            )
        ),
        *({"entry": gained(gain)} for gain in GAINS),
    ],
    "operation/failed": [{"entry": entry(OperationState.FAILED, reason)} for reason in ("busy", "ERR_0815", "")],
    "operation/hidden": [{}],
    "operation/none": [{"serial": "H260510-ABC123"}],
    "operation/pending": [{"entry": entry(s)} for s in (OperationState.UNKNOWN, OperationState.STAFF)],
    "operation/query": [
        *({"entries": entries, "when": None, "more": more} for entries, more in LISTS),
        *({"entries": [entry(state, "busy", LONG.title)], "when": DAY, "more": False} for state in OperationState),
        *(
            {"entries": [entry(OperationState.DONE, gain, LONG.title)], "when": DAY, "more": False}
            for gain in ("credit|20.00", "voucher|MVHT-4K7P-92QX|2027-12-31", "prize|50M流量|123456", "nothing||123456")
        ),
    ],
    "operation/void": OPS,
    "operation/withdrawn": OPS,
    "payment/history": [
        {"payments": p, "unpaid": open, "more": bool(p), "months": months, "count": 23, "sum": Decimal("12345.60")}
        | {"period": period, "cut": bool(period)}
        for period in ((), *PERIODS)
        for p in (PAYMENTS[: SHOWN - bool(period)], [])
        for open in (None, PAID)
        for months in (1, 12)
    ],
    "payment/amount": [
        {"least": Decimal(1), "most": Decimal(5000), "said": said, "due": due, "whose": whose}
        for said in (None, Decimal(0), Decimal("99999.99"))
        for whose in PAYEES
        for due in (Decimal(0), Decimal("58.30"))
    ],
    "payment/done": OPS,
    "payment/number": [{"said": said, "several": "、" in said} for said in ("", "12345", "13800138001、13800138002")],
    "payment/no_such_number": [{"number": "13912345678"}],
    "payment/pay": [o | {"address": f"https://pay.example.com/checkout/{'x' * 64}"} for o in OPS],
    "payment/topup": [
        {"amount": Decimal("50"), "whose": whose, "unpaid": open} for whose in PAYEES for open in (None, PAID)
    ],
    "points/history": [
        {"entries": e, "more": bool(e), "months": 6, "link": LINK if e else "", "period": period, "cut": bool(period)}
        for period in ((), *PERIODS)
        for e in (HISTORY[bool(period) :], [])
    ],
    "points/quantity": [
        {"reward": REWARDS[0], "most": most, "total": 99999, "wrong": wrong} for wrong in (0, -1, 12) for most in (1, 9)
    ],
    "points/query": [{"points": Points(3200, 200, "2026-12-31")}, {"points": Points(0)}],
    "points/redeem": [
        {"reward": reward, "quantity": 2, "cost": 2000, "left": 1200}
        for reward in (REWARDS[0], replace(REWARDS[0], description="《全球通》杂志半年，按账单地址邮寄。"))
    ],
    "points/rewards": [{"rewards": REWARDS, "more": more, "total": 99999} for more in (True, False)],
    "points/too_few": [{"total": 12, "least": least} for least in (300, 0)],
    "usage/over": [{"period": period} for period in PERIODS],
    "usage/query": [
        {"allowances": ALLOWED, "bars": True, "until": "2027-12-31", "more": False, "link": LINK},
        {"allowances": ALLOWED * 2, "bars": False, "until": "", "more": True, "link": LINK},
        {"allowances": [replace(ALLOWED[0], total=Decimal(0))], "bars": True, "until": "", "more": False, "link": ""},
        {"allowances": [], "bars": True, "until": "", "more": False, "link": ""},
    ],
    "profile/number": [{"account": account(b)} for b in Brand],
    "service/cancel": [{"services": s} for s in (SERVICES[:1], FORWARDED, SERVICES, [*SERVICES, *SERVICES[:4]])],
    "service/choose": [
        {"products": PRODUCTS, "more": more, "said": named, "found": found}
        for more, named, found in ((True, True, True), (False, True, False), (True, False, False))
    ]
    + [{"products": products, "more": False, "said": True, "found": True} for products in (TWINS, PRODUCTS[:1])],
    "service/choose_cancel": [
        {"services": services, "more": more, "said": not more}
        for more in (True, False)
        for services in (SERVICES, FORWARDED)
    ],
    "service/have_it": [{"product": PRODUCTS[0], "number": number} for number in ("", "13900139000")],
    "service/nothing_offered": [{}],
    "service/number": [
        {"product": PRODUCTS[0], "own": own, "current": current, "wrong": wrong}
        for own, wrong in ((True, False), (False, False), (False, True))
        for current in ("", "13900139000")
    ],
    "service/one_by_one": [{"product": PRODUCTS[0]}],
    "service/renumber": [{"product": product, "old": "13900139000", "new": "13900139001"} for product in PRODUCTS],
    "service/several": [
        {"products": products, "had": had, "price": "493.80元/月"}
        for products in (PRODUCTS[:4], PRODUCTS[:2])
        for had in ([], PRODUCTS[4:])
    ],
    "service/too_many": [{"most": 4}],
    "service/nothing_open": [{}],
    "service/nothing_else": [{}],
    "service/query": [
        {"services": s, "more": more, "beside": beside}
        for s, more in ((SERVICES, True), (SERVICES, False), ([], False))
        for beside in (False, True)
    ],
    "service/unknown": [{"products": products} for products in (PRODUCTS[:1], PRODUCTS[:3], [])],
    "service/subscribe": [
        {"product": product, "number": number, "had": had, "one": one}
        for one in (False, True)
        for number in ("", "13900139000")
        for had in ([], PRODUCTS[:2])
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
    "talk/kept": [
        {"idle": idle, "name": name, "operation": replace(OP, intent=intent)}
        for idle in (False, True)
        for name in ("", "5元流量包")
        for intent in (
            "service.subscribe",
            "service.cancel",
            "family.add",
            "family.remove",
            "line.suspend",
            "plan.change",
        )
    ],
    "talk/cancel": [{**menu, "idle": idle} for menu in MENUS for idle in (False, True)],
    "talk/choose": [{"options": choosing().options, "guarded": guarded} for guarded in (True, False)],
    "talk/complaint": [{"ticket": ticket} for ticket in ("T000001", "")],
    "talk/counter": [{"title": "套餐与业务", "titles": ["添加亲情号"] * 12}, {"title": "积分", "titles": TITLES[:1]}],
    "talk/greet": [
        {"titles": TITLES, "account": one, "running": running}
        for one in (None, *(account(brand) for brand in Brand))
        for running in ([], ["全球通感恩送话费", "神州行乐翻天抽奖"])
    ],
    "talk/handoff": [{"ticket": ticket} for ticket in ("T000001", "")],
    "talk/help": MENUS,
    "talk/language": MENUS,
    "talk/login": [{"account": account(b)} for b in Brand],
    "talk/logout": [{"was": was} for was in (True, False)],
    "talk/oos": [
        *(menu | {"again": False, "offer": False} for menu in MENUS),
        *({"again": True, "offer": offer} for offer in (True, False)),
    ],
    "talk/unsent": [{"unknown": unknown, "minutes": 10} for unknown in (True, False)],
    "talk/stuck": [{"offer": True}],
    "note/staff": [{"offer": True}],
    "talk/raw": [{"text": OP.terms}],
    "talk/remind": reminders(),
    "talk/repeat": [{"text": "余额 25.60元"}, {"text": ""}],
    "talk/thanks": [{}],
}
