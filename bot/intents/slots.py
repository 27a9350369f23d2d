"""What was said besides the intent: month, serial, product words, several digits. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from rapidfuzz import fuzz

from bot.intents import english_months
from bot.intents.pinyin import initials
from bot.intents.text import bare, clean, syllables
from bot.model import Product, Slots
from bot.spoken import amount, count, phone, quantity, short_number
from bot.spoken.numerals import HAN
from bot.spoken.phones import without_phones

_HAN = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12, "两": 2}
_MONTH = re.compile(
    r"(?:(?P<year>(?<!\d)(?:(?:19|20)\d\d年?|\d\d年)|大?前年|去年|今年|明年|后年)\s*|(?<![\d一二三四五六七八九十]))"
    r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])\s*月(?:份)?"
)
_DATED = re.compile(r"(?<!\d)(?P<year>20\d\d)\s*[-./]\s*(?P<month>1[0-2]|0?[1-9])(?![\d.])")  # 2025-03, 2025.3
_AGO = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十半]{1,2})\s*个?月(?:以|之)?前")
_ENDS = re.compile(r"[到至]|[~—–-]")
_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_NO_MONTH = re.compile(
    r"(?P<year>(?<!\d)(?:19|20)\d\d年|去年|前年|今年|明年|后年|(?<!\d))\s*(?P<month>1[3-9]|[2-9]\d|00?)\s*月(?!租)"
)
_SERIAL = re.compile(r"(?<![a-z0-9])h\s?(\d{6})\s?-?\s?([0-9a-hjkmnp-tv-z]{6})(?![a-z0-9])", re.IGNORECASE)
_NO_SINGLE = re.compile(r"(?:最近|近|过去)\s*(?:\d{1,2}|[一二两三四五六七八九十])\s*个?月")  # 近三月 is no 三月
_SPAN = re.compile(r"(?:最近|近|过去|前)\s*(?P<n>\d{1,2}|[一二两三四五六七八九十半])\s*(?:个)?\s*(?P<unit>月|年)")
_RELATIVE = (
    *(("上上上个月", -3), ("上上上月", -3)),
    *(("上上个月", -2), ("上上月", -2), ("前个月", -2), ("大上个月", -2)),
    *(("上个月", -1), ("上月", -1), ("上个月份", -1)),
    *(("下个月", 1), ("下月", 1)),
)
_THIS = ("这个月", "本月", "当月", "这月", "现在")
_ECHO = re.compile(  # possessive: 再看看再看看再看看… has 2ⁿ readings
    r"^(?:那么|那|再查|再看看|再看|查|看|换成|换)*+(?:一下)?(?:个)?(?:的|呢|吧|怎么样|多少|份)*+$"
)
_LATIN = re.compile("[a-z]{3}")
_VERB = re.compile(
    r"^(?:我?(?:想|要)?(?:开通|办理|订购|开启|定制|申请|订阅|退订|取消|关闭|关掉|停用|停掉|退掉|不要|办个|办|开个|开|订|退|关|加|kt|qx)"
    r"(?:一下|一个|个)?)"
)
_VERB_ENGLISH = re.compile(
    r"^(?:(?:please|i|we|want|would|like|need|to|can|could|you|let|me|for) )*"
    r"(?:want|need|subscribe|unsubscribe|cancel"
    r"|stop|remove|open|activate|order|buy|get|add|take|turn o(?:n|ff)|switch o(?:n|ff)"
    r"|redeem|exchange|spend(?: my)? points)(?: (?:to|from|on|off|for|the|my|a|an|some))*(?: |$)"
)
_TAIL = re.compile(r"(?:业务|服务|功能|的|了|吧|\b(?:services?|please|now)$)+$")
_SHORT = re.compile(r"短号|\bshort (?:number|no)\b")
_FIGURES = re.compile(rf"[\d{HAN}]")
_KINDS = {
    "通话": re.compile(r"通话|语音|分钟|打.{0,4}电话|通话时长|话单|\bcalls?\b|\bminutes?\b"),
    "短信": re.compile(r"短信|彩信|sms|\btexts?\b|\btext messages?\b"),
    "流量": re.compile(r"流量|上网|gprs|\d\s*[gm]b?(?![a-z])|几个?[gm]|[gm]数|data|wlan|\binternet\b"),
    "漫游": re.compile(r"漫游|\broaming\b"),
}
_CASES = {  # of a line that is to be stopped
    "挂失": re.compile("挂失|丢|偷|抢[了走]|掉了|掉厕所|不见|找不到|遗失|失窃|扒手|贼|没了|lost|stolen|guashi"),
    "保号": re.compile(
        "保号|报停|暂停|暂时|停[几一二两三四五六七八九十\\d]+个?[月年天]|出国|先停着|先不用|不用了|tjbh|baoting"
        "|pause|keep my number|abroad"
    ),
}
_KIND = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in (*_KINDS.values(), *_CASES.values())))


_WHOM = r"1[3-9]\d{9}(?:\s*[,、和及]?\s*1[3-9]\d{9})*"
_TEXTING = r"(?:发|写)(?:一?条|个)?(?:短信|信息|消息)"
_LETTER = re.compile(
    rf"(?:请|麻烦你?|帮我|我要|我想)*(?:{_TEXTING}给\s*(?P<to>{_WHOM})[\s,:说]|给\s*(?P<whom>{_WHOM})\s*(?:{_TEXTING}|说|:))"
    rf"|(?:please )?(?:send (?:a |an )?(?:text|sms|message)(?: message)? to|text)\s*(?P<for>{_WHOM})[\s,:]"
)
LINE = 1000  # characters of a message that are kept as typed
SURE = 80.0  # 手机电视 is no 手机报, 来电提醒 no 来电显示


@lru_cache(maxsize=256)
def months_back(month: str, n: int) -> str:
    """`2026-01`, 1 → `2025-12`; n may be negative."""
    year, number = int(month[:4]), int(month[5:])
    index = year * 12 + number - 1 - n
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def days_back(now: datetime, months: int) -> datetime:
    """The same day so many months ago, its first minute: 31 March, 1 → 28 February."""
    month = months_back(f"{now:%Y-%m}", months)
    year, number = int(month[:4]), int(month[5:])
    day = min(now.day, monthrange(year, number)[1])
    return datetime(year, number, day, tzinfo=now.tzinfo)


def month(text: str, now: str) -> str:
    """The month that was said, as `2026-10`, "" if none. `12月` said in May is last year's: bills lie in the past.

    13月 is said as well (`2026-13`): see `is_month`.
    """
    if dated := _DATED.search(text):
        return f"{dated['year']}-{int(dated['month']):02d}"
    if "月" not in text and "现在" not in text:
        return english_months.month(text, now) if _LATIN.search(text) else ""
    for word, back in _RELATIVE:
        if word in text:
            return months_back(now, -back)
    if any(word in text for word in _THIS):
        return now
    if ago := _AGO.search(text):
        return months_back(now, count(ago["n"]))
    text = _NO_SINGLE.sub(" ", text)
    found = _MONTH.search(text) or _NO_MONTH.search(text)
    if not found:
        return english_months.month(text, now) if _LATIN.search(text) else ""
    number = _number(found["month"])
    year = _year(found["year"] or "", int(now[:4]))
    if year is None:
        year = int(now[:4]) - (1 if number > int(now[5:]) else 0)
    return f"{year:04d}-{number:02d}"


def between(text: str, now: str) -> tuple[str, int]:
    """`10月到12月` → (the later one, 3): up to which month, and how many; ("", 0) when no two ends were said."""
    first, *rest = _ENDS.split(text, maxsplit=1)
    if not rest or _DATED.search(text):
        return "", 0
    begin, end = month(first, now), month(rest[0], now)
    if not begin or not end or not is_month(begin) or not is_month(end):
        return "", 0
    if begin > end:
        begin = months_back(begin, 12)
    apart = (int(end[:4]) - int(begin[:4])) * 12 + int(end[5:]) - int(begin[5:])
    return (end, apart + 1) if 0 <= apart < 24 else ("", 0)


def is_month(month: str) -> bool:
    """13月 and 0月 are said, and are none."""
    return 1 <= int(month[5:]) <= 12


def without_month(text: str) -> str:
    """The words that are left to say what is asked: 1990年3月的话费 → 的话费; the text itself if nothing is left."""
    rest = _SPAN.sub("", _NO_MONTH.sub("", _MONTH.sub("", text, count=1), count=1), count=1)
    for word, _ in _RELATIVE:
        rest = rest.replace(word, "")
    return english_months.without(rest.strip(" 的")) or text


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 1 if text == "元" else _HAN[text]


def _year(text: str, this: int) -> int | None:
    if not text:
        return None
    if named := {
        "去年": this - 1,
        "前年": this - 2,
        "大前年": this - 3,
        "今年": this,
        "明年": this + 1,
        "后年": this + 2,
    }.get(text):
        return named
    digits = text.rstrip("年")
    return int(digits) if len(digits) == 4 else this // 100 * 100 + int(digits)


def span(text: str) -> int:
    """`最近三个月` → 3, `近半年` → 6; 0 if none."""
    if "月" not in text and "年" not in text:
        return english_months.span(text) if _LATIN.search(text) else 0
    found = _SPAN.search(text)
    if not found:
        return 6 if "半年" in text else english_months.span(text)
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
    rest = _NO_MONTH.sub("", _MONTH.sub("", rest, count=1), count=1).strip()
    return bool(_ECHO.match(rest)) or bool(_LATIN.search(text) and english_months.echo(text))


def kind(text: str) -> str:
    """What of: 通话, 短信, 流量, 漫游, else 挂失 or 保号 (why to stop a line); "" when none or several are named."""
    line = clean(text)
    if not _KIND.search(line):
        return ""
    found = [name for name, pattern in _KINDS.items() if pattern.search(line)]
    found = found or [name for name, pattern in _CASES.items() if pattern.search(line)]
    return found[0] if len(found) == 1 else ""


def product_words(text: str) -> str:
    """What follows the verb: 开通彩铃业务 → 彩铃; "" when nothing is named."""
    core = bare(text)
    rest = _VERB.sub("", core)
    if _LATIN.search(rest):
        rest = _VERB_ENGLISH.sub("", rest)
    return "" if rest == core and len(core) > 12 else _TAIL.sub("", rest).strip()


def letter(text: str) -> tuple[str, ...]:
    """Whom a text that is dictated in one go is for, 给13800138000发短信说…: what it says is no part of the wish."""
    found = _LETTER.match(clean(text))
    to = found["to"] or found["whom"] or found["for"] if found else ""
    return tuple(dict.fromkeys(re.findall(r"1[3-9]\d{9}", to)))


def read(raw: str, now: str) -> Slots:
    """Everything that a line says, whatever its intent. `now` is this month."""
    text = clean(raw)
    figures = bool(_FIGURES.search(text))
    number = phone(text) if figures else ""
    until, months = between(text, now) if "月" in text else ("", 0)
    return Slots(
        month=until or month(text, now),
        months=months or span(text),
        words=product_words(without_phones(text) if number else text)[:40],
        quantity=quantity(text) if figures else 0,
        serial=serial(text) if figures else "",
        number=number,
        amount=amount(text) if figures else None,
        kind=kind(text),
        short=short_number(text) if figures and _SHORT.search(text) else "",
        line=raw.strip()[:LINE],
    )


def pick(words: str, products: Sequence[Product], cutoff: float = 60.0) -> list[Product]:
    """The products that `words` may mean, best first; a clear and sure winner alone; [] when nothing comes near.

    Every number that was said must occur in the product (understanding.md, 7).
    """
    if not words:
        return []
    said = re.findall(r"\d+", words)
    fitting = [p for p in products if set(said) <= _figures(p)]
    code = syllables(words)
    scored = sorted(((_near(words, code, p), p) for p in fitting), key=lambda pair: -pair[0])
    near = [(score, p) for score, p in scored if score >= cutoff]
    if near and near[0][0] >= SURE:
        named = [p for _, p in near if p.name == words]
        if len(near) == 1 or near[0][0] - near[1][0] >= 10 or len(named) == 1:
            return named[:1] or [near[0][1]]
    return [p for _, p in near] if len(near) > 1 or said else []  # 流量包20: no other has a 20


INITIALS = (
    95.0  # KTCL: people know the letters from the SMS commands; of two services with the same ones they are asked
)


def _figures(product: Product) -> set[str]:
    return set(re.findall(r"\d+", " ".join((product.name, f"{product.price.normalize():f}", *product.alias))))


def _near(words: str, code: str, product: Product) -> float:
    names = {name.lower() for name in (product.name, product.short, *product.alias)} - {""}
    best = 0.0
    for name in names:
        spoken = syllables(name)
        if len(words) > 1 and words == initials(name):
            best = INITIALS
        if name in words or words in name:
            best = max(best, 90.0 + 10.0 * min(len(words), len(name)) / max(len(words), len(name)))
        best = max(best, fuzz.ratio(words, name), fuzz.ratio(code, spoken) - 2)
    return best
