"""Periods as people name them in Chinese: 3到5月, 三四月, 第一季度, 上半年, 去年. Pure.

Bounded: nothing that may stand any number of times stands in an expression; a text is at most 200 characters.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.intents.months import WRITTEN, YEARS, figured, months_back, number_of, year_of
from bot.intents.period_parts import Group, Part, half, joined, of_year, quarter, quarter_ago, single

_DIGITS = "一二三四五六七八九十"
_ROWS = ("十一十二", *(_DIGITS[at : at + n] for n in range(6, 1, -1) for at in range(len(_DIGITS) - n + 1)))
_YEAR = (
    r"(?:(?<!\d)(?:19|20)\d\d年度?|(?<![\d近去前])2\d年(?![前以之来了内多间])"
    r"|(?:大?前年|去年|上一?年(?!级)|今年|本年|明年|后年)度?)"
)
_NO_END = rf"(?<![\d{_DIGITS}近去前第])"  # it is not the end of another number, nor 近三月
_N = r"(?:1[0-2]|0?[1-9](?!\d)|十[一二]?|[一二三四五六七八九元])"
_RANGE, _LIST = "[到至~–—-]", "[、,/和跟与及或]"
_JOINT = re.compile(rf"\s?({_RANGE}|{_LIST})\s?")
_Q = "[一二三四1-4]"
_RUN = (
    rf"(?:(?P<year>{_YEAR}|(?<!\d)20\d\d(?=\s\d)|(?<!\d)\d\d年(?=\d))\s?的?\s?|{_NO_END})"
    rf"(?P<run>{'|'.join(_ROWS)}|{_N}(?:\s?(?:{_RANGE}|{_LIST})\s?{_N}){{0,11}})\s?月(?!租)份?(?:\d{{1,2}}[日号])?"
)
_PART_OF_YEAR = (
    rf"(?:(?P<in>{_YEAR})\s?的?\s?)?(?:"
    rf"(?P<quarters>(?:第\s?|{_NO_END}){_Q}(?:\s?(?:{_RANGE}|{_LIST})?\s?第?{_Q}){{0,3}})(?:(?<=第{_Q})个?季(?!节)度?|季度)"
    r"|(?<![a-z])q(?P<q>[1-4])(?![a-z0-9])|前(?P<upto>[一二两三四1-4])季度"
    r"|(?P<both>上下半年)|(?P<half>上半年|下半年|后半年))"
)
_SAME = r"(?P<same>大?前年|去年)的?(?:这个?月|本月|同月|同期)"
_END = (
    rf"(?P<ends>{_YEAR})年?(?P<end>[初底末])"
    "|年(?:(?P<told_end>初|[底末](?=的?(?:账单|话费|消费|花费|费用|缴费)))|(?P<bare_end>[底末]))"
)
_SOME = rf"(?P<some>{_YEAR})的?(?P<side>[前头]|最?后)(?P<many>1[0-2]|[1-9]|[一两二三四五六七八九])个月"
_WHOLE = rf"(?P<whole>{_YEAR}|(?<!\d)20\d\d(?=账单))(?:的?[全整]年)?|(?P<all>全年)"
_RELATIVE = (
    r"(?P<up>上{1,3})个?月份?|(?P<two>大上个月|前个月)|(?P<next>下个?月)"
    r"|上(?P<count>1[0-2]|[1-9]|[一两二三四五六七八九])个月"
    r"|(?P<ago>上上|上一?|前一|本|这一?|当|下一?)个?季(?!节)度?"
    r"|(?P<this>这个?月|本月|当月|现在|目前|(?<=[到至])今(?!年)[天日]?)"
)
_ANY = re.compile("|".join((WRITTEN, _RUN, _PART_OF_YEAR, _SAME, _END, _SOME, _WHOLE, _RELATIVE)))
_QUARTERS_AGO = {"上上": 2, "上": 1, "上一": 1, "前一": 1, "下": -1, "下一": -1}
_TO = re.compile(r"\s?(?:的|开始|起)?\s?(?:一直)?(?:到了?|至|~{1,2}|[-–—]{1,2}|to|until)\s?")
_OF = re.compile(
    r"\s?的?(?:(?P<bill>话费|账单|花费|消费|费用)|(?P<paid>缴费|充值)|(?P<points>积分)|(?P<other>流量|详单|发票|余额))"
    "(?:记录|明细)?"
)
_AND = re.compile(rf"(?:{_OF.pattern})?\s?的?\s?(?:[、,和跟与及同比或/&]|以及|还有|或者)\s?")
_ONWARD = re.compile(r"\s?(?:以来|以后|之后|开始|起(?!码))")
_FRONT = re.compile(r"(?:自从|打从|[从自])\s?$")
_BEHIND = re.compile(r"\s?(?:为止|之间|期间|止)")
_HINTS = re.compile(r"[月年季]|q[1-4]|20\d\d")


def groups(text: str, now: str) -> list[Group]:
    """Every period of a cleaned text, in the order in which they stand."""
    if not _HINTS.search(text):
        return []
    found = (_group(match, now) for match in _ANY.finditer(text))
    return [_whole(text, _onward(text, group)) for group in joined(text, found, _joins)]


def _joins(text: str, left: Group, right: Group) -> bool | None:
    between = text[left.end : right.start]
    if not between.strip():  # 3月4月, and not 今年上个月
        return None if left.parts[-1].whole or right.parts[0].whole else False
    if _TO.fullmatch(between):
        return True
    said, then = _AND.fullmatch(between), _OF.match(text, right.end)
    apart = said and then and said.lastgroup and said.lastgroup != then.lastgroup  # 3月账单和4月积分 are two wishes
    return None if apart or not said else False


def _onward(text: str, group: Group) -> Group:
    found = _ONWARD.match(text, group.end)
    return replace(group, end=found.end(), onward=True) if found and len(group.parts) == 1 else group


def _whole(text: str, group: Group) -> Group:
    """With the words that stand around it: 从3月到5月之间."""
    front, behind = _FRONT.search(text, 0, group.start), _BEHIND.match(text, group.end)
    return replace(group, start=front.start() if front else group.start, end=behind.end() if behind else group.end)


def _group(match: re.Match[str], now: str) -> Group:
    said, start, end = match.groupdict(""), match.start(), match.end()
    if run := said["run"]:
        return Group(_run(run, _year(said["year"], now)), start, end, _ranged(run))
    if quarters := said["quarters"] or said["q"]:
        return Group(_quarters(quarters, _year(said["in"], now), now), start, end, _ranged(quarters))
    return Group((_part(said, now),), start, end)


def _run(text: str, year: int | None) -> tuple[Part, ...]:
    """`3到5`, `3、4`, `三四`, in front of 月; only the first of them is of the year that was said."""
    if text in _ROWS:
        numbers = [11, 12] if text == _ROWS[0] else [number_of(one) for one in text]
    else:
        numbers = [number_of(one) for one in _JOINT.split(text)[::2]]
    first = Part(bare=numbers[0]) if year is None else single(f"{year:04d}-{numbers[0]:02d}")
    return (first, *(Part(bare=number) for number in numbers[1:]))


def _quarters(text: str, year: int | None, now: str) -> tuple[Part, ...]:
    """一到三季度 is all of one year."""
    numbers = [number_of(one) for one in re.findall(_Q, text)]
    if year is None and numbers == sorted(numbers):
        year = int(quarter(numbers[-1], None, now).first[:4])
    return tuple(quarter(number, year, now) for number in numbers)


def _ranged(text: str) -> bool:
    return bool(re.search(_RANGE, text))


def _part(said: dict[str, str], now: str) -> Part:
    this = int(now[:4])
    year = _year(said["in"] or said["ends"] or said["some"] or said["whole"], now)
    if written := figured(said):
        return single(written)
    if said["upto"]:
        last = quarter(number_of(said["upto"]), year, now).last
        return Part(f"{last[:4]}-01", last, whole=True)
    if said["both"]:
        return of_year(this if year is None else year)
    if said["half"]:
        return half(said["half"][0] != "上", year, now)
    if said["same"]:
        return single(months_back(now, -12 * YEARS[said["same"]]))
    if year is not None:
        return _of_year(said, year)
    if end := said["told_end"] or said["bare_end"]:
        number = 1 if end == "初" else 12
        part = of_year(this - (number > int(now[5:])), number, number)
        return part if said["told_end"] else single(part.first)  # 年底还能用吗 is to come
    return of_year(this) if said["all"] else _from_now(said, now)


def _of_year(said: dict[str, str], year: int) -> Part:
    if said["end"]:
        return of_year(year, 1, 1) if said["end"] == "初" else of_year(year, 12, 12)
    if said["many"]:
        n = number_of(said["many"])
        return of_year(year, last=n) if said["side"] in "前头" else of_year(year, first=13 - n)
    return of_year(year)


def _from_now(said: dict[str, str], now: str) -> Part:
    if said["ago"]:
        return quarter_ago(now, _QUARTERS_AGO.get(said["ago"], 0))
    if said["count"]:
        n = number_of(said["count"])
        return Part(months_back(now, n), months_back(now, 1), whole=True)
    return single(months_back(now, len(said["up"]) or (2 if said["two"] else -1 if said["next"] else 0)))


def _year(text: str, now: str) -> int | None:
    return year_of(text.removesuffix("度"), int(now[:4]))
