"""Words that mean the same in every state, and the numbers and codes in a line. Pure."""

from __future__ import annotations

import re
import unicodedata

from bot import spoken
from bot.spoken.folding import simplified

# Words that mean the same in every state, as whole cleaned strings.
CANCEL = frozenset({"取消", "算了", "不办了", "不要了", "不弄了", "放弃", "cancel", "q", "quit", "qx", "never mind"})
BACK = frozenset({"返回", "上一步", "回去", "返回上一步", "back", "go back", "fh"})
HELP = frozenset({"帮助", "菜单", "help", "?", "？", "怎么用", "主菜单", "bz", "cd", "menu"})
REPEAT = frozenset({"重说", "再说一遍", "重复", "再说一次", "没看清", "repeat", "say again", "刚才说什么"})
STAFF = frozenset(
    {
        "人工",
        "转人工",
        "人工服务",
        "人工客服",
        "找人工",
        "找人",
        "真人",
        "转人工服务",
        "rg",
        "我要人工",
        "转接人工",
        "staff",
        "agent",
        "human",
        "talk to staff",
        "talk to a human",
    }
)
LOGOUT = frozenset({"退出", "退出登录", "注销", "登出", "logout", "log out", "sign out", "exit", "tc"})
RESEND = frozenset(
    {"重发", "再发", "再发一次", "重新发送", "没收到", "没收到验证码", "没收到短信", "重发验证码", "收不到", "resend"}
    | {"send again", "send it again", "new code", "no sms", "not received", "i did not get it", "didn't get it"}
)
# contracts.md, "A code turn": yes is one of these as a whole string; not 1, not 嗯.
YES = frozenset({"确认", "是", "是的", "好的", "同意", "确定", "yes", "confirm", "i agree"})
AGREED = frozenset({"确认", "确定", "同意", "confirm", "i agree"})  # no small talk, where nothing is open
NO = frozenset(
    {"不", "否", "不是", "不要", "不用", "不用了", "不办", "不同意", "不确认", "不了", "别办了", "no", "n"}
    | {"不充", "不充了", "不换", "不换了", "不查了", "不退", "不退了", "no thanks", "don't"}
)
ASSENT = frozenset(  # sounds like yes, and is none where something is agreed to
    {"可以", "可以的", "好吧", "好啊", "好嘞", "行吧", "行的", "对的", "办吧", "要的", "没问题", "ok", "okay", "sure"}
)
RIGHT = frozenset(
    {"确认", "确定", "confirm", "是", "是的", "对", "对的", "对啊", "没错", "yes", "yeah", "yep", "right"}
)  # it was meant
NEXT = frozenset({"下一页", "下页", "更多", "还有呢", "继续", "next", "next page", "more", "xyy"})
PREVIOUS = frozenset({"上一页", "上页", "前一页", "往前翻", "previous", "prev", "previous page", "syy"})
NEITHER = frozenset(
    {"都不是", "都不对", "不是这些", "没有", "none", "none of these", "none of them", "neither", "something else"}
)
# Of a list of which several may be chosen; whoever offered it knows what lies on its other pages.
ALL = "全部"
PARKED = "保号"  # the kind of a line that is stopped with its phone in hand
EVERYTHING = frozenset(
    {ALL, "所有", "所有的", "全都", "都选", "全选", "全部都要", "都要", "全要", "全都要", "都订", "全订"}
    | {"all", "all of them", "all of these", "everything", "all please", "i want all of them", "give me all of them"}
)
# Where something is to end; elsewhere they decline it.
NONE_WANTED = frozenset({"都不要了", "全都不要了", "全不要了", "全部不要了", "都不想要了", "一个都不要了", "都不要"})
NOTHING_LEFT = EVERYTHING | {
    *NONE_WANTED,
    *("全部退订", "全部退掉", "全部取消", "都退", "都退了", "都退掉", "都退订", "全退", "全退了", "全退掉", "全都退掉"),
    *("都删", "都删了", "全删", "都取消", "都取消掉", "清空", "cancel all", "cancel all of them", "cancel them all"),
}

