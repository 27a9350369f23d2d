"""What staff type: commands, and words that must not leave. What customers type under a human, masked. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from msgspec.structs import replace

from bot.desk.model import Spoken
from bot.dialog import BACK, CANCEL, HELP, LOGOUT, NO, REPEAT, STAFF, code_of, fold
from bot.gate import SECRET_SLOTS, Limits
from bot.model import AskedCode, AskedPassword, AskedSlot, Message, State
from bot.words import hide

LONGEST = 4096
PASSWORD, CODE, FORM, ASKED, HIDDEN = "［密码］", "［验证码］", "［表单］", "［业务卡片］", "［客户资料］"
_ENGLISH = {
    PASSWORD: "[password]",
    CODE: "[code]",
    FORM: "[form]",
    ASKED: "[service card]",
    HIDDEN: "[customer's data]",
}
_PERSONAL = frozenset(
    {"talk/raw", "talk/repeat", "talk/login", "talk/tickets"}
)  # of an impersonal counter, and yet his
IMPERSONAL = frozenset({"talk", "desk", "gate", "error", "faq", "hall", "oos", "news", "menu"})  # counters of templates
ENDS = frozenset({"结束", "结束服务", "结束会话", "结束对话", "退出人工", "不用人工了", "转机器人", "回机器人", "end"})
MESSAGES = frozenset({"留言", "我要留言", "留个言", "不等了,留言", "不等了，留言", "leave a message", "message"})
CARD = frozenset({"确认", "取消", "confirm", "cancel"})  # the words that a card names
_PLAIN = CANCEL | BACK | HELP | REPEAT | STAFF | LOGOUT | NO
_STARS = {"非常满意": 5, "很满意": 5, "满意": 4, "一般": 3, "不满意": 2, "很不满意": 1, "非常不满意": 1}

_SECRET = (
    r"(?:验证码|校验码|动态码|动态密码|密码|口令|短信码"
    r"|(?:[4-8四五六七八]位|那串|那几个|短信[里上中]的?|收到的)(?:数字?|号码?|码)|[4-8四五六七八]个数字"
    r"|yzm|mima|(?<![a-z])(?:password|code|pin|otp|puk)(?![a-z]))"
)
_CONVEY = (
    r"告诉|告知|发给|发过来|发来|发我|发一下|发下|发送|发到|报给|报一下|报下|报过来|报我|提供|给我|给一下|念|说一下|说下|"
    r"回复|写给|贴|是多少|多少|是什么|是啥|什么|转发|截图|拍|send|tell|give|what|share"
)
_ASKS = re.compile(rf"{_CONVEY}|输入|输一下|填")
_SENT = re.compile(r"(?:已经?|会|将|自动|[为给向]您)(?:短信)?$")
_OF_THE_SIM = frozenset({"pin", "puk"})  # are typed into the phone, and explained:
_AT_THE_PHONE = frozenset({"输入", "输一下", "填", "是什么", "是啥", "什么"})
_NEGATED = re.compile(
    r"(?:请勿|切勿|勿|不要|别|不得|不可|不能|不会|不应|无需|不用|不需要|从不|绝不|never|don't|donot)"
    r"(?:将|把|您|你|的|短信|再|随意|轻易|随便|向|对|任何|他人|别人|人|对方|我们|我|泄露|或|和|与|、|索要|要求|主动|要|让|"
    + _SECRET
    + r")*$"
)
_NEAR = 12  # characters between the secret and the verb, which has at most
_VERB = 5
_BEFORE = 80  # characters before it that may say no
_BREAKS = re.compile(r"[,，!！?？;；\n]")
_WISH = re.compile(  # 回复“忘记密码”: what is to be typed is the name of a service
    r"(?:回复|发送|输入|点击|选择|说)(?:[\"'“‘「『]?(?:忘记|忘了|修改|更改|重置|重设|找回|查询)(?:客服|服务|登录)?(?:密码|puk码?)"
    r"|[\"'“‘「『]puk码?(?=[\"'”’」』]))[\"'”’」』]?(?![的短验校动口])"
)
_LEFT_OPEN = re.compile(_SECRET + r"码?(?:是|呢|是呢):?$")  # 您的密码是？
_NAMED_LAST = re.compile(_SECRET + r"码?(?:收到|到|来)?(?:了|没有?|吗|么|后|之后|以后|的|呢|是|:)*$")
_WITHOUT_IT = re.compile(  # 忘记密码, 没收到验证码
    r"(?:没有?收到|未收到|没有?|未|忘记?了?|不记得|重置|重设|修改|更改|改|找回|设置|查询?|如果?|若|要是|需要?|想要?)"
    r"(?:(?!您|你|收).){0,4}" + _SECRET
)
_OMITTED = re.compile(  # 麻烦您直接发给我一下: what was named before
    r"(?:请|麻烦|劳烦|劳驾|烦|辛苦|您|你|帮忙|帮我|可以|能不能|能否|能|直接|尽快|马上|立即|现在|再|先|就|也|都|给我|跟我|向我"
    r"|把它|将它|把这个|收到(?:了|后|之后|以后)?|please|\s)*"
    rf"(?:{_CONVEY})"
    r"(?:给|到|一下|下|个|我们|我|过来|来|吧|呢|哦|啊|呀|嘛|谢谢|好吗|可以吗|行吗|这边|这里|it|to|me|us|please|\s|[~.。:)])*"
)


def asks_for_secret(text: str) -> bool:
    """Does somebody ask for a code or password? 请勿告诉任何人 does not; 把验证码发我 does, however it is spaced."""
    normal = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    seen = "".join(c for c in normal if unicodedata.category(c) not in ("Cf", "Mn"))  # a space of no width is none
    plain = _WISH.sub("", seen)
    flat = re.sub(r"[\s·.。*_\-]{1,3}(?=\S)", "", plain)  # 验 证 码; English needs its blanks
    return any(_asked([c.strip() for c in _BREAKS.split(words) if c.strip()]) for words in (flat, plain))


def _asked(clauses: list[str]) -> bool:
    alone = any(_asks(clause) or _left_open(clause) for clause in clauses)
    return alone or any(_goes_on(before, after) for before, after in pairwise(clauses))


def _asks(clause: str) -> bool:
    for secret in re.finditer(_SECRET, clause):
        near = max(0, secret.start() - _NEAR - _VERB), secret.end() + _NEAR + _VERB
        for verb in _ASKS.finditer(clause, *near):
            gap = max(secret.start() - verb.end(), verb.start() - secret.end())
            before = clause[max(0, verb.start() - _BEFORE) : verb.start()]
            if gap <= _NEAR and not (_harmless(secret[0], verb[0], before) or _NEGATED.search(before)):
                return True
    return False


def _harmless(secret: str, verb: str, before: str) -> bool:
    """A code that is typed into the phone; one that the operator sends."""
    if secret in _OF_THE_SIM:
        return verb in _AT_THE_PHONE
    return verb in ("发送", "发到") and _SENT.search(before) is not None


def _left_open(clause: str) -> bool:
    return bool(_LEFT_OPEN.search(clause)) and not _WITHOUT_IT.search(clause)


def _goes_on(before: str, after: str) -> bool:
    """您收到的验证码，请发给我: it is named in one clause and asked for in the next, which names nothing else."""
    if not _OMITTED.fullmatch(after) or _WITHOUT_IT.search(before):
        return False
    return bool(re.search(_SECRET, before) if "收到" in after else _NAMED_LAST.search(before))


@dataclass(frozen=True, slots=True)
class Command:
    """`#转 1208 客户要求` → 转, 1208 客户要求."""

    name: str
    rest: str = ""

    @property
    def words(self) -> list[str]:
        return self.rest.split()


NAMES = {  # what may be typed for a command: its name, pinyin, English
    "接": "接 j jie claim take",
    "拒": "拒 ju reject",
    "转": "转 z zhuan transfer",
    "结": "结 jie2 end close done",
    "还": "还 h huan back bot",
    "挂": "挂 g gua hold",
    "查": "查 c cha card",
    "史": "史 shi history log",
    "记": "记 ji note",
    "快": "快 k kuai canned",
    "单": "单 d dan ticket",
    "验": "验 y yan verify",
    "办": "办 b ban offer",
    "闲": "闲 x xian free",
    "忙": "忙 m mang busy",
    "小休": "小休 xx xiaoxiu break",
    "下班": "下班 xb off",
    "队": "队 dui queue",
    "交": "交 jiao shift",
    "监": "监 jian watch",
    "耳": "耳 er whisper",
    "插": "插 cha2 barge",
    "夺": "夺 duo seize",
    "评": "评 p ping rate",
    "帮助": "帮助 ? help bz",
    "语言": "语言 lang language",
}
LANGUAGES = {"zh": "zh", "中文": "zh", "chinese": "zh", "en": "en", "英文": "en", "英语": "en", "english": "en"}
_COMMAND = re.compile(
    r"[#＃]\s*(小休|下班|帮助|语言|[一-鿿]|[a-zａ-ｚ]+[2２]?|[?？])?\s*(.*)", re.DOTALL | re.IGNORECASE
)
_BY_WORD = {word: name for name, words in NAMES.items() for word in words.split()}


def command(text: str) -> Command | None:
    """A line that begins with `#`; its name is "" when there is no such command.

    Full-width names, numbers and codes are read as others; what is written for people stays as it was typed.
    """
    line = text[:LONGEST].strip()
    found = _COMMAND.fullmatch(line)
    if not found:
        return None
    name, rest = _BY_WORD.get(_narrow(found[1] or "").lower(), ""), found[2].strip()
    first = re.match(r"\S*", rest)
    word = _narrow(first[0]) if first else ""
    return Command(name, word + rest[first.end() :] if first and word.isascii() else rest)


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def marked(message: Message, state: State, limits: Limits) -> str:
    """A customer's line as staff may read it: an awaited secret is a mark, digits that may be one are stars."""
    if message.form is not None:
        return FORM
    if isinstance(state, AskedPassword) and code_of(message.text, limits.password):
        return PASSWORD
    if isinstance(state, AskedSlot) and state.slot in SECRET_SLOTS and fold(message.text) not in _PLAIN:
        return PASSWORD  # whatever it is: a new password that was refused is still somebody's password
    if isinstance(state, AskedCode) and code_of(message.text, limits.digits):
        return CODE
    return hide(message.text[:LONGEST])


def marks(text: str, lang: str) -> str:
    """What stands for what nobody may read, in the language of who reads it."""
    if lang != "en" or "［" not in text:
        return text
    for mark, english in _ENGLISH.items():
        text = text.replace(mark, english)
    return text


def seen_by_others(line: Spoken) -> Spoken:
    """What the bot told the customer of his own affairs is for who serves him, nobody else."""
    if line.who != "bot" or (line.about.partition("/")[0] in IMPERSONAL and line.about not in _PERSONAL):
        return line
    return replace(line, text=HIDDEN, en="")


def stars(text: str) -> int:
    """How satisfied: 1 … 5; 0 = that is no answer to it."""
    word = fold(text).removesuffix("分").removesuffix("星")
    return int(word) if word in {"1", "2", "3", "4", "5"} else _STARS.get(word, 0)
