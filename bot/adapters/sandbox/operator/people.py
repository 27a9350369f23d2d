"""Who the subscribers are: 200 lines in four brands, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bot.adapters.sandbox.operator.catalogue import PLANS, SERVICES
from bot.adapters.sandbox.operator.offers import ALL, EASYOWN, GOTONE, GROUP, Offer

_LEFT = ("S-CRBT", "S-ROAM")
EACH = 50  # lines of every brand
MEMBERS = 10  # of a company, the administrator included
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = ("伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "杰", "涛", "明", "秀英", "建华", "晓东", "丽娟")
COMPANIES = ("东方贸易有限公司", "华通物流有限公司", "晨光电子有限公司", "江南食品有限公司", "远航科技有限公司")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One line. `brand` is gotone, mzone, easyown or group; `account` what the hall shows bills of."""

    number: str
    brand: str
    name: str
    account: str  # of an administrator: the company's
    admin: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber with all that the world is built from. `since` = years ago the line was opened."""

    subscriber: Subscriber
    own_account: str
    prepaid: bool
    company: str  # "" or the name
    vip: str
    years: int
    plan: Offer
    services: tuple[Offer, ...]


def people(seed: int) -> Iterator[Person]:
    """In the order of their numbers: 1380013 8000… 全球通, 8100… 动感地带, 8200… 神州行, 8300… 集团客户."""
    for block, brand in enumerate(ALL):
        for n in range(EACH):
            yield _person(Random(f"{seed}:person:{brand}:{n}"), brand, f"138001{38000 + block * 100 + n}", n)


def company_account(n: int) -> str:
    return f"A8{n:05d}"


def companies() -> list[tuple[str, str]]:
    """(account, name) of each."""
    return [(company_account(n), name) for n, name in enumerate(COMPANIES)]


def _person(rng: Random, brand: str, number: str, n: int) -> Person:
    name = rng.choice(_FAMILY) + rng.choice(_GIVEN)
    own = f"A{number}"
    admin = brand == GROUP and n % MEMBERS == 0
    company = n // MEMBERS
    return Person(
        Subscriber(number, brand, name, company_account(company) if admin else own, admin),
        own,
        prepaid=brand == EASYOWN or (brand == "mzone" and n % 2 == 1),
        company=COMPANIES[company] if brand == GROUP else "",
        vip=rng.choice(("钻石卡", "金卡", "银卡", "")) if brand == GOTONE else "",
        years=rng.randint(2, 9),
        plan=rng.choice([plan for plan in PLANS if brand in plan.brands]),
        services=_services(rng, brand),
    )


def _services(rng: Random, brand: str) -> tuple[Offer, ...]:
    """来电显示 and GPRS for everybody, one to four of the others; never what everybody shall be able to order."""
    known = {offer.id: offer for offer in SERVICES}
    kept = [known["S-CLIP"], known["S-GPRS"]]
    if brand == GROUP:
        kept.append(known["S-VNET"])
    rest = [o for o in SERVICES if brand in o.brands and o not in kept and o.id not in _LEFT and not o.wants]
    return (*kept, *rng.sample(rest, rng.randint(1, 4)))
