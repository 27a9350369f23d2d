"""Chinese numerals as people write them: 五十, 一百五, 三千二, 两万零五, 叁佰, 一三八零零. Pure."""

from __future__ import annotations

import re

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    **dict(zip("〇○洞幺两俩仨壹贰叁肆伍陆柒捌玖", (0, 0, 0, 1, 2, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    **dict(zip("弌弍弎拐勾", (1, 2, 3, 7, 9), strict=True)),
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "萬": 10_000}
HAN = "".join((*DIGITS, *UNITS, "廿", "卅"))  # every character that a numeral is made of
RUN = f"[{HAN}]+"

_SHORT = {"廿": "二十", "卅": "三十"}
_TIMES = re.compile(r"[十拾百佰千仟万萬]")


def number(text: str) -> int | None:
    """`十` → 10, `一百五` → 150, `一百零五` → 105, `两万三` → 23000; None when it is no numeral. At most 99,999,999."""
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    if not text or any(c not in DIGITS and c not in UNITS for c in text):
        return None
    if not _TIMES.search(text):
        return int(digits(text)) if len(text) <= 8 else None
    head, unit, tail = text.replace("萬", "万").partition("万")
    if not unit:
        return _below(text)
    many, rest = _below(head) if head else None, _rest(tail)
    return None if many is None or rest is None else many * 10_000 + rest


def digits(text: str) -> str:
    """Digit by digit: `一三八零零` → `13800`; what is no digit stays."""
    return "".join(str(DIGITS[c]) if c in DIGITS else c for c in text)


def _below(text: str) -> int | None:
    """Below 10,000; every unit at most once and in falling order."""
    total, last, digit = 0, 10_000, None
    for at, char in enumerate(text):
        if char in DIGITS:
            if digit:
                return None
            digit = DIGITS[char]
            continue
        unit = UNITS[char]
        if unit >= last or digit == 0 or (digit is None and (unit > 10 or at)):
            return None
        total, last, digit = total + (1 if digit is None else digit) * unit, unit, None
    if digit is None:
        return total
    spoken = len(text) > 1 and text[-2] in UNITS  # 一百五 is 150, 一百零五 is 105
    return total + digit * (last // 10 if spoken else 1) if last < 10_000 or len(text) == 1 else None


def _rest(text: str) -> int | None:
    """What follows 万: nothing, 三 = 3000, 零五 = 5, 三千五."""
    if not text:
        return 0
    if len(text) == 1 and text in DIGITS:
        return DIGITS[text] * 1000
    core = text.lstrip("零〇")
    return _below(core) if core else None
