"""Cleaning and folding of what was typed. Pure; bounded whatever comes in.

Order: cap 4096 → strip → cap 1000 → NFKC → cap 200 → simplified. NFKC is quadratic on combining marks of alternating
class (4096 of them took 13 ms, 1000 take .8 ms), and the matcher never sees more than 200 characters.
"""

from __future__ import annotations

import re
import unicodedata

from bot.intents.pinyin import syllable
from bot.intents.tables import simplified

RAW_CAP = 4096
NFKC_CAP = 1000
CAP = 200

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_BLANKS = re.compile(r"\s+")
_TRIM = " \t\n.,;:!?~…。，、；：！？～·'\"“”‘’()（）[]【】-—_"
_FILLERS = re.compile(
    r"^(?:那个|那么|那|你好|您好|请问|请|麻烦(?:你|您)?|帮(?:我|忙)?|给我|替我|我想要?|我要|想要?|能不能|可以|亲(?![情戚人子友爱])|嗯+|哎|喂)+"
    r"|(?:一下子?|下子|呢|好吗|行吗|可以吗|谢谢|吧|啊|呀|哦|哈|嘛|呗|啦|了)+$"
)
_SECRET = re.compile(r"\d(?:[\s-]?\d){3,}")
_BESIDE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_INNER = re.compile(r"(?<=[查看问])一?下(?=.)")  # 查一下话费


def clean(raw: str) -> str:
    """At most 200 characters, NFKC, lower case, simplified, without invisible characters or outer punctuation."""
    text = unicodedata.normalize("NFKC", raw[:RAW_CAP].strip()[:NFKC_CAP])[:CAP]
    text = "".join(c if c.isprintable() else " " for c in _INVISIBLE.sub("", text).lower())
    text = unicodedata.normalize("NFKC", text)[:CAP]  # what stood apart may have come together
    return _BLANKS.sub(" ", text.translate(simplified())).strip(_TRIM)


def bare(text: str) -> str:
    """A cleaned text without polite fillers and blanks between Chinese characters; never empty unless `text` is."""
    whole = squeezed(text)
    core = _FILLERS.sub("", _INNER.sub("", whole)).strip(_TRIM)
    return core or whole


def squeezed(text: str) -> str:
    """Without blanks beside Chinese characters."""
    return _BESIDE.sub("", text)


def syllables(text: str) -> str:
    """Every Chinese character as its toneless syllable, run together; the rest as it is: `查hua费` → `chahuafei`.

    Homophones, traditional characters and typed pinyin become the same string.
    """
    return "".join(syllable(c) if ord(c) > 0x2E7F else c for c in text if c != " ")


def hidden(text: str) -> str:
    """Runs of digits, blanks and hyphens inside counted in, as stars: a number, code or password may be among them."""
    return _SECRET.sub(lambda run: "*" * len(run[0]), text)
