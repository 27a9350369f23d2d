"""Does a line of staff ask for a code or a password? Pure. Rather a harmless line too many than one that asks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.spoken.folding import simplified

LONGEST = 4096
_ALSO = str.maketrans("覆収験訳", "复收验译")  # another character for it, or the Japanese one

# --- what is asked for ----------------------------------------------------------------------------------------------
_OTHERS = r"二维付款邮号编代误优惠券换请件条串列乱解费户"  # before 码: another kind of it
_NO_CODE = "".join(
    rf"(?<!{word} )"
    for word in ("error", "postal", "zip", "qr", "promo", "coupon", "discount", "country", "area", "dress", "source")
)
_SECRET = (
    r"(?:(?:[验演眼]|(?<![a-z])yan)(?:[证正政]|zheng|z)(?:[码马玛妈]|ma?(?![a-z]))|[校动]验?态?[码马]|动态密[码马]|密[码马]|口令|短信码"
    r"|(?:(?<![后末尾前号])[4-8四五六七八]位|那串|那几个|短信[里上中面]{0,2}的?|收到的|里面?的?|[把将]那?[几些个串]{0,2})(?:数字(?!证书|电视|人民币)|号码)"
    r"|(?:(?<![后末尾前号])[4-8四五六七八]位|那串|那几个)(?:数(?!据)|码)|短信[里上中]面?的?码|收到的码|[4-8四五六七八]个数字?"
    rf"|(?<![{_OTHERS}])(?:(?<=^)|(?<=[把将个里的]))码(?![头数字])"
    r"|(?:(?:收到|10086|刚才?|那条|系统)[^,]{0,12})?(?:收到的短信|短信原文|短信内容截|那条短信内容)"
    r"|yzm|(?<![a-z])(?:mi ?ma|mm|v码)"
    rf"|{_NO_CODE}(?<![a-z])(?:pass(?:word|code)s?|codes?|pin|otp|puk|digits)(?![a-z]))"
)
_OF_THE_SIM = frozenset({"pin", "puk"})  # are typed into the phone, and explained:
_AT_THE_PHONE = frozenset({"输入", "输一下", "填", "是什么", "是啥", "什么"})

# --- how it is asked for --------------------------------------------------------------------------------------------
_AWHILE = r"(?:一?下|一遍|一声|给|过来|出来|到这|在这|来)"
_CONVEY = (
    rf"告诉|告知|发(?:给|过来|来|我|一?下|送|到|出来)|报(?:给|我|{_AWHILE})|提供|给(?:我|一?下|到我)|念|"
    rf"说(?:出|给|来|下|一下|一声|一遍)|请说|[跟和对]我说|回(?:复|我|一下|过来|给)|贴|粘|复制|是?多少|是几|是什么|是啥|什么|转(?:发|给)|截(?:个?图|屏)|拍|"
    rf"传(?:给|我|{_AWHILE})|打(?:给|{_AWHILE})|写(?:给|{_AWHILE})|敲|读|亮|出示|口述|反馈|同步|分享|交给|"
    r"(?:send|tell|give|what|share|forward|paste|read|provide|reply|confirm (?:the|your))(?![a-z])|"
    r"let me (?:know|have)|"
    r"(?:may|can|could) i (?:have|get)"
)
_TYPE = r"输入|输一下|填|(?:type|enter)(?![a-z])"
_ASKS = re.compile(rf"{_CONVEY}|{_TYPE}")
_SENT = re.compile(r"(?:已经?|会|将|自动|[为给向]您)(?:短信)?$")
_NO_WISH = re.compile(  # behind the verb
    r"(?:错|有误|次数|不正确|太|过于|失败|成功|频繁|间隔|时候|时间|业务|用[的处]?|原因|情况|问题|意思)"
)
_ELSEWHERE = re.compile(
    r"(?:自己|自行|在[^,]{0,8}(?:手机|网页|app|页面|路由器|光猫|网上营业厅|官网)[^,]{0,3}|机器人会?|系统会?)(?:请您|让您|请)?$"
)
_RECEIVED = re.compile(r"(?:后|就|会|将)(?:会)?收到")  # between verb and secret: 回复“确认”后会收到验证码
_OTHER_PEOPLE = r"(?:他人|别人|对方|其他人|陌生人|骗子|[他她](?![们]?同事)|谁|任何人)"
_THEIRS = re.compile(  # asks what became of it among others: 您有没有把密码告诉别人
    rf"(?:有没有|是不是|是否|没有|[了过]吗|了没|过没)[^,]*$|{_OTHER_PEOPLE}(?:了|过)?(?:吗|没有?|么)?$"
)
_BY_OTHERS = re.compile(r"(?:有人|别人|他人|对方|骗子|陌生人|任何人|谁|凡是)[^,]{0,8}$")
_NEGATED = re.compile(
    r"(?:请勿|切勿|勿|不要|别|不得|不可|不能|不会|不应|无需|不用|不需要|从不|绝不|never|don't|donot|do not)"
    r"(?:"
    + _SECRET
    + r"|将|把|您|你|的|短信|再|随意|轻易|随便|向|对方|对|任何|他人|别人|人|我们|我|泄露|或|和|与|、|索要"
    r"|要求|主动|要|让| |your)*+$"
)
_NEAR = 12  # characters between the secret and the verb, which has at most
_VERB = 12
_BEFORE = 80  # characters before it that may say no
_BREAKS = re.compile(r"[,，!！?？;；。\n]|(?<![a-z0-9])\.|\.(?![a-z0-9])")
_WISH = re.compile(  # 回复“忘记密码”: what is to be typed is the name of a service
    r"(?:回复|发送|输入|点击|选择|说)(?:[\"'“‘「『]?(?:忘记|忘了|修改|更改|重置|重设|找回|查询)(?:客服|服务|登录)?(?:密码|puk码?)"
    r"|[\"'“‘「『]puk码?(?=[\"'”’」』]))[\"'”’」』]?(?![的短验校动口])"
)
_YOURS = (
    r"(?:您|你|请问|那|这|个|的|是|服务|客服|登录|短信|手机|上|里|刚才?|收到|现在|当前|your|the|verification|sms| )*"
)
_ALONE = re.compile(
    rf"{_YOURS}{_SECRET}码?(?:呢|是|多少|please|pls|plz|吧|哈|哦|亲| |[:~。.])*"
)  # no more than its name
_TROUBLE = r"错|失败|不对|不正确|过期|被|锁|收不到|没收|提示|问题|业务|有没有|是否|是不是|什么时候|怎么"
_NAMED = re.compile(rf".{{0,20}}{_SECRET}(?!.{{0,8}}(?:{_TROUBLE}))")  # 您收到的验证码 and what may follow
_BEGINS = re.compile(r"(?:亲|在吗?|来|那|好的?|嗯|请|您好|你好|hi|hello)|.{0,6}(?:核实|核对|确认|验证|请问).{0,8}")
_OF_ALL = re.compile(  # 我要您的验证码, 核对一下您的密码, 还差验证码
    r"(?:(?:我们?|这边|这里|现在|还|就|只|需|要|请|麻烦|帮|跟|和|与|为|给|您|你|再|先|i|we|just| )*"
    r"(?:need|需要?|要|还?差|缺|问|"
    r"核对|核实|校验|验证|确认)"
    rf"(?:一?下)?(?:the|your| )*{_YOURS}{_SECRET})码?(?:呢|吧|哈|哦| )*"
)
_GUESSED = re.compile(
    _SECRET + r"码?(?:是不是|是否是?|应该是|就是)?"
    r"(?:是(?:生日|手机号?后|身份证)|(?:是不是|是否是?|是)[\d一二三四五六七八九零]{3})"
)
_LEFT_OPEN = re.compile(_SECRET + r"码?(?:是|呢|是呢):?$")  # 您的密码是？
_NAMED_LAST = re.compile(_SECRET + r"码?(?:收到|到|来)?(?:了|没有?|吗|么|后|之后|以后|的|呢|是|:)*$")
_COMES = re.compile(
    _SECRET + r".{0,6}(?:发|收到|到您|到你)|(?:发|收到|来).{0,10}(?:" + _SECRET + r"|短信)|看.{0,6}短信"
)
_WITHOUT_IT = re.compile(  # 忘记密码, 没收到验证码
    r"(?:没有?收到|未收到|没有?|未|忘记?了?|不记得|重置|重设|修改|更改|改|找回|设置|查询?|如果?|若|要是|需要?|想要?)"
    r"(?:(?!您|你|收).){0,4}" + _SECRET
)
_POLITE = (
    r"请|麻烦|劳烦|劳驾|烦|辛苦|您|你|帮忙|帮我|可以|能不能|能否|能|直接|尽快|"
    r"马上|立即|现在|再|先|就|也|都|然后|给我|跟我|向我"
)
_OMITTED = re.compile(  # 麻烦您直接发给我一下: what is named before or after
    rf"(?:{_POLITE}|把它|将它|把这个|看下?|一下|收到(?:了|的?话|后|之后|以后)*|please|pls|\s)*"
    rf"(?:{_CONVEY}|数字告诉|号码?发)"
    r"(?:给|到|一下|下|个|我们|我|过来|来|吧|呢|哦|啊|呀|嘛|谢谢|好吗|可以吗|行吗|就?行|就好|就可以|即可|没事的?|听|一?看[看下]?|这边|这里|it|to|me|us|please|\s|[~.。:)])*+"
)
_TO_ME = re.compile(r"发我|发给我|发过来|告诉我|给我|报给我|念给我|转给我|回复我|send it|tell me|give me")
_IN_ENGLISH = re.compile(
    r"(?:forward|paste|read|show|send)(?: me)? (?:the|that) (?:sms|text)(?! about)|"
    r"(?:what (?:are|is)|need|drop|leave) (?:the|your) .{0,14}" + _SECRET
)
_THE_WHOLE = re.compile(r"^(?!.*(?:不要|别|勿|不用)).*短信.{0,3}(?:截(?:个?图|屏)|复制|转给我|转发给我)")
_BACK = 3  # clauses before or after, among which the secret is looked for
_THE_TEXT = re.compile(r"短信(?!中心)")
_ITS_CONTENT = re.compile(r"数字|原文|内容|号码|码|截个?图|转给我|转发|^[^,]{0,4}发(?:给?我|过来)")
_SPAM = re.compile(r"诈骗|垃圾|骚扰|广告|可疑|扣费|报错|错误|失败")


def asks_for_secret(text: str, before: Sequence[str] = ()) -> bool:
    """请勿告诉任何人 does not; 把验证码发我 does, however it is spaced and in whatever order.

    `before`: what was said last, oldest first; a line that only says 请发给我 asks for what was named there.
    """
    plain = _WISH.sub("", _seen(text))
    flat = re.sub(r"[\s·.。*_\-]{1,3}(?=\S)", lambda gap: "," if "\n" in gap[0] else "", plain)  # 验 证 码
    earlier = [clause for line in before for clause in _clauses(_seen(line))]
    return any(_asked(_clauses(words), earlier) for words in (flat, plain))


def leaves_open(text: str) -> bool:
    """Does it ask for something that it does not name? Then what was said before says for what."""
    return _open(_clauses(_seen(text)))


def _open(clauses: list[str]) -> bool:
    """Nothing else is named before it: 您还有什么需要，请告诉我 is complete."""
    for clause in clauses:
        if _OMITTED.fullmatch(clause):
            return True
        if not _BEGINS.fullmatch(clause):
            return False
    return False


def _seen(text: str) -> str:
    """As it looks: a space of no width is none, full-width and traditional characters are as the others."""
    normal = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    normal = re.sub(r"[^\S\n]+", " ", normal)
    visible = "".join(c for c in normal if unicodedata.category(c) not in ("Cf", "Mn"))
    return visible.translate(simplified()).translate(_ALSO)


def _clauses(words: str) -> list[str]:
    return [clause for part in _BREAKS.split(words) if (clause := part.strip())]


def _asked(clauses: list[str], earlier: list[str]) -> bool:
    if any(_asks(clause) or _left_open(clause) or _OF_ALL.fullmatch(clause) for clause in clauses):
        return True
    whole = (earlier[-_BACK:] if _open(clauses) else []) + clauses
    skip = len(whole) - len(clauses)
    return _named_alone(clauses) or any(_goes_on(whole[:n], whole[n]) for n in range(skip, len(whole)))


def _asks(clause: str) -> bool:
    if _IN_ENGLISH.search(clause) or (_THE_WHOLE.search(clause) and not _SPAM.search(clause)):
        return True
    for secret in re.finditer(_SECRET, clause):
        near = max(0, secret.start() - 2 * _NEAR - _VERB), secret.end() + 2 * _NEAR + _VERB
        for verb in _ASKS.finditer(clause, *near):
            gap = max(secret.start() - verb.end(), verb.start() - secret.end())
            if 0 <= gap <= (2 * _NEAR if verb[0].isascii() else _NEAR) and not _harmless(clause, secret, verb):
                return True
    return False


def _harmless(clause: str, secret: re.Match[str], verb: re.Match[str]) -> bool:
    """Denied, typed into the phone, sent by the operator, or a matter of other people."""
    before, after = clause[max(0, verb.start() - _BEFORE) : verb.start()], clause[verb.end() :]
    if _NEGATED.search(before) or _NO_WISH.match(after) or _BY_OTHERS.search(before):
        return True
    if secret[0] in _OF_THE_SIM and verb[0] in _AT_THE_PHONE:
        return True
    if verb[0] in ("发送", "发到", "发给") and _SENT.search(before):
        return True
    if re.fullmatch(_TYPE, verb[0]) and (_ELSEWHERE.search(before) or "yourself" in after):
        return True
    if verb.end() <= secret.start() and _RECEIVED.search(clause, verb.end(), secret.start()):
        return True
    asked = re.search(rf"^(?:给|了|过)*{_OTHER_PEOPLE}", after) is not None
    return asked and (_THEIRS.search(before) is not None or re.search(r"[了过](?:吗|没|么)?$", clause) is not None)


def _left_open(clause: str) -> bool:
    return bool(_LEFT_OPEN.search(clause) or _GUESSED.search(clause)) and not _WITHOUT_IT.search(clause)


def _named_alone(clauses: list[str]) -> bool:
    """您的验证码 and no more; behind a request that names nothing (请发给我，您收到的验证码) as well."""
    if clauses and _ALONE.fullmatch(clauses[-1]) and all(_BEGINS.fullmatch(one) for one in clauses[:-1]):
        return True
    return any(
        _OMITTED.fullmatch(one) and _NAMED.match(two) and not _WITHOUT_IT.search(two)
        for n, one in enumerate(clauses)
        for two in clauses[n + 1 : n + 1 + _BACK]
    )


def _wants_its_content(clause: str) -> bool:
    verb = _ASKS.search(clause)
    return bool(verb and _ITS_CONTENT.search(clause) and not _NEGATED.search(clause[: verb.start()]))


def _goes_on(before: list[str], clause: str) -> bool:
    """您收到的验证码，请发给我: it is named in a clause and asked for in a later one, which names nothing else."""
    named = before[-_BACK:]
    if any(_THE_TEXT.search(one) for one in named[-1:]) and _wants_its_content(clause):
        return not any(_SPAM.search(one) for one in (*named, clause))
    if not _OMITTED.fullmatch(clause):
        return False
    for one in reversed(named):
        if re.search(_SECRET, one):
            if _WITHOUT_IT.search(one):
                return False
            to_me = _TO_ME.search(clause) or "收到" in clause
            return bool(to_me or _NAMED_LAST.search(one) or _COMES.search(one))
    return False
