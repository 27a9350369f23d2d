"""Which products were meant, one or several, and what they cost together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from bot.dialog.apart import Apart, apart
from bot.dialog.picking import picked
from bot.dialog.words import fold
from bot.intents.base import Call
from bot.intents.clauses import own_words
from bot.intents.slots import product_words
from bot.intents.text import clean
from bot.model import Product, Service
from bot.spoken import ALL, without_quantity
from bot.words import mask

MOST = 4  # products of one order: named in full, they fill a phone
_AND = re.compile(r"\s*(?:和|、|,|，|;|；|跟|与|及|以及|还有|加上|\band\b|\+|&)\s*")
_ALL = re.compile(rf"{ALL}|全退|都退")
_SIZE = re.compile(r"^\d+(?:元|块钱?|m|兆|g)?(?:的)?|^\d+ yuan ")
_PLURAL = re.compile(r"(?<=[a-z])s$")
_VERB_BEHIND = re.compile("(?:开通|办理|订购|开|订|办|来|要|买|加)+$")
_PAID = re.compile("收费|扣钱|扣费|要钱|花钱|paid")


def products(call: Call, offered: Sequence[Product]) -> tuple[list[Product], bool]:
    """(those that may be meant, is it sure that all of them are)."""
    if call.slots.items:
        return [p for p in offered if p.id in call.slots.items], True
    if told := set_apart(call, offered, closing=False):
        return ([p for p in offered if p.id in told.wished], True) if told.wished else ([], False)
    call = _of_its_own(call, closing=False)
    if several := each(call, offered):
        return several, True
    found = call.pick(_uncounted(call), offered) or _mentioned(call, offered)
    return found, len(found) == 1


def _of_its_own(call: Call, *, closing: bool) -> Call:
    """Of 退订来电显示，再开通139邮箱 the one or the other."""
    words = own_words(call.slots.line, closing=closing)
    return replace(call, slots=replace(call.slots, words=words)) if words else call


def _uncounted(call: Call) -> str:
    """流量包开两个 → 流量包."""
    words = call.slots.words
    return _VERB_BEHIND.sub("", without_quantity(words)).strip() or words if call.slots.quantity else words


def of_kind(call: Call, words: str, offered: Sequence[Product]) -> list[Product]:
    """In whose names the words are: 流量包 → every one of them; 7元流量包 as well, where none costs 7."""
    one = _PLURAL.sub("", words)
    for said in dict.fromkeys((one, _SIZE.sub("", one))):
        if len(said) > 1 and (found := [p for p in offered if any(said in name for name in _names(call, p))]):
            return found
    found = call.pick(words, offered)
    return found if len(found) == 1 else []


def _names(call: Call, product: Product) -> list[str]:
    return [clean(name) for name in (product.name, call.tongue.name(product.name), *product.alias)]


def _mentioned(call: Call, offered: Sequence[Product]) -> list[Product]:
    """By name in a sentence that begins with no verb: 麻烦帮我把呼叫转移改成…"""
    if call.slots.words:
        return []
    said = clean(call.slots.line)
    return [p for p in offered if clean(p.name) in said or clean(call.tongue.name(p.name)) in said]


def services(call: Call, owned: Sequence[Service]) -> tuple[list[Service], bool]:
    """The same of what the line has: by id, by the digits of the list (退订 1 3), by name, or all of it.

    What is to stay is never among them: 除了手机报都退, also of a list.
    """
    had = [s.product for s in owned]
    if told := set_apart(call, had, closing=True):
        listed = [s for s in owned if s.id in call.slots.items or not call.slots.items]
        return _but(told, listed, chosen=bool(call.slots.items) and not call.slots.words)
    if call.slots.items:
        return [s for s in owned if s.id in call.slots.items], True
    call = _of_its_own(call, closing=True)
    words = call.slots.words
    if places := _places(call, len(owned)):
        return [s for n, s in enumerate(owned, 1) if n in places], True
    if _ALL.search(words):
        return [s for s in owned if s.product.price > 0 or not _PAID.search(words)], True
    named = {p.id for p in each(call, had) or call.pick(words, had)}
    meant = [s for s in owned if s.product.id in named]
    if call.slots.number and any(s.number == call.slots.number for s in meant):
        meant = [s for s in meant if s.number == call.slots.number]
    return meant, bool(meant) and not _doubled(meant) and (len(named) == 1 or len(meant) == len(each(call, had)))


def _doubled(meant: Sequence[Service]) -> bool:
    """Several numbers of one kind: which of them?"""
    return len({s.product.id for s in meant}) < len(meant)


def _but(told: Apart, offered: Sequence[Service], *, chosen: bool) -> tuple[list[Service], bool]:
    """What is left of them, what is to stay left out; of a list that was `chosen` from, all of that."""
    left = [s for s in offered if s.product.id not in told.kept]
    if told.wished:
        meant = [s for s in left if s.product.id in told.wished]
        return meant, bool(meant) and not _doubled(meant)
    return left, told.rest or chosen


def set_apart(call: Call, offered: Sequence[Product], *, closing: bool) -> Apart | None:
    """What of these the line names as not meant: 除了手机报, 不退彩铃; None where it sets nothing apart."""
    shorts = {(clean(name), p.id) for p in offered for name in (p.short, call.tongue.short(p)) if name}
    return apart(
        clean(call.slots.line),
        sorted({(name, p.id) for p in offered for name in _names(call, p)} | shorts),
        closing=closing,
        near=lambda words: [p.id for p in call.pick(product_words(words), offered)],
    )


def _places(call: Call, many: int) -> tuple[int, ...]:
    """Of the list that 0000 shows: 退订 1 3, 退第一个. A figure beyond its end may be part of a name."""
    line = picked(fold(call.slots.line), many)
    found = picked(fold(call.slots.words), many) or (line if line and line.how == "off" else None)
    beyond = found and found.figures and max(found.places) > min(many, 9)
    return found.places if found and not beyond else ()


def parts(words: str) -> list[str]:
    """彩铃和手机报 → 彩铃, 手机报."""
    return [part for part in _AND.split(words) if part]


def each(call: Call, offered: Sequence[Product]) -> list[Product]:
    """彩铃和手机报 → both; [] unless every part names one for sure."""
    named = parts(call.slots.words)
    if len(named) < 2:
        named = _run_together(call, offered)
    if len(named) < 2:
        return []
    found = [call.pick(part, offered) for part in named]
    return list({p[0].id: p[0] for p in found}.values()) if all(len(p) == 1 for p in found) else []


def _run_together(call: Call, offered: Sequence[Product]) -> list[str]:
    """开通彩铃 手机报 names both; [] unless the words are names and nothing else."""
    words = clean(call.slots.words)
    names = sorted({name for p in offered for name in _names(call, p)}, key=len, reverse=True)
    name = re.compile("|".join(map(re.escape, names)))
    found = name.findall(words) if names else []
    return found if len(found) > 1 and not name.sub("", words).strip("和跟与及个 ") else []


def together(call: Call, chosen: Sequence[Product]) -> str:
    """`8元/月`, `8元/月、10元/次`, `免费`."""
    sums: dict[str, Decimal] = {}
    for product in chosen:
        if product.price:
            sums[product.period] = sums.get(product.period, Decimal(0)) + product.price
    each = [call.tongue.price(Product("", "", price=amount, period=period)) for period, amount in sums.items()]
    return call.says("、", " + ").join(each) or call.tongue.price(chosen[0])


def label(call: Call, service: Service) -> str:
    """`彩铃`, `呼叫转移 139****9000`."""
    name = call.tongue.name(service.product.name)
    return f"{name} {mask(service.number)}" if service.number else name