GAME_OVER = CANCEL | {
    "退出",
    "退出游戏",
    "不玩了",
    "不玩",
    "结束",
    "结束游戏",
    "认输",
    "揭晓",
    "exit",
    "give up",
    "quit game",
    "stop",
}
TEXT = 4096  # characters of a dictated text; who asked for it says how much of it can be used
WHOLE = 200  # characters: a longer text is no word, number or code, whatever its first ones say

_TAIL = ".。!！,，~～;； "  # 取消。 is 取消; where a yes or a digit is awaited it is none (contracts.md)
FIGURED = re.compile(r"\d|第")  # what is no number and no code has neither
_CODE = re.compile(r"(?:验证码)?是?:?(\d+)")
_DECLINED = re.compile(  # 算了别退, 我先不办了: no new wish is in it
    r"(?:那|唉|哎|还是)*算了吧?[,， ]*(?:(?:先|就|我|还是)*[不别甭][^\d查看]{0,4}|(?:下次|改天|以后)再?[说办来]?吧?)"
    r"|(?:我|那|还是|先|暂时|就|又|都)*[不别甭](?:想|用|要|再|给我)*"
    r"(?:办理?|要|开通?|订购?|退订?|充值?|换|改|弄|搞|发|加|删|兑换?|买|玩|登录?|说|写|留言?|投诉|报修?)(?:了|吧|啦|先)*"
)
_CALLED_OFF = re.compile(  # 取消开通, before it is agreed to; 取消彩铃 might be a wish
    r"(?:我要?|请|帮我|那就?|还是)*取消(?:这次|本次|这个|这项)?(?:办理|开通|订购|订阅|申请|充值|缴费|兑换|退订|更换|换套餐|操作|业务|订单)"
    r"(?:了|吧)?|cancel (?:it|this|that|the order)"
)
_NOT_COME = re.compile(  # no SMS came, however that is said; what asks why is answered with what can be done
    r"(?:我|还|都|一直|就|又|根本|手机|这边)*(?:没有?|未)(?:有)?(?:收)?到(?:验证码|短信|信息|密码|码)?[啊呀呢了吗]*"
    r"|(?:我|还|都|一直|就|又|根本|手机)*(?:收|接)不到(?:验证码|短信|信息|密码|码)?[啊呀呢了吗]*"
    r"|(?:验证码|短信|信息)(?:怎么|为什么|还|都|一直|又|就)*(?:(?:没有?|未)(?:收)?到|收不到|没来|没有)[啊呀呢了吗]*"
    r"|(?:验证码|短信)呢"
    r"|(?:请|麻烦|能|可以|帮我|给我)*(?:重新?|再)(?:给我)?(?:发送?|来)(?:一?[次遍下条个])?(?:验证码|短信)?(?:给我)?[吧吗啊]*"
    r"|(?:i )?(?:have not|haven't|did not|didn't|never) (?:received?|get|got) (?:it|(?:the|an?|any) (?:code|sms))"
    r"(?: yet)?"
    r"|(?:the )?(?:code|sms) (?:has not|hasn't|did not|didn't) (?:come|arrived?)(?: yet)?|where is (?:the|my) code"
)
_TAKEN = re.compile(  # 那就开吧: what was told of, or the only one that is offered
    r"(?:那|好的?|行|嗯|ok|我想|我|要|就|给我|帮我|请|麻烦|[,， ])*+"
    r"(?:(?:开通?|办理?|订购?|弄|来|加|整|买)(?:一下)?(?:它|这个|那个|[一]?个|一份|上)?)(?:一下|吧|了|呗|啊|好了)*"
    r"|(?:(?:ok|okay|yes|please|then|well|i want to|i'd like to|i'll|can you|let's),? )*+"
    r"(?:open|order|get|subscribe to|take|add|buy|activate|turn on)(?: me)? (?:it|this|that|one|this one|that one)"
    r"(?: then)?(?: please)?|(?:ok,? )?i(?: wa|')?(?:nt|ll take) (?:it|this|that|one)(?: please)?"
)
LOST = re.compile(  # said so, whatever is being dictated: it cannot wait (domain.md, rule 3)
    r"(?:我的?|糟了|完了|不好了?|救命|天啊?|[,，! ])*(?:手机|电话|手机卡|电话卡|sim卡)"
    r"(?:刚才?|今天|昨天|又|好像|可能|被人?|给人?|让人)*"
    r"(?:丢|偷|抢|掉|[不唔][见見]|找不到|遗失)[走掉]?[了咗]?(?:怎么办|咋办|要?挂失|快?帮?我?停机|[啊呀!,，。 ])*"
    r"|丢手机了?[!。]*|(?:我要|帮我|快)*挂失(?:手机|电话|号码|手机卡)?[!。]*"
    r"|(?:help[,! ]*)?(?:i(?:'ve| have)? )?(?:just )?lost my (?:phone|sim|sim card)[!. ]*"
    r"|my (?:phone|sim|sim card) (?:was|is|has been|got) (?:stolen|lost)[!. ]*"
)
BYE_BYE = 88  # where no list has as many lines: 拜拜
_WRAPPED = re.compile(r"密码|验证码|是|谢|^\d+\D{1,4}$|\b(?:password|code|pin|is|it's)\b")
_NUMBERS = re.compile(r"\d{1,2}(?:(?:\s*[,，、]\s*|\s+)\d{1,2})*")
_ORDINAL = re.compile(
    r"(?:就|我?要|我?选|看|来)*(?:(?:选择?)(?P<bare>\d{1,2})|第(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})[个条项款种行]?)(?:吧|的|好了)*"
)


