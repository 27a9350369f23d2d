"""What a short line means because of what was asked for just before it: 改成20, 再来一张, 什么时候过期. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from bot import spoken
from bot.dialog import taken
from bot.intents.offers import OFFERS
from bot.model import Slots, Todo

_OTHER_SUM = re.compile(
    r"(?:那|还是|不|再|就|把)*(?:它|这个|金额|额度|提醒)*(?:给我)?"
    r"(?:改|换|调|设|变|降|升|提高?|调高|调低|上调|下调|降低)(?:成|为|到|至|回)*(?P<sum>[^成为到至回]{1,12}?)"
    r"(?:提醒)?(?:吧|好了|可以吗|行吗|吗|的)*"
    r"|(?:(?:no|ok|please),? )*(?:change|set|make|raise|lower|put|switch)"
    r"(?: (?:it|that|this|the (?:amount|sum|threshold)))?(?: back)?(?: to| at)?"
    r" (?P<latin>[\d.]{1,7})(?: ?(?:yuan|rmb))?(?: instead)?"
)
BILLS = frozenset({"bill.query", "bill.trend"})
_LISTS = (  # of numbers: as they are read, added and removed
    ("family.query", "family.add", "family.remove"),
    ("group.members", "group.number.add", "group.number.remove"),
)
_DIGITS = r"(?:号码)?[: ]*\d[\d -]{2,15}"
_ONE = r"(?:上|入|进去?|掉|去|一下)?(?:[一1]?个|1位)?(?:号码?|人|成员|短号|亲情号码?)?"
_ADD = re.compile(
    rf"(?:那|就|我要|我想|再|还|要|也)*+(?:添加|增加|新增|加|添|设){_ONE}(?:{_DIGITS})?(?:进去|进来|上|吧|为亲情号码?)*"
    rf"|[把将]?{_DIGITS}(?:也|再|给我)*(?:添加|加|添|设)(?:进去|进来|上|进|为亲情号码?|成亲情号码?)?(?:吧|了)*"
    rf"|add(?: (?:one|another|one more|another one|a))?(?: more)?(?: (?:family )?number)?(?:{_DIGITS})?"
    r"(?: (?:too|as well))?"
)
_DROP = re.compile(
    rf"(?:那|就|我要|我想|再|还|要|也)*+(?:删除|删|去掉|移除|取消|解除){_ONE}(?:{_DIGITS})?(?:吧|了)*"
    rf"|[把将]?{_DIGITS}(?:也|再|给我)*(?:删除|删|去掉|移除|取消|解除)(?:掉|了|吧)*"
    rf"|(?:remove|delete|drop)(?: one| it)?(?: (?:the )?number)?(?:{_DIGITS})?"
)
_UNTIL = re.compile(
    r"(?:那|它们?|这些|这个)*(?:到底|一般|都|是)*"
    r"(?:什么时候|几时|啥时候?|哪天|哪年|几号|多久|多长时间)(?:会|就|要|才|该)?(?:到期|过期|失效|作废|清零|没|无效)(?:了|的|啊)*"
    r"|(?:那|它们?)?(?:有效期|到期日|过期时间)(?:到什么时候|多久|是哪天|是什么时候|呢)?"
    r"|(?:能用|有效|用)?到什么时候|会过期吗|会不会过期"
    r"|(?:and )?(?:when|how soon) (?:do|does|will|would) (?:they|it|these|those|my points) (?:expire|run out|lapse|end)"
    r"|until when(?: are they (?:valid|good))?|(?:do|will) they expire|how long are they (?:valid|good)"
    r"|(?:the )?expiry(?: date)?"
)
_WHY = re.compile(
    r"(?:这|那|都|到底|究竟|是)*(?:为什么|为啥|怎么回事|咋回事|什么原因|怎么会|怎么这样|怎么搞的)(?:呢|啊|呀|会这样|这样)*"
    r"|(?:but )?(?:why|how come|why is that|why that|what happened|how so)"
)
_SO = r"(?:这么|那么|这样|这点|那点|这些|一点|好|太)?(?:多|少|快|点|厉害|些钱?|贵|高|低|了)?(?:钱|块钱?)?"
_SPENT = re.compile(
    r"(?:我的?)?(?:话费|余额|钱)?(?:怎么|为什么|为啥|咋|怎么会|怎么就|怎么又)(?:一下子?|突然|又|就|只|都|还|会)*"
    rf"(?:少|扣|没|花|用|减|剩|有|不见|不够|变少|降)(?:掉|了|下|去)*{_SO}(?:了|呢|啊|呀|的)*"
    r"|(?:钱|话费|余额)(?:都)?(?:去哪|花哪|用哪|跑哪|上哪|哪里?去)(?:里|儿)?(?:了|去了)*"
    r"|why (?:is (?:it|there|that) |so |am i )*(?:so |only )?(?:little|low|much less|less|few)(?: left)?"
    r"|where (?:did|has) (?:it|(?:all )?(?:the|my) money) (?:all )?(?:go|gone)"
    r"|what (?:was|were|did) (?:i |you )?charged?(?: for)?"
)
_MUCH = re.compile(
    r"(?:怎么|为什么|为啥|咋|怎么会)(?:又|就|会|都)*(?:这么|那么|这样)?(?:多|贵|高)(?:钱|了|啊|呢)*|(?:太|好)[贵多高](?:了|啊)*"
    r"|why (?:is (?:it|that) )?so (?:much|high|expensive)|(?:that is |that's |it's )?(?:so|too) (?:much|expensive|high)"
)
_THIS = r"(?:那|这个?|它|这业务|这个业务|该业务)*"
_PRICE = re.compile(
    rf"{_THIS}(?:是|要|得|一个月|每月|每个月)*(?:多少钱|几块钱?|几元|收费吗|要钱吗|贵吗|贵不贵|怎么收费|什么价格?|怎么卖|资费)"
    r"(?:一个月|每月|一次|多少|呢|啊)*"
    r"|(?:and )?how much (?:is|does|for|would) ?(?:it|this|that)?(?: cost| be)?(?: (?:a|per) month)?|how much"
    r"|what does (?:it|this|that) cost|(?:the )?price|is it (?:free|expensive)"
)
_HOW = re.compile(
    rf"{_THIS}(?:要|该|又)*(?:怎么|如何|咋|怎样|在哪里?|去哪里?|到哪里?)(?:才能|能|可以)?"
    r"(?:开通?|办理?|订购?|申请|弄|要)(?:呢|的|啊|它|这个)*"
    r"|(?:and )?how (?:do|can|could|to) ?i? ?(?:open|get|order|subscribe(?: to)?|activate|turn on|have)"
    r"(?: (?:it|this|that))?"
    r"|where (?:do|can) i (?:get|open|order) (?:it|this|that)"
)
_MORE = re.compile(
    r"(?:那|我?还要|我?想|给我|帮我|再|又|就)*(?:再|又|还)(?:给我|帮我)?(?:来|换|兑换|兑|要|拿)(?:一下)?"
    r"(?P<n>[\d一二两三四五六七八九十]{1,3})?[张个份次件](?:一样的|同样的|吧|呗)*"
    r"|(?:please )?(?:(?:i want |give me |redeem )?(?:one more|another one|another)(?: time)?"
    r"|the same again|once more)(?: please)?"
)


def onward(last: str, said: str, slots: Slots) -> tuple[Todo, ...]:
    """`last` is the intent that was asked for last, `said` the core of the line; several where it may be either, ()
    for a line that says enough by itself."""
    if last == "alert.set" and (sum := other_sum(said)):
        return (Todo(last, replace(slots, amount=sum, line="")),)
    if last.startswith("points.") and _UNTIL.fullmatch(said):
        return (Todo("points.query", slots),)
    if last == "balance.query" and (_WHY.fullmatch(said) or _SPENT.fullmatch(said)):
        return (Todo("bill.query"),)
    if lists := next((lists for lists in _LISTS if last in lists), None):
        for intent, pattern in zip(lists[1:], (_ADD, _DROP), strict=True):
            if pattern.fullmatch(said):
                return (Todo(intent, replace(slots, amount=None, words="", quantity=0)),)
    if last in BILLS and (_WHY.fullmatch(said) or _MUCH.fullmatch(said)):
        return tuple(Todo(intent) for intent in ("detail.query", "bill.trend") if intent != last)
    return ()


def about(what: str, said: str, slots: Slots) -> Todo | None:
    """`what` can be opened and was told of: 这个多少钱, 怎么开, 那就开吧."""
    if _PRICE.fullmatch(said) or _HOW.fullmatch(said):
        return Todo("service.subscribe", replace(slots, words=what, items=(), kind=OFFERS))
    return Todo("service.subscribe", replace(slots, words=what, items=(), quantity=0)) if taken(said) else None


def one_more(said: str) -> int:
    """`再来一张`, `再换两份`, `one more`: how many more of the same; 0 for all else."""
    found = _MORE.fullmatch(said)
    return (spoken.count(found["n"]) if found["n"] else 1) if found else 0


def other_sum(said: str) -> Decimal | None:
    """`改成20`, `调到30元吧`, `change it to 20`: another sum than the one that was said before."""
    found = _OTHER_SUM.fullmatch(said)
    return spoken.whole_amount(found["sum"] or found["latin"]) if found else None
