"""Data for every branch of the replies about lines: plans, family, company, suspension, card, invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from bot.intents.base import PAGE
from bot.intents.bill import FEW, Items
from bot.model import Balance, Bill, Group, Item, LineStatus, Member, Plan, Product, Service

Samples = dict[str, list[dict[str, Any]]]

SINCE = "2026-05-01"
INCLUDED = (("voice", 350), ("data", 150), ("sms", 60))
LONG = "全球通商旅188元套餐"
CHEAP = Product("p1", "全球通58元套餐", "全球通58", price=Decimal(58), kind="plan", included=INCLUDED, later=True)
DEAR = Product("p2", LONG, "商旅188", price=Decimal(188), kind="plan", included=INCLUDED, later=True)
PLAIN = Product("p3", "老套餐", description="每月38元，不含通话。", price=Decimal(38), kind="plan")
PLANS = [replace(DEAR, id=f"p{n}") for n in range(4)]
PLAN = Plan("P-2", CHEAP, SINCE, "2027-12-31")
FAMILY = Product("f", "亲情号码", description="拨打所设亲情号码，市话每分钟0.1元。", price=Decimal(1), most=5)
NUMBERS = [Service(f"s{n}", FAMILY, SINCE, f"1390013900{n}") for n in range(PAGE)]
SHORT = Product("v", "集团短号", price=Decimal(3))
MEMBERS = tuple(Member(f"1380013830{n}", "欧阳秀英", f"60{n}" if n else "", admin=n < 3) for n in range(PAGE))
GROUP = Group("东方进出口贸易有限公司", MEMBERS, SHORT)
BILLS = [
    Bill("2026-05", Decimal("9876.50"), tuple(Item(f"很长的费用名称{n}", Decimal("1234.56")) for n in range(n)), open)
    for n in (9, 2)
    for open in (True, False)
]
LINES = [
    LineStatus(suspended=True, reason=reason, since=since)
    for reason in ("owing", "lost", "parked", "")
    for since in (SINCE, "")
]
OWED, LEFT = Balance(Decimal(0), due=Decimal("58.30")), Balance(Decimal("25.60"))

ENGLISH = {
    "东方进出口贸易有限公司": "Eastern Import and Export Co",
    "欧阳秀英": "Ouyang Xiuying",
    "老套餐": "old plan",
    "每月38元，不含通话。": "38 yuan a month, without calls.",
}

SAMPLES: Samples = {
    "family/add": [{"offer": offer, "number": "13900139000"} for offer in (FAMILY, replace(FAMILY, price=Decimal(0)))],
    "family/ask": [{"offer": FAMILY, "left": 3, "wrong": wrong} for wrong in ("", "own", "there", "none")],
    "family/choose": [{"numbers": NUMBERS, "more": more, "said": more} for more in (True, False)],
    "family/full": [{"most": 5}],
    "family/none": [{}],
    "family/not_offered": [{}],
    "family/query": [
        {"numbers": NUMBERS, "more": True, "most": 5, "offer": FAMILY},
        {"numbers": NUMBERS[:1], "more": False, "most": 0, "offer": None},
        {"numbers": [], "more": False, "most": 5, "offer": FAMILY},
        {"numbers": [], "more": False, "most": 0, "offer": None},
    ],
    "family/remove": [{"numbers": numbers} for numbers in (NUMBERS, NUMBERS[:1])],
    "group/ask_number": [
        {"wrong": wrong, "known": MEMBERS[1] if wrong == "there" else None, "number": "13912345678"}
        for wrong in ("", "there", "taken", "short", "nobody", "elsewhere")
    ],
    "group/bill": [
        {"bill": bill, "items": items, "more": bool(items.left), "group": GROUP, "admins": admins}
        for bill in BILLS
        for items in (Items.of(bill, FEW, 0), Items.of(bill, FEW, 1))
        for admins in ((), MEMBERS[:2])
    ],
    "group/choose": [{"members": MEMBERS, "more": more, "said": more} for more in (True, False)],
    "group/members": [{"group": GROUP, "members": members, "more": bool(members)} for members in (MEMBERS, ())],
    "group/no_group": [{}],
    "group/none": [{}],
    "group/not_admin": [{"group": GROUP, "admins": admins} for admins in (MEMBERS[:3], ())],
    "group/nothing_offered": [{}],
    "group/number_add": [
        {"group": replace(GROUP, offer=offer), "number": "13900139000", "short": short}
        for offer in (SHORT, replace(SHORT, price=Decimal(0)))
        for short in ("668", "")
    ],
    "group/number_remove": [{"group": GROUP, "member": MEMBERS[1]}],
    "invoice/email": [{"month": "2026-04"}],
    "invoice/hall": [{"month": "2026-04"}],
    "invoice/how": [{"month": "2026-04"}],
    "invoice/not_over": [{"month": "2026-05"}],
    "invoice/request": [{"month": "2026-04", "email": "a.long.name.of.somebody@mail.example.com", "ticket": "T000001"}],
    "service/of_the_group": [{"product": SHORT, "admin": admin} for admin in (True, False)],
    "line/active": [{}],
    "line/already": [{"line": line} for line in LINES],
    "fault/report": [{"ticket": ticket, "line": line} for ticket in ("T000001", "") for line in (LineStatus(), *LINES)],
    "line/blocked": [{"line": line} for line in LINES],
    "line/in_person": [{"line": line} for line in LINES],
    "line/park": [{}],
    "line/resume": [{"line": line} for line in LINES],
    "line/status": [{"line": line, "balance": b} for line in (LineStatus(), *LINES) for b in (OWED, LEFT)],
    "line/suspend": [{"ticket": ticket} for ticket in ("T000001", "")],
    "line/which": [{}],
    "password/again": [{}],
    "password/ask": [{"why": why, "digits": 6} for why in ("", "length", "weak", "differ")],
    "password/change": [{}],
    "password/no_number": [{}],
    "password/reset": [{}],
    "plan/change": [
        {"plan": replace(PLAN, product=old), "new": new, "starts": "2026-06" if new.later else ""}
        for old in (CHEAP, DEAR, PLAIN)
        for new in (CHEAP, DEAR, PLAIN)
    ],
    "plan/choose": [
        {
            "plan": plan,
            "plans": PLANS[: 3 if wish else 4],
            "more": why != "same",
            "why": why,
            "foreign": LONG,
            "wish": wish,
        }
        for plan in (PLAN, replace(PLAN, product=DEAR), replace(PLAN, product=replace(DEAR, price=Decimal(288))))
        for why in ("", "same", "foreign", "which", "unknown", "wish", "best")
        for wish in ("price", "data", "voice", "sms", "")
        if bool(wish) == (why in ("wish", "best")) and (wish or plan is PLAN)
    ],
    "plan/nothing_else": [{"plan": PLAN}],
    "plan/pending": [{"plan": replace(PLAN, next=DEAR), "starts": "2026-06"}],
    "plan/query": [
        {"plan": plan, "starts": "2026-06"}
        for plan in (PLAN, replace(PLAN, next=DEAR, until=""), replace(PLAN, product=PLAIN, since=""))
    ],
    "profile/ask_number": [{"title": title} for title in ("查话费", "")],
    "profile/bind": [{"number": "13900139000"}],
    "profile/bound": [{"number": "13900139000"}],
    "profile/by_name": [{"number": number} for number in ("13900139000", "")],
    "profile/not_bound": [{}],
    "profile/unbind": [{"number": "13900139000"}],
    "puk/query": [{"puk": "01234567"}],
    "sim/replace": [{}],
}
