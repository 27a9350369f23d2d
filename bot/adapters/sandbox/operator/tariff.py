"""What one month costs, by item. Pure: same random source, same charges."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from bot.adapters.sandbox.operator.offers import Offer


class Charge(NamedTuple):
    """One item of a bill. `kind` ties usage records to it; `amount` in 分, negative = a discount."""

    kind: str
    name: str
    amount: int


# kind, name, chance that a month has it at all, most 分 of a full month
_USAGE = (
    ("voice.local", "本地通话费", 0.95, 4200),
    ("voice.distance", "长途通话费", 0.7, 2600),
    ("voice.roaming", "漫游通话费", 0.2, 3500),
    ("sms", "短信费", 0.8, 900),
    ("data", "手机上网流量费", 0.75, 2400),
)
_WEIGHT = {"gotone": 1.6, "mzone": 0.7, "easyown": 0.6, "group": 1.3}


def line_charges(rng: Random, brand: str, plan: Offer, services: Iterable[Offer], share: float) -> list[Charge]:
    """Fees are due in full on the first day; usage grows with `share`, the part of the month that is over (0…1]."""
    charges = [Charge("plan", f"{plan.name}月费", plan.fee)]
    charges += [service_charge(service) for service in services if service.fee]
    for kind, name, chance, most in _USAGE:
        happens, part = rng.random() < chance, rng.random() ** 2
        amount = round(most * _WEIGHT[brand] * part * share)
        if happens and amount:
            charges.append(Charge(kind, name, amount))
    if rng.random() < 0.2:
        charges.append(Charge("discount", "套餐优惠", -min(500, plan.fee // 4)))
    return charges


def service_charge(service: Offer) -> Charge:
    return Charge("service", f"{service.name}功能费" if not service.allowances else service.name, service.fee)


def group_charges(rng: Random, members: int, share: float) -> list[Charge]:
    """The bill of a company: what it pays for its members and for itself."""
    return [
        Charge("group", "集团专线月租费", 120000),
        Charge("group", "集团短号月功能费", members * 300),
        Charge("group", "企业邮箱月使用费", members * 500),
        Charge("group", "集团短信费", round(rng.randint(8000, 30000) * share) + 10),
        Charge("group", "统付通话费", round(rng.randint(30000, 90000) * share) + 10),
        Charge("discount", "集团优惠", -6000),
    ]
