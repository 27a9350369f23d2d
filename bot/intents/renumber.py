"""A service that is for another number (呼叫转移) gets a new one in one order: it is never off in between."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from bot.errors import UserError
from bot.intents.base import Call
from bot.model import Answer, Draft, Need, Order, OrderItem, OrderKind, Product, Reply, Service
from bot.spoken.phones import phones
from bot.words import mask

_SAID = re.compile(r"(?:到|至|成|给|\bto )\s*\d[\d\s-]{2,}|\d{7,}")


def numbered(chosen: Sequence[Product], have: Sequence[Service]) -> Service | None:
    """The one that is asked for, that the line has, and whose number is known."""
    if len(chosen) != 1 or not chosen[0].wants_number or chosen[0].most > 1:
        return None
    return next((one for one in have if one.product.id == chosen[0].id and one.number), None)


def renumber(call: Call, service: Service) -> Answer:
    """Old and new are named before anything is agreed to."""
    product, new = service.product, call.slots.number or _behind(service.number, call.slots.line)
    if new == service.number:
        raise UserError("service/have_it", product=product, number=new)
    if not new or new == call.account.number:
        slots = replace(call.slots, items=(product.id,), words="", number="")
        own, wrong = bool(new), no_number(call.slots.line)
        reply = Reply("service/number", product=product, own=own, current=service.number, wrong=wrong and not own)
        return Need("number", reply, slots=slots)
    item = OrderItem("modify", service.id, product.name, details=(("number", new),))
    price = call.says("0元", "0 yuan")
    order = Order(OrderKind.PRODUCT, call.account.number, call.account.id, (item,), price)
    name, short = call.tongue.name(product.name), call.tongue.short(product)
    title = call.says(f"{name}改到{mask(new)}", f"Change {name} to {mask(new)}")
    sms = call.says(f"“{short}”改到{mask(new)}", f'changing "{short}" to {mask(new)}')
    return Draft(
        order, title=title, sms=sms, reply=Reply("service/renumber", product=product, old=service.number, new=new)
    )


def no_number(line: str) -> bool:
    """呼叫转移到12345: a number is said, and no mobile one."""
    return bool(_SAID.search(line)) and not phones(line)


def _behind(old: str, line: str) -> str:
    """从13900139000改到13900139001 says both: the new one, where the old one is the one that is set."""
    match phones(line):
        case (first, second) if first == old:
            return second
        case _:
            return ""
