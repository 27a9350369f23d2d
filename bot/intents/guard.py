"""What statistics cannot hear: denials, undoing, questions about what was or how it is. Pure and deterministic.

`heard` works on simplified text in which sounds were repaired and other names rewritten (lexicon.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

# 别人, 特别, 不错 … contain a negation and deny nothing.
_HARMLESS = re.compile(
    "别人|别的|别处|特别|(?<!积)分别|识别|级别|性别|区别|告别|别名|不错|不好意思|不知道|不过|差不多|没问题|服务密码|无线|未来|非常|莫名|[不唔][见見](?!得)"
)
_NO = (
    "(?:千万别|不是(?:要|想|让|叫)?|不想(?:要|再)?|不要(?:再)?|不用(?:再)?|不需要|不必|不准|不许|不能|不该|别再"
    "|先不(?:要)?|先别|不再|不|别|甭|勿|莫|没(?:有)?(?:让|叫|说|要|想)?)"
)
_DO = (
    "(?:开通|取消|更改|添加|恢复|停机|复机|挂失|充值|缴费|兑换|升级|办理|订购|定制|申请|设置"
    "|[办订开关退停换改加删充交兑设转装查看领发])"
)
_DENIED = re.compile(
    "(?<![a-z])b(?=[要想用开退换充停办删])"  # b要
    "|(?<![系是])咪(?=[再同帮停开取退充换改删办订加])"
    "|[不别没莫勿甭未无非误唔拒]|弄错|作废|撤|(?<![a-z])(?:don't|do not|not|never|no|dont)(?![a-z])"
)
_DENIES = re.compile(rf"^(?:我|请|又|也|可|真的?|就|先)*{_NO}|^(?:no|not|don't)\b")
_KEEP = re.compile(
    "(?:不要|别|不用|不想|不需要|不|甭|勿|莫|没让|没)(?:再|给我|帮我|替我|把|要)*(?:取消|关|退|停|删|撤)"
)
_STOP = re.compile(
    "(?:不想?要再?|不要再?|不用再?|不需要|不想(?:再)?[用听看开]?|别再?|不再|甭)"
    "(?:给我|帮我|替我|用|听|看|开通|办理|订购|设置|开|订|办|收)*"
)
_AFTER = re.compile(
    "(?:也|都|就|先|我|已经|太吵|没用|从来)*(?:不想?要|不要|不用|不需要|不想[要用听看]?|不[订用听看开办加设])"
    "(?:.{0,5}[了啦喇喽咯])?$"
)
_OPENS = re.compile("[开订办加买设]|申请|定制|添加|充")
_UNDONE = re.compile(  # 取消退订, 积分兑换撤销: one action is to be taken back
    "(?:取消|撤销|撤回|停止|终止)(?:了|掉|这次)?[充加改发开办订换设]|(?:取消|撤销|撤回|停止|终止).{0,4}(?:取消|充值|更改|更换|换|升级|添加|兑换|报名|开通|办理|订购|申请|订阅|缴费|删|复机|恢复|修改|重置|发送)"
    "|(?:充值|更改|换套餐|升级|添加|兑换|报名|开通|办理|订购|申请|订阅|缴费|删|复机|恢复|修改|重置).{0,8}(?:取消|撤|作废)"
)
_UNDO = re.compile(
    "不要停机了|(?:取消|解除|撤销|撤回|解|结束)(?:了|掉)?(?:手机|号码|我的)?(?:停机保号|停机|挂失|报停)(?:状态)?"
    "|(?:停机保号|停机|挂失|报停)(?:保号|状态)*(?:取消|解除|恢复|撤销)"
)
_DOUBT = re.compile(
    "[开买办退换改充交弄停订设加删换]好了|(?:开通|退订|取消|办理|[充换改停订办开交])过(?!户|期|去|来)"
    "|^(?:开通|退订|取消|办理|订购|充值|兑换|修改|更换)了(?=.)|^(?:停机|挂失|复机|报停|开机)了$|^(?:他们?|她们?|人家|有人|别人|某人)(?!的|打|说话)|怎么|怎样|如何|为什么|是不是|有没有|什么|多少|几[个块元号次月天时点]|吗|[么没呢]$|没有$|了没|已经|刚才|刚刚|昨天|前天"
    "|上次|上回|那天|当初|如果|要是|假如|万一|失败|搞错|错了|点错|谁|凭|会不会|要不要|能不能|可不可以|可以不|能否"
    "|是否|哪[里个天]|后果|影响|多久|生效|成功了|以后|下个月|下月|过[几两]天|改天|明天|等我|听说|之前|早就|假设|区别|需要.{0,3}(?:手续|材料|条件)|被(?:停|扣|取消|开|关|锁|改)"
    "|^(?!.*[想帮要请将把该]).*(?<![见見跌漏偷抢])咗"  # 停咗机 says what is, 帮我停咗机 is a wish, 部机唔见咗 too
)
# The same in English: what was, is or may be, what others did, denials (I can't remember my password is none).
_ASKED = re.compile(
    "(?<![a-z])(?:(?:wo|would|could|should|is|are|was|were|did|does|has|have|had|must)n'?t"
    "|(?:can't|cant|cannot|can not)(?! remember| recall| think of)|nobody|no longer|without my|keep|leave"
    "|would you like|do you want|did|already|yesterday|tomorrow|ago"
    "|(?:last|next) (?:night|week|month|year)|by mistake|accidentally|fail(?:s|ed)?"
    "|maybe|might|wonder(?:ing)?|thinking (?:of|about)|not sure|should i|if (?:i|you|we)|(?:have|had) (?:you|i|we)"
    "|cancell?ed|changed|suspended|(?:re|de)?activated|(?:un)?subscribed|removed|added|redeemed|topped|recharged|paid"
    "|(?:un)?blocked|resumed|restored|joined|switched|upgraded|downgraded|deleted|sent|(?:un)?linked|(?:un)?bound"
    "|opened|closed|stopped|ordered|paused|turned)(?![a-z])"
    "|^(?:is|are|was|were|does|do (?:you|i|we)|has|have (?:you|i|we)|who)(?![a-z])"
    "|^(?:he|she|they|someone|somebody)(?! (?:stole|took|has stolen))(?![a-z])"
)
_POLITE = re.compile(r"(?:能不能|可不可以|能否|可否|可以|是否可以|能)(?:请你?|麻烦你?)?(?:帮|给|替)(?:我|忙|一下)")
_CLAUSES = re.compile(r"[,;。!?、…\n]+|(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])|(?:而是|应该是|我是(?=要|想|说))")
_VERBS = re.compile(_DO)
# Typed in letters and run together with what cannot be cut into syllables: buyaokt10yuan.
_SPOKEN = re.compile(
    "^(?:wo|qin|xian|qianwan)*(?:bu|bie|mei|wu(?!yue)|mo(?!r))|bu(?:yao|xiang|yong|si|nen|ban|xu)|bie(?:gei|ba|zai)|mei(?:rang|you)"
    "|(?:sui|sei)(?:rang|gei)"
)
_WONDERED = re.compile("zenme|weisenme|weisa|denwo|ruguo|yihou|xiage?yue|zuotian|gancai|gangan")
_LETTERS = re.compile("[a-z]{2}")
_ENDED = re.compile("取消|关|退|停|删")
_DONE = re.compile("[了啦喇喽咯]$")
# Each expression needs one of these characters: most texts have none of them, and need not be searched.
POLITE = frozenset("能可")
DOUBT = frozenset("好过了他她人怎如么是没多几吗呢已刚昨前上那当要假万失错谁凭会能可否哪后影效月天等听早区需被咗")
UNDO = frozenset("停失")
CLAUSES = frozenset(",;。!?、…\n 是")
HARMLESS = frozenset("别不没服无未非莫唔")
DENIED = frozenset("不别没莫勿甭未无非误唔拒错废撤咪bdn")
UNWANTED = frozenset("不别甭")
UNDONE = frozenset("消撤止废")
NEEDED = (
    (_POLITE, POLITE),
    (_DOUBT, DOUBT),
    (_UNDO, UNDO),
    (_CLAUSES, CLAUSES),
    (_HARMLESS, HARMLESS),
    (_DENIED, DENIED),
    (_STOP, UNWANTED),
    (_AFTER, UNWANTED),
    (_UNDONE, UNDONE),
)


class Heard(Struct, frozen=True, gc=False):
    """`text`: what is wished, denied clauses left out; `denied`, `doubt`: never act on a change by this."""

    text: str
    denied: bool = False
    doubt: bool = False

    @property
    def guarded(self) -> bool:
        return self.denied or self.doubt


def spoken(text: str, code: str) -> bool:
    """Is it denied in pinyin? `code` are the folded sounds, run together."""
    return bool(_LETTERS.search(text) and _SPOKEN.search(code))


def wondered(text: str, code: str) -> bool:
    """Is it asked how or why, in letters? So is how much, which is no denial."""
    return bool(_LETTERS.search(text) and _WONDERED.search(code))


def heard(text: str, products: list[str] | None = None, topics: list[str] | None = None) -> Heard:
    """`不是查积分,是要换东西` → 积分 是要换东西; `手机报不要了` → 取消手机报; `彩铃不要取消` → denied."""
    text = text if POLITE.isdisjoint(text) else _POLITE.sub("", text)
    doubt = not DOUBT.isdisjoint(text) and bool(_DOUBT.search(text))
    doubt = doubt or bool(_LETTERS.search(text) and _ASKED.search(text))
    undone = text if UNDO.isdisjoint(text) else _UNDO.sub(_restored, text)
    wished, dropped = (undone, "") if CLAUSES.isdisjoint(undone) else _wished(undone)
    if dropped:
        said = [word for word in (topics or []) if word in dropped and word not in wished]
        wished = " ".join([*dict.fromkeys(said), wished]) if not _names(wished, topics) else wished
    plain = wished if HARMLESS.isdisjoint(wished) else _HARMLESS.sub("", wished)
    stopped = None if UNWANTED.isdisjoint(plain) else _stopped(plain, products or ())
    if stopped:
        return Heard(stopped[0], denied=stopped[1], doubt=doubt)
    denied = not DENIED.isdisjoint(plain) and bool(_DENIED.search(plain))
    return Heard(wished, denied, doubt or (not UNDONE.isdisjoint(plain) and bool(_UNDONE.search(plain))))


def _restored(found: re.Match[str]) -> str:
    return "挂失恢复复机" if "挂失" in found[0] else "复机"


def _names(text: str, topics: list[str] | None) -> bool:
    return any(word in text for word in topics or ())


def _wished(text: str) -> tuple[str, str]:
    """(clauses that wish, clauses that deny), when there are both; else all of it."""
    clauses = [clause.strip() for clause in _CLAUSES.split(text) if clause and clause.strip()]
    denying = [c for c in clauses if _DENIES.search(c) and _VERBS.search(_HARMLESS.sub("", c))]
    if not denying or len(denying) == len(clauses):
        return text, ""
    wishing = [c for c in clauses if c not in denying]
    return (" ".join(wishing), " ".join(denying)) if _VERBS.search(" ".join(wishing)) else (text, "")


def _stopped(plain: str, products: Sequence[str]) -> tuple[str, bool] | None:
    """A product that is no longer wanted: (取消 + product, is it only a denial?)."""
    product = next((word for word in products if word in plain), "")
    if not product or _KEEP.search(plain) or _ENDED.search(plain):
        return None
    before, _, after = plain.partition(product)
    doubtful = len(_DENIED.findall(plain)) > 1 or bool(_OPENS.search(before))
    if _AFTER.search(after):
        return f"取消{product}", doubtful
    if _STOP.search(before):
        return f"取消{product}", doubtful or not _DONE.search(after)
    return None
