"""What staff type: commands. What customers type under a human, masked. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from msgspec.structs import replace

from bot.desk.model import Spoken
from bot.dialog import BACK, CANCEL, HELP, LOGOUT, NO, REPEAT, STAFF, code_of, fold
from bot.gate import SECRET_SLOTS, Limits, awaits_secret
from bot.hiding import hide
from bot.model import AskedCode, AskedPassword, AskedSlot, Message, State

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
    return hide(message.text[:LONGEST], awaited=awaits_secret(state))


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
