"""The languages of the hall: how each words amounts, dates and names, and which one a customer is answered in. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from bot import english as en
from bot import words as zh
from bot.errors import ConfigError
from bot.model import Product, Session

DEFAULT = "zh"
FILTERS = (
    "price",
    "month",
    "period",
    "date",
    "day",
    "reason",
    "duration",
    "lasting",
    "volume",
    "talked",
    "name",
)  # of templates


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. `house` and `office` are the operator's name and opening hours in it, `names` a glossary.

    `hotline` is the number that is called about a lost phone, "" = none.
    """

    code: str
    brands: Mapping[str, str]
    kinds: Mapping[str, str]  # of usage
    price: Callable[[Product], str]
    month: Callable[[str], str]
    period: Callable[[Sequence[str]], str]
    date: Callable[[str], str]
    day: Callable[[datetime], str]
    reason: Callable[[str], str]
    duration: Callable[[int], str]
    lasting: Callable[[int], str]
    volume: Callable[[Decimal, str], str]
    talked: Callable[[int], str]
    house: str = ""
    office: str = ""
    hotline: str = ""
    names: Callable[[str], str] = str

    def says(self, chinese: str, english: str) -> str:
        """The one of the two that is in this language."""
        return english if self.code == "en" else chinese

    def name(self, words: str) -> str:
        """A name of the operator's (product, item of a bill, channel) in this language; as it is, if none is known."""
        return self.names(words)

    def short(self, product: Product) -> str:
        """The product as an SMS names it."""
        return self.name(product.short or product.name)

    def product(self, product: Product) -> Product:
        """The product as it is called in this language."""
        return replace(product, name=self.name(product.name), short=self.name(product.short))

    def listed(self, names: Iterable[str]) -> str:
        """`彩铃、手机报`, `Ring-back tone, Mobile news`."""
        return self.says("、", ", ").join(self.name(name) for name in names)


Tongues = Mapping[str, Tongue]


def chinese(house: str = "示例移动", office: str = "工作日9:00至18:00") -> Tongue:
    return Tongue(
        code="zh",
        brands=zh.BRANDS,
        kinds=zh.KINDS,
        price=zh.price,
        month=zh.month,
        period=zh.period,
        date=zh.date,
        day=zh.day,
        reason=zh.reason,
        duration=zh.duration,
        lasting=zh.lasting,
        volume=zh.volume,
        talked=zh.talked,
        house=house,
        office=office,
    )


def english(
    house: str = "Example Mobile", office: str = "9:00 to 18:00 on workdays", names: Callable[[str], str] = str
) -> Tongue:
    return Tongue(
        code="en",
        brands=en.BRANDS,
        kinds=en.KINDS,
        price=en.price,
        month=en.month,
        period=en.period,
        date=en.date,
        day=en.day,
        reason=en.reason,
        duration=en.duration,
        lasting=en.lasting,
        volume=en.volume,
        talked=en.talked,
        house=house,
        office=office,
        names=names,
    )


@dataclass(frozen=True, slots=True)
class Glossary:
    """Names of the operator's in another language. A `*` in a name stands for any words, which are looked up again."""

    whole: Mapping[str, str]
    parts: Sequence[tuple[re.Pattern[str], str]]

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Glossary:
        """The longest pattern is tried first: what says more of a name knows it better."""
        stars = sorted((name for name in names if "*" in name), key=len, reverse=True)
        parts = [(re.compile("(.+?)".join(map(re.escape, name.split("*")))), names[name]) for name in stars]
        return cls({name: text for name, text in names.items() if "*" not in name}, parts)

    def __call__(self, words: str) -> str:
        if found := self.whole.get(words):
            return found
        if len(words) > LONGEST or not _HAN.search(words):
            return words
        for pattern, text in self.parts:
            if found_parts := pattern.fullmatch(words):
                return text.replace("*", "{}").format(*map(self, found_parts.groups()))
        return words


LONGEST = 120  # characters of a name


def glossary(file: Path) -> dict[str, str]:
    """`彩铃 = ring-back tone`, one a line, `#` begins a remark; ConfigError with file:line for anything else."""
    found: dict[str, str] = {}
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file.name} cannot be read") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, sign, text = (part.strip() for part in line.partition(" = "))
        if not (sign and name and text) or name.count("*") != text.count("*") or "{" in text:
            raise ConfigError(f"{file.name}:{number}: write it as 名字 = name, with as many * on both sides")
        if name in found:
            raise ConfigError(f"{file.name}:{number}: {name!r} stands here twice")
        found[name] = text
    return found


# --- which language -------------------------------------------------------------------------------------------------

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_ENGLISH = re.compile(
    r"(?:(?:can|could|do|would) (?:you|u) )?(?:please )?"
    r"(?:(?:(?:speak|use|write|reply|answer|talk|switch|change)(?: back)?|back)(?: to| in)? )?(?:in )?"
    r"english(?: only| version)?(?:,? ?(?:please|pls|plz|thanks))?"
    r"|(?:请|请用|请说|你?会说|用|说|讲|换成?|切换到?|改成?|我要)?(?:英文|英语|english)(?:版|模式|回复|回答)?(?:吗|吧|谢谢)?"
)
_CHINESE = re.compile(
    r"(?:(?:can|could|do|would) (?:you|u) )?(?:please )?"
    r"(?:(?:(?:speak|use|write|reply|answer|talk|switch|change)(?: back)?|back)(?: to| in)? )?(?:in )?"
    r"(?:chinese|mandarin|zhongwen)(?: only| version)?(?:,? ?(?:please|pls|plz|thanks))?"
    r"|(?:请|你?会说|用|说|讲|换成?|换回|切换到?|改成?|我要|还是)*(?:中文|汉语|国语|普通话|中国话|華語|华语)"
    r"(?:版|模式|回复|回答)?(?:吗|吧|谢谢)?"
)


_NAMED = re.compile("english|chinese|mandarin|zhongwen|[英中]文|英语|[汉国华]语|華語|普通话|中国话")


def wanted(word: str) -> str:
    """The language that a whole folded line asks for: `english please` → en, `说中文` → zh, anything else → ""."""
    if not _NAMED.search(word):
        return ""
    word = word.strip(" .!?。！？~")
    if _ENGLISH.fullmatch(word):
        return "en"
    return "zh" if _CHINESE.fullmatch(word) else ""


def spoken(session: Session, text: str, stanza: str, default: str = DEFAULT) -> Session:
    """The session with the language that this line is answered in.

    Asked for (`Session.speaks`) is stronger than anything. Who writes Chinese reads Chinese: clients and servers stamp
    `xml:lang='en'` on the lines of people who never chose it, and that must not turn a Chinese hall English. Else
    xml:lang (`stanza`), what the conversation was in, `default`.
    """
    speaks = session.speaks or ("zh" if _HAN.search(text) else "")
    lang = speaks or _served(stanza) or _served(session.lang) or default
    return session if (speaks, lang) == (session.speaks, session.lang) else replace(session, speaks=speaks, lang=lang)


def asked(session: Session, lang: str) -> Session:
    """From now on in `lang`, whatever the client says, also after log-out."""
    return replace(session, speaks=lang, lang=lang)


def _served(lang: str) -> str:
    short = lang[:2].lower()
    return short if short in ("zh", "en") else ""
