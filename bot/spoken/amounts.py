"""Sums of money as people say them: 五十, 一百五, 五块五, 50元, ¥50, 充50. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.spoken.folding import folded
from bot.spoken.numerals import HAN, RUN, number
from bot.spoken.phones import without_phones

LONGEST = 7  # digits before the point: what is longer is an order or a card, no sum

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?[百千万]?"
_HAN = rf"(?:{RUN}(?:点{RUN})?)"
_N = rf"(?P<n>{_ARABIC}|{_HAN})"
_FREE = rf"(?<![\d.\-+*#a-z负第{HAN}])(?<!\d[ ,])"  # nothing that the number is only the end of
_PART = (  # 五块五, 五块五毛五分; not 5元5个
    r"(?:\s*(?P<jiao>[\d零一二两三四五六七八九半])(?:[毛角]|(?![\d.个份次条张本兆月天日g-mb%])))?"
    r"(?:(?P<fen>[\d一二三四五六七八九])分)?"
)
_AFTER = (
    r"(?=\s*(?:$|[,;!?~。、]|的?(?:话费|电话费|手机费)|[吧呗啊呀哦了嘛到给进就好行够充交缴试先时]"
    r"|可以|提醒|告诉|通知|以[下内]))"
)
_BEFORE = r"(?:充值?|冲值?|缴费?|交费?|存|打|转|加|设[置定]?|到|成|为|低于|少于|不足|不到|剩)\s*[个了上入进]?\s*"
_YUAN = re.compile(rf"{_FREE}{_N}\s*(?:元|块|圆|大洋|rmb|yuan|cny)(?:钱|整|人民币)?{_PART}", re.ASCII)
_SIGN = re.compile(rf"[¥￥]\s*(?P<n>{_ARABIC})(?![\d.])", re.ASCII)
_JIAO = re.compile(rf"{_FREE}{_N}\s*[毛角]钱?(?:(?P<fen>[\d一二三四五六七八九])分)?", re.ASCII)
_WHOLE = re.compile(
    r"(?:就|来|先|那|要|充值?|冲|交|缴费?|存|个)*\s*(?P<sum>.+?)\s*(?:就[行好可]以?|吧|呗|啊|哦|好了|行|的|[.。!~])*"
)
_ALONE = re.compile(rf"(?:就|来|先|那|要|充|交|缴|存)*\s*{_N}\s*(?:就[行好可]以?|吧|呗|啊|哦|好了|行|的)*", re.ASCII)
_BARE = re.compile(rf"(?<![:/]){_FREE}(?P<n>{_ARABIC}){_AFTER}", re.ASCII)
_AFTER_VERB = re.compile(rf"{_BEFORE}(?P<n>{_HAN}){_AFTER}", re.ASCII)
_TAIL = re.compile(r"尾号\s*\d+", re.ASCII)


def amount(text: str) -> Decimal | None:
    """The one sum in `text`, in yuan, ≥ 0 with at most two decimals; None when there is none, or there are several.

    A phone number, a month, a count or what stands behind 尾号 is no sum.
    """
    line = _TAIL.sub(" ", without_phones(folded(text)))
    for found in (_named(line), _plain(line)):
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def whole_amount(text: str) -> Decimal | None:
    """The sum that the whole text says: `50`, `充五十吧`, `49.90元`; None when it says anything else."""
    core = _WHOLE.fullmatch(folded(text))
    said = core["sum"] if core else ""
    patterns = (_YUAN, _SIGN, _JIAO, _ALONE)
    match = next((found for pattern in patterns if (found := pattern.fullmatch(said))), None)
    return next(_sum(match, match.re is _JIAO), None) if match else None


def _named(line: str) -> set[Decimal]:
    """Sums with their unit."""
    left = line
    found: set[Decimal] = set()
    for pattern in (_YUAN, _SIGN, _JIAO):
        for match in pattern.finditer(left):
            found.update(_sum(match, pattern is _JIAO))
        left = pattern.sub(" ", left)
    return found


def _plain(line: str) -> set[Decimal]:
    """Numbers that can be nothing but a sum: alone, behind a verb of paying, in front of 话费."""
    if whole := _ALONE.fullmatch(line):
        return set(_sum(whole))
    return {value for pattern in (_BARE, _AFTER_VERB) for match in pattern.finditer(line) for value in _sum(match)}


def _sum(match: re.Match[str], jiao: bool = False) -> Iterator[Decimal]:
    value = _value(match["n"])
    if value is None:
        return
    parts = match.groupdict()
    if jiao:
        value /= 10
    elif small := parts.get("jiao"):
        value += Decimal(5 if small == "半" else number(small) or 0 if not small.isdigit() else int(small)) / 10
    if small := parts.get("fen"):
        value += Decimal(int(small) if small.isdigit() else number(small) or 0) / 100
    yield value


def _value(text: str) -> Decimal | None:
    if not text[0].isascii():
        whole, _, fraction = text.partition("点")
        n = number(whole)
        rest = number(fraction) if fraction else 0
        return None if n is None or rest is None else Decimal(n) + Decimal(rest).scaleb(-len(fraction))
    times = {"百": 100, "千": 1000, "万": 10_000}.get(text[-1], 1)
    digits = text.rstrip("百千万").replace(",", "")
    return Decimal(digits) * times if len(digits.partition(".")[0]) <= LONGEST else None
