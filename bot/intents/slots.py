"""What was said besides the intent: month, serial, product words, several digits. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.intents.months import month, span
from bot.intents.periods import between, without_ranges
from bot.intents.pinyin import initials
from bot.intents.text import bare, clean, syllables
from bot.model import Product, Slots
from bot.spoken import amount, phone, quantity, short_number
from bot.spoken.numerals import HAN
from bot.spoken.phones import without_phones

_SERIAL = re.compile(r"(?<![a-z0-9])h\s?(\d{6})\s?-?\s?([0-9a-hjkmnp-tv-z]{6})(?![a-z0-9])", re.IGNORECASE)
_LATIN = re.compile("[a-z]{3}")
_VERB = re.compile(
    r"^(?:我?(?:想|要)?(?:开通|办理|订购|开启|定制|申请|订阅|退订|取消|关闭|关掉|停用|停掉|退掉|不要|办个|办|开个|开|订|退|关|加|kt|qx)"
    r"(?:一下|一个|个)?)"
)
_VERB_BEHIND = re.compile(  # 流量包退订, 把流量包给我退了
    r"^(?:我的?|把|将|这个|那个)*+(?P<name>.{2,12}?)(?:业务|功能)?(?:我|给我|帮我|替我|都|也|先|就)*"
    r"(?:退订|退掉|退|取消掉?|关闭|关掉|关|停掉|停用|停|不想?要|不需要|不用|去掉|删掉|删除|开通|订购|办理)(?:一下|掉|了|吧)*$"
)
_TO_A_NUMBER = re.compile(
    r"(?:改|转|设置?)?(?:到|至|成|给|\bto\b)\s*\d[\d\s-]{2,}$"
)  # no number of a mobile phone, or it is read
_NOTHING_NAMED = frozenset(  # typed in letters: 换套餐, tdyw
    sounds(wish)
    for wish in (
        *("换套餐", "改套餐", "变更套餐", "更换套餐", "换个套餐", "套餐变更", "办套餐", "转套餐", "调套餐", "升级套餐"),
        *("退订业务", "退业务", "取消业务", "关闭业务", "关业务", "开通业务", "办理业务", "办业务", "开业务", "订业务"),
        *("业务办理", "业务退订", "退订", "开通", "办理", "订购"),
    )
    for sounds in (syllables, initials)
) | {"hbtc", "changeplan", "switchplan", "upgrademyplan", "cheaperplan"}
_LETTER_OF, _ME = re.compile("[a-z]"), re.compile("^(?:wo)?(?:xiang|yao)*(?=.)")
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


def serial(text: str) -> str:
    """A 流水号 in the text, as `H261124-ABC123`, "" if none."""
    found = _SERIAL.search(text)
    return f"H{found[1]}-{found[2].upper()}" if found else ""


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
    core = _TO_A_NUMBER.sub("", bare(text))
    if _LETTER_OF.search(core) and _ME.sub("", syllables(core)) in _NOTHING_NAMED:
        return ""
    rest = _VERB.sub("", core)
    if rest == core and (behind := _VERB_BEHIND.match(core)):
        return _TAIL.sub("", behind["name"]).strip()[:12]
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
    until, months = between(text, now)
    return Slots(
        month=until or month(text, now),
        months=months or span(text),
        words=product_words(without_phones(text) if number else text)[:40],
        quantity=quantity(text) if figures else 0,
        serial=serial(text) if figures else "",
        number=number,
        amount=amount(without_ranges(text)) if figures else None,
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
