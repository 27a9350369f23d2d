"""Cleaning and folding of what was typed. Pure; bounded whatever comes in.

Order: cap 4096 → strip → cap 1000 → NFKC → cap 200 → simplified. NFKC is quadratic on combining marks of alternating
class (4096 of them took 13 ms, 1000 take .8 ms), and the matcher never sees more than 200 characters.
"""

from __future__ import annotations

import re
import unicodedata

from bot.intents.pinyin import syllable
from bot.spoken.folding import simplified

RAW_CAP = 4096
NFKC_CAP = 1000
CAP = 200

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_PLAIN = re.compile("[a-z0-9\u4e00-\u9fa5]{1,200}")
_BLANKS = re.compile(r"\s+")
# With what else fillers and breath can begin and end: most texts need not be looked through for them.
_FILLER_BEGINS, _FILLER_ENDS = frozenset("那你您请麻帮给替我想能可亲嗯哎喂"), frozenset("下子呢吗谢吧啊呀哦哈嘛呗啦了")
_BREATH_BEGINS, _BREATH_ENDS = (
    frozenset("呃嗯哦噢喔唉哎诶欸额呀哈那请你您麻"),
    frozenset("嗯呃哦噢啊呀哈个急谢你您啦了"),
)
_TRIM = " \t\n.,;:!?~…。，、；：！？～·'\"“”‘’()（）[]【】-—_"
_PLEASE = re.compile(  # the same in English
    r"^(?:(?:please|pls|plz|kindly|i (?:want|need|wish) to|i wanna|(?:i'd|i would) like to|(?:can|could|would) you"
    r"|(?:hi|hello|hey)(?: there)?(?: ?[,.!]| (?=(?:i|i'd|can|could|would|please) )))(?![a-z]),? *)+(?=.)"
    r"|(?<=.) (?:please|pls|plz|for me)$"
)
FILLERS = re.compile(
    r"^(?:那个|那么|那|你好|您好|请问|请|麻烦(?:你|您)?|帮(?:我|忙)?|给我|替我|我想要?|我要|想要?|能不能|可以|亲(?![情戚人子友爱]|请[号码网])|嗯|哎|喂)++"
    r"|(?:一下子?|下子|呢|好吗|行吗|可以吗|谢谢|吧|啊|呀|哦|哈|嘛|呗|啦|了)+$"
)
_FACE = "[\u2190-\u2bff\u3030\U0001f000-\U0001faff]"  # emoji; [玫瑰] has lost its outer bracket to _TRIM
_BREATH = (
    r"[呃嗯哦噢喔唉]|哎呀?|诶|欸|额(?![度外头])|呀|哈+(?![哈喽啰罗尔])|那个(?![人谁])|那啥|[\u4e00-\u9fff]{1,3}\]"
    r"|请问|[你您]好[啊呀]?(?![笨傻蠢坏烦])|麻烦[你您]?(?!了)"
)  # fmt: skip
# What comes again and again has one reading: with two for each part, a text of 30 such parts took minutes.
_TRAILING = (
    r"[嗯呃哦噢啊呀哈急]|(?<![才的要是个面回次])那个|谢谢[你您]?[啦了]?|\[(?:(?!谢谢|那个)[\u4e00-\u9fffa-z]){1,4}+"
)
BREATH = re.compile(rf"^(?:{_BREATH}|{_FACE}|[ ,.!?~…])+(?=.)|(?:{_TRAILING}|{_FACE}|[ ,.!?~…])+$")
_SECRET = re.compile(r"\d(?:[\s-]?\d){3,}")
_BESIDE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_INNER = re.compile(r"(?<=[查看问])一?下(?=.)")  # 查一下话费


def clean(raw: str) -> str:
    """At most 200 characters, NFKC, lower case, simplified, without invisible characters or outer punctuation."""
    if _PLAIN.fullmatch(raw):  # what most people type: nothing to fold but traditional characters
        return raw if simplified().keys().isdisjoint(map(ord, raw)) else raw.translate(simplified())
    text = unicodedata.normalize("NFKC", raw[:RAW_CAP].strip()[:NFKC_CAP])[:CAP]
    text = "".join(c if c.isprintable() else " " for c in _INVISIBLE.sub("", text).lower())
    text = unicodedata.normalize("NFKC", text)[:CAP]  # what stood apart may have come together
    return _BLANKS.sub(" ", text.translate(simplified()).replace("’", "'")).strip(_TRIM)


def quiet(text: str) -> str:
    """A cleaned text without what is only breath around it: 嗯, 呃, emoji, [玫瑰]; never empty unless `text` is."""
    if _PLAIN.fullmatch(text) and text[0] not in _BREATH_BEGINS and text[-1] not in _BREATH_ENDS:
        return text
    return BREATH.sub("", text).strip(_TRIM) or text


def bare(text: str) -> str:
    """A cleaned text without polite fillers and blanks between Chinese characters; never empty unless `text` is."""
    whole = squeezed(text)
    plain = _INNER.sub("", whole) if "下" in whole else whole
    if " " in plain or "a" <= plain[:1] <= "z":
        plain = _PLEASE.sub("", plain)
    if plain[:1] in _FILLER_BEGINS or plain[-1:] in _FILLER_ENDS:
        plain = FILLERS.sub("", plain)
    return plain.strip(_TRIM) or whole


def core(raw: str) -> str:
    """Of anything typed, what is left to be understood."""
    return bare(quiet(clean(raw)))


def squeezed(text: str) -> str:
    """Without blanks beside Chinese characters."""
    return _BESIDE.sub("", text) if " " in text else text


def syllables(text: str) -> str:
    """Every Chinese character as its toneless syllable, run together; the rest as it is: `查hua费` → `chahuafei`.

    Homophones, traditional characters and typed pinyin become the same string.
    """
    return "".join(map(syllable, text.replace(" ", "")))


def hidden(text: str) -> str:
    """Runs of digits, blanks and hyphens inside counted in, as stars: a number, code or password may be among them."""
    return _SECRET.sub(lambda run: "*" * len(run[0]), text)
