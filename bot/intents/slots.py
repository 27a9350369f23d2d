"""What was said besides the intent: month, serial, product words, several digits. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.intents.text import bare, clean, syllables
from bot.model import Product, Slots

_HAN = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12, "两": 2}
_MONTH = re.compile(
    r"(?:(?P<year>(?<!\d)(?:19|20)\d\d年?|去年|前年|今年)\s*|(?<![\d一二三四五六七八九十]))"
    r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月(?:份)?"
)
_SERIAL = re.compile(r"(?<![a-z0-9])h\s?(\d{6})\s?-?\s?([0-9a-hjkmnp-tv-z]{6})(?![a-z0-9])", re.IGNORECASE)
_SPAN = re.compile(r"(?:最近|近|过去|前)\s*(?P<n>\d{1,2}|[一二两三四五六七八九十半])\s*(?:个)?\s*(?P<unit>月|年)")
_RELATIVE = (
    *(("上上个月", -2), ("上上月", -2), ("前个月", -2)),
    *(("上个月", -1), ("上月", -1), ("上个月份", -1)),
    *(("下个月", 1), ("下月", 1)),
)
_THIS = ("这个月", "本月", "当月", "这月", "现在")
_ECHO = re.compile(  # possessive: 再看看再看看再看看… has 2ⁿ readings
    r"^(?:那么|那|再查|再看看|再看|查|看|换成|换)*+(?:一下)?(?:个)?(?:的|呢|吧|怎么样|多少|份)*+$"
)
_VERB = re.compile(
    r"^(?:我?(?:想|要)?(?:开通|办理|订购|开启|定制|申请|订阅|退订|取消|关闭|关掉|停用|停掉|退掉|不要|办个|办|开个|开|订|退|关|加|kt|qx)"
    r"(?:一下|一个|个)?)"
)
_TAIL = re.compile(r"(?:业务|服务|功能|的|了|吧)+$")


SURE = 80.0  # 手机电视 is no 手机报, 来电提醒 no 来电显示


def months_back(month: str, n: int) -> str:
    """`2026-01`, 1 → `2025-12`; n may be negative."""
    year, number = int(month[:4]), int(month[5:])
    index = year * 12 + number - 1 - n
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month(text: str, now: str) -> str:
    """The month that was said, as `2026-10`, "" if none. `12月` said in May is last year's: bills lie in the past."""
    for word, back in _RELATIVE:
        if word in text:
            return months_back(now, -back)
    if any(word in text for word in _THIS):
        return now
    found = _MONTH.search(text)
    if not found:
        return ""
    number = _number(found["month"])
    year = _year(found["year"] or "", int(now[:4]))
    if year is None:
        year = int(now[:4]) - (1 if number > int(now[5:]) else 0)
    return f"{year:04d}-{number:02d}"


def without_month(text: str) -> str:
    """The words that are left to say what is asked: 1990年3月的话费 → 的话费; the text itself if nothing is left."""
    rest = _SPAN.sub("", _MONTH.sub("", text, count=1), count=1)
    for word, _ in _RELATIVE:
        rest = rest.replace(word, "")
    return rest.strip(" 的") or text


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _HAN[text]


def _year(text: str, this: int) -> int | None:
    if not text:
        return None
    return {"去年": this - 1, "前年": this - 2, "今年": this}.get(text) or int(text[:4])


def span(text: str) -> int:
    """`最近三个月` → 3, `近半年` → 6; 0 if none."""
    found = _SPAN.search(text)
    if not found:
        return 6 if "半年" in text else 0
    n = 0 if found["n"] == "半" else _number(found["n"])
    return (n * 12 or 6) if found["unit"] == "年" else n


def serial(text: str) -> str:
    """A 流水号 in the text, as `H261124-ABC123`, "" if none."""
    found = _SERIAL.search(text)
    return f"H{found[1]}-{found[2].upper()}" if found else ""


def follow_up(text: str, now: str) -> bool:
    """Nothing but a month and particles: 上个月呢, 那3月份的."""
    if not month(text, now):
        return False
    rest = text
    for word, _ in _RELATIVE:
        rest = rest.replace(word, "")
    for word in _THIS:
        rest = rest.replace(word, "")
    return bool(_ECHO.match(_MONTH.sub("", rest, count=1).strip()))


def product_words(text: str) -> str:
    """What follows the verb: 开通彩铃业务 → 彩铃; "" when nothing is named."""
    core = bare(text)
    rest = _VERB.sub("", core)
    return "" if rest == core and len(core) > 12 else _TAIL.sub("", rest)


def read(raw: str, now: str) -> Slots:
    """Everything that a line says, whatever its intent. `now` is this month."""
    text = clean(raw)
    return Slots(month=month(text, now), months=span(text), words=product_words(text)[:40], serial=serial(text))


def pick(words: str, products: Sequence[Product], cutoff: float = 60.0) -> list[Product]:
    """The products that `words` may mean, best first; a clear and sure winner alone; [] when nothing comes near.

    Every number that was said must occur in the product (understanding.md, 7).
    """
    if not words:
        return []
    said = re.findall(r"\d+", words)
    fitting = [p for p in products if all(n in re.findall(r"\d+", f"{p.name} {p.price.normalize():f}") for n in said)]
    code = syllables(words)
    scored = sorted(((_near(words, code, p), p) for p in fitting), key=lambda pair: -pair[0])
    near = [(score, p) for score, p in scored if score >= cutoff]
    if near and near[0][0] >= SURE and (len(near) == 1 or near[0][0] - near[1][0] >= 10 or near[0][1].name == words):
        return [near[0][1]]
    return [p for _, p in near] if len(near) > 1 else []


def _near(words: str, code: str, product: Product) -> float:
    names = {product.name.lower(), product.short.lower()} - {""}
    best = 0.0
    for name in names:
        spoken = syllables(name)
        if name in words or words in name:
            best = max(best, 90.0 + 10.0 * min(len(words), len(name)) / max(len(words), len(name)))
        best = max(best, fuzz.ratio(words, name), fuzz.ratio(code, spoken) - 2)
    return best