def fold(text: str) -> str:
    """NFKC, no outer blanks, lower case, simplified: what whole-string words are compared with.

    A cut text ends in `…`.
    """
    line = text.strip()
    word = unicodedata.normalize("NFKC", line[:WHOLE]).strip().lower().translate(simplified())
    return word if len(line) <= WHOLE else f"{word}…"


def code_of(text: str, digits: int) -> str | None:
    """The code in `text`, or None when it is no try at all (contracts.md).

    Blanks and hyphens out, after an optional 验证码/是/:, NFKC, exactly as many ASCII digits as were sent.
    """
    line = text.strip()
    if len(line) > WHOLE:
        return None
    flat = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", line))
    found = _CODE.fullmatch(flat) if flat.isprintable() else None
    return found[1] if found and len(found[1]) == digits and found[1].isascii() else None


def wrapped(word: str, digits: int) -> bool:
    """我的密码是888888, 036284谢谢: no try (contracts.md), and no wish either; the digits alone would be one."""
    return bool(re.search(rf"(?<!\d)\d{{{digits}}}(?!\d)", word)) and bool(_WRAPPED.search(word))


def yes(text: str) -> bool:
    return fold(text) in YES


def declined(word: str) -> bool:
    """No, said in full: what is open is left."""
    said = plain(word)
    return said in NO or bool(_DECLINED.fullmatch(said))


def plain(word: str) -> str:
    """A folded word without what a phone's keyboard sets behind it. ?! is no word, nor the ? that asks for help."""
    said = word.rstrip(_TAIL)
    return said if any(map(str.isalnum, said)) else word


def called_off(word: str) -> bool:
    """取消开通, where that is what was about to be agreed to."""
    return bool(_CALLED_OFF.fullmatch(plain(word)))


def taken(word: str) -> bool:
    """Opened shall be what was told of last, whatever that is: 那就开吧, 给我开一个, open it."""
    return bool(_TAKEN.fullmatch(plain(word)))


def not_come(word: str) -> bool:
    """The SMS with the code did not come: another one is asked for."""
    said = plain(word)
    return said in RESEND or bool(_NOT_COME.fullmatch(said))


def numbers(text: str) -> tuple[int, ...]:
    """`3` → (3,), `1 3` or `1,3` or `1、3` → (1, 3); several only with separators; anything else → ()."""
    return numbers_of(fold(text))


def numbers_of(word: str) -> tuple[int, ...]:
    if not FIGURED.search(word):
        return ()
    word = word.rstrip("。.!") or word
    if ordinal := _ORDINAL.fullmatch(word):
        return (spoken.count(ordinal["bare"] or ordinal["n"]),)
    if not _NUMBERS.fullmatch(word) or (not word.isascii() and not re.fullmatch(r"[\d\s,，、]+", word)):
        return ()
    return tuple(dict.fromkeys(int(n) for n in re.findall(r"\d+", word)))
