"""For whom a top-up is meant, where no mobile number was said: money for somebody else must not reach the own line."""

from __future__ import annotations

import re

from bot.intents.text import clean, squeezed
from bot.spoken.numerals import DIGITS
from bot.spoken.phones import phones

_PAYING = "(?:充|冲|交|缴|存|打|续|转|加|来|弄|整|搞|补|付(?!宝)|还)"
_THING = r"(?:的?(?:手机号?|电话号?|号码?|卡|账户|帐户|账号|话费(?=[充冲交缴])|电话费(?=[充冲交缴])))"
_TO = r"(?:给|帮|替|为(?!什么|啥|何|了)|往|向|代)"
_KIN = (
    r"(?:婆|公|媳妇|对象|男朋友|女朋友|男友|女友|朋友|友|同事|同学|爸|妈|父|母|爹|娘|儿|女儿|闺女|孩|弟|妹|哥|姐|爷|奶|外[公婆]"
    r"|叔|姨|舅|姑|伯|室友|别人|他人|人家|家人|家里人|[他她它]|另一个|另外一个|别的号|其[他它]号)"
)
_FOR_KIN = re.compile(
    rf"{_TO}我?(?:家)?(?:老|小|大)?{_KIN}|(?:老|我|家|小|大|^){_KIN}的?(?:手机|号|卡|电话(?!费))"  # 我妈手机没钱了
)
_WHO = r"(?P<who>[^\d\s,，。;；]{1,8}?)"
_NAMED = (  # 给张三充50, 充50给张三, 充50到张三手机, 张三的手机充50
    re.compile(rf"{_TO}{_WHO}{_THING}?[里上中]?(?:再|先|也|多|快|直接)*{_PAYING}"),
    re.compile(rf"{_PAYING}.*?给{_WHO}{_THING}?[里上中]?去?(?:吧|呗|啊|呀|了|谢谢)*$"),
    re.compile(rf"{_PAYING}.*?(?:到|往|进|入){_WHO}{_THING}[里上中]?去?(?:吧|呗|啊|呀|了|谢谢)*$"),
    re.compile(rf"(?:^|[\s,，。;；!！?？]){_WHO}(?:的?(?:手机号?|电话号?|号码?)|的卡)[里上]?{_PAYING}"),
)
_MINE = re.compile(r"[我俺咱](?:.*[我俺咱你看查开问]|.{5})")  # 帮我看看怎么充: a sentence, and nobody's name
_OWN = re.compile(  # nothing in it names anybody else
    r"(?:我|俺|咱|本人|本机|自己|自个儿?|这个?|那个?|该|此|当前|现在|今天|明天|马上|立刻|赶紧|尽快|快|再|先|也|就|都|多|又|还|直接"
    r"|手机|电话|话费|电话费|号码|号|卡|账户|帐户|账号|机|忙|一?下子?|一?点|些|个|[这那一]张|钱|元|块|费|款|额|余额|的|地|得|里|上|中|去|来|进"
    r"|想|要|请|麻烦你?|能不能|能|可以|可|不|给|帮|替|为|往|向|把|用|拿|通过|在线|网上|线上|在这里?|这里|这儿|怎么|如何|咋|哪里?|哪儿|谁"
    r"|支付宝|微信|银行|网银|信用|充值|刮刮|充|冲|交|缴|存|打|停机|欠费|欠|没|快|了|完|不足|不够|国内|常用|主|副|办|买|包|流量|会员"
    rf"|[{''.join(DIGITS)}十百千万两半]|\d){{0,8}}"
)
_ENGLISH = re.compile(
    r"\b(?:his|hers?|theirs?|him|them|someone|somebody)\b"
    r"|\bfor (?:another|a friend)\b"
    r"|\bmy (?!(?:own|phones?|lines?|numbers?|mobiles?|cell|cellphone|account|self|bill|balance|credit|sim|card|plan"
    r"|prepaid|airtime|fees?|usual)\b)[a-z]"
    r"|\b(?!(?:what|how|where|when|it|that|there|let|today|month)['’]?s\b)[a-z]+['’]s?"
    r" (?:phone|number|line|mobile|account|sim)\b"
)
# More digits than a sum has and fewer than a card, grouped or not; behind 给 any that no unit follows.
_LONG = re.compile(
    rf"(?<![\d.])(?:\d{{2,4}}(?:[\s-]\d{{3,4}}){{2,}}|\d{{7,13}}|[{''.join(DIGITS)}]{{7,13}})(?!\d|[元块圆]|\s*yuan)",
    re.ASCII,
)
_FOR = re.compile(r"(?:给|为|帮|替|向|往)\s*(\+?\d[\d\s-]+\d)(?!\s*[\d元块圆])", re.ASCII)
_AT = re.compile(r"(?:到|号码?)\s*[是为:：]?\s*(\+?\d[\d\s-]{3,}\d)(?!\s*[\d元块圆])", re.ASCII)


def no_number(line: str) -> str:
    """What is said in the place of a mobile number and is none, or several of them: money goes where one is sure."""
    found = phones(line)
    if len(found) > 1:
        return "、".join(found[:2])
    if found:
        return ""
    said = clean(line)
    wrong = _FOR.search(said) or _AT.search(said)
    if wrong:
        return wrong[1]
    long = _LONG.search(said)
    return long[0] if long else ""


def somebody_else(line: str) -> bool:
    """Is it said that it is for another person, and not for which number?"""
    said = clean(line)
    if _FOR_KIN.search(said) or _ENGLISH.search(said):
        return True
    whole = squeezed(said)
    named = (found["who"] for pattern in _NAMED for found in pattern.finditer(whole))
    return any(not _OWN.fullmatch(who) and not _MINE.match(who) for who in named)
