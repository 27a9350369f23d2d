"""How an answer moves a conversation on. Pure: state, words and time in, one step out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import assert_never

from msgspec.structs import replace

from bot.gate import Limits
from bot.model import (
    AskedCode,
    AskedPassword,
    AskedSlot,
    Choice,
    Choosing,
    Confirming,
    Idle,
    Ms,
    Session,
    Slots,
    Todo,
)

# Words that mean the same in every state, as whole cleaned strings.
CANCEL = frozenset({"取消", "算了", "不办了", "不要了", "不弄了", "放弃", "cancel", "q", "quit", "qx"})
BACK = frozenset({"返回", "上一步", "回去", "返回上一步", "back", "fh"})
HELP = frozenset({"帮助", "菜单", "help", "?", "？", "怎么用", "主菜单", "bz", "cd", "menu"})
REPEAT = frozenset({"重说", "再说一遍", "重复", "再说一次", "没看清", "repeat", "刚才说什么"})
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
    }
)
LOGOUT = frozenset({"退出", "退出登录", "注销", "登出", "logout", "exit", "tc"})
RESEND = frozenset(
    {"重发", "再发", "再发一次", "重新发送", "没收到", "没收到验证码", "没收到短信", "重发验证码", "收不到", "resend"}
)
# contracts.md, "A code turn": yes is one of these as a whole string; not 1, not 嗯.
YES = frozenset({"确认", "是", "是的", "好的", "同意", "确定", "yes"})
NO = frozenset({"不", "否", "不是", "不要", "不用", "不用了", "不办", "不同意", "不确认", "no", "n", "不了", "别办了"})
NEXT = frozenset({"下一页", "下页", "更多", "还有呢", "继续", "next", "more", "xyy"})
NEITHER = frozenset({"都不是", "都不对", "不是这些", "没有"})

WHOLE = 200  # characters: a longer text is no word, number or code, whatever its first ones say

_CODE = re.compile(r"(?:验证码)?是?:?(\d+)")
_DENIED = re.compile(r"[不別别勿甭没沒未]|取消|退订|退訂")
_NUMBERS = re.compile(r"\d{1,2}(?:\s*[,，、 ]\s*\d{1,2})*")
_UNDO = re.compile(r"(?:退订|退掉|取消)\s*(\d.*)")
_ORDINALS = {"第一个": 1, "第二个": 2, "第三个": 3, "第四个": 4, "第五个": 5, "第六个": 6, "第七个": 7, "第八个": 8}


@dataclass(frozen=True, slots=True)
class Match:
    """Read the words as a new request. `open` = a question stays open behind it."""

    text: str = field(repr=False)
    open: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """This intent was asked for: take it through the gate."""

    todo: Todo


@dataclass(frozen=True, slots=True)
class CheckPassword:
    secret: str = field(repr=False)
    todo: Todo | None = None


@dataclass(frozen=True, slots=True)
class CheckCode:
    code: str = field(repr=False)
    state: AskedCode


@dataclass(frozen=True, slots=True)
class Confirmed:
    state: Confirming


@dataclass(frozen=True, slots=True)
class Resend:
    state: AskedCode


@dataclass(frozen=True, slots=True)
class Leave:
    """The open question is given up: `how` is cancel, back or no."""

    how: str


@dataclass(frozen=True, slots=True)
class Remind:
    """Say again what is awaited here; `hint` is the template that does."""

    hint: str


@dataclass(frozen=True, slots=True)
class Next:
    """The next page of the list that was shown."""


@dataclass(frozen=True, slots=True)
class Command:
    """help, repeat, logout, handoff: possible in every state."""

    intent: str


Step = Match | Ask | CheckPassword | CheckCode | Confirmed | Resend | Leave | Remind | Command | Next


def fold(text: str) -> str:
    """NFKC, no outer blanks, lower case: what whole-string words are compared with. A cut text ends in `…`."""
    line = text.strip()
    word = unicodedata.normalize("NFKC", line[:WHOLE]).strip().lower()
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


def yes(text: str) -> bool:
    return fold(text) in YES


def numbers(text: str) -> tuple[int, ...]:
    """`3` → (3,), `1 3` or `1,3` or `1、3` → (1, 3); several only with separators; anything else → ()."""
    word = fold(text)
    if word in _ORDINALS:
        return (_ORDINALS[word],)
    if not _NUMBERS.fullmatch(word) or (not word.isascii() and not re.fullmatch(r"[\d\s,，、]+", word)):
        return ()
    return tuple(dict.fromkeys(int(n) for n in re.findall(r"\d+", word)))


def advance(session: Session, text: str, at: Ms, limits: Limits) -> Step:
    word = fold(text)
    state = session.state
    if (command := _command(word)) and not _wants_words(state, word):
        return command
    match state:
        case Idle():
            return _idle(session, text, at, limits)
        case Choosing(options, since):
            return _choosing(options, text, word, since, at, limits)
        case AskedSlot():
            return _slot(state, text, word)
        case AskedPassword(todo):
            secret = code_of(text, limits.password)
            return CheckPassword(secret, todo) if secret else _or_else(word, text, "password")
        case Confirming():
            if word in YES:
                return Confirmed(state)
            return _or_else(word, text, "confirm")
        case AskedCode():
            if code := code_of(text, limits.digits):
                return CheckCode(code, state)
            return Resend(state) if word in RESEND else _or_else(word, text, "code")
        case _:
            assert_never(state)


def _command(word: str) -> Step | None:
    if word in CANCEL:
        return Leave("cancel")
    if word in BACK:
        return Leave("back")
    if word in NEXT:
        return Next()
    for words, intent in ((HELP, "help"), (REPEAT, "repeat"), (STAFF, "handoff"), (LOGOUT, "logout")):
        if word in words:
            return Command(intent)
    return None


def _wants_words(state: object, word: str) -> bool:
    """Where the customer dictates a text, only leaving and help interrupt it: 退出 must not be believed in vain."""
    interrupts = CANCEL | BACK | HELP | REPEAT | LOGOUT
    return isinstance(state, AskedSlot) and state.slot == "text" and word not in interrupts


def _idle(session: Session, text: str, at: Ms, limits: Limits) -> Step:
    chosen = numbers(text)
    live = session.menu and at - session.menu_at <= limits.menu
    if chosen == (0,):
        return Command("handoff")
    if len(chosen) == 1 and live and 1 <= chosen[0] <= len(session.menu):
        return Ask(Todo(session.menu[chosen[0] - 1]))
    return Match(text)


def _choosing(options: tuple[Choice, ...], text: str, word: str, since: Ms, at: Ms, limits: Limits) -> Step:
    chosen = numbers(text) or _undone(word, {option.todo.intent for option in options})
    if chosen == (0,):
        return Command("handoff")
    if word in NEITHER or chosen == (len(options) + 1,):
        return Leave("neither")
    if not chosen or at - since > limits.menu:
        return Match(text)
    picked = [options[n - 1].todo for n in chosen if 1 <= n <= len(options)]
    if len(picked) < len(chosen):
        return Remind("number")
    return Ask(picked[0]) if len(picked) == 1 else _together(picked)


def _undone(word: str, intents: set[str]) -> tuple[int, ...]:
    """退订1 below a list of what can be cancelled: its first line, on whichever page of the list that is."""
    found = _UNDO.fullmatch(word)
    return numbers(found[1]) if found and intents == {"service.cancel"} else ()


def _together(todos: list[Todo]) -> Step:
    """Several of one list (`0000`, then `1 3`): one question about all of them, if they ask for the same."""
    items = tuple(item for todo in todos for item in todo.slots.items)
    if len({todo.intent for todo in todos}) > 1 or len(items) < len(todos):
        return Remind("number")
    return Ask(fill(todos[0], "items", *items))


def _slot(state: AskedSlot, text: str, word: str) -> Step:
    if state.slot == "text":
        return Ask(fill(state.todo, "text", text.strip()[:1000])) if text.strip() else Remind("text")
    if word in NO or word in NEITHER:
        return Leave("no")
    chosen = numbers(text)
    if state.slot == "quantity":
        return _quantity(state, word, chosen)
    chosen = chosen or _undone(word, {state.todo.intent})
    if chosen == (0,):
        return Command("handoff")
    picked = [state.options[n - 1][1] for n in chosen if 1 <= n <= len(state.options)]
    if chosen and len(picked) == len(chosen) and (state.several or len(picked) == 1):
        return Ask(fill(state.todo, "items", *picked))
    if chosen:
        return Remind("number" if not state.several else "numbers")
    named = [value for label, value in state.options if _names(word, label.lower())]
    if len(named) == 1:
        return Ask(fill(state.todo, "items", *named))
    return Match(text, open=True)


def _names(word: str, label: str) -> bool:
    """Is it this one that is chosen? 彩铃 is, 要彩铃 is; 不要彩铃 is not, nor is 退订彩铃."""
    return bool(word) and (word in label or (label in word and not _DENIED.search(word.replace(label, ""))))


def _quantity(state: AskedSlot, word: str, chosen: tuple[int, ...]) -> Step:
    spoken = re.fullmatch(r"((?!0000)\d{1,4}|[一二两三四五六七八九十]{1,3})\s*[个份张件次]?", word)
    if not spoken:
        return Remind("quantity") if chosen or not word else Match(word, open=True)
    return Ask(fill(state.todo, "quantity", spoken[1]))


_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_TENS = re.compile(r"([二三四五六七八九]?)十([一二三四五六七八九]?)")


def count(text: str) -> int:
    """`12`, `十二`, `两` → the number; 0 when it is none. At most 99 in characters."""
    if text.isascii() and text.isdigit():
        return int(text[:6])
    if tens := _TENS.fullmatch(text):
        return _DIGITS.get(tens[1], 1) * 10 + _DIGITS.get(tens[2], 0)
    return _DIGITS.get(text, 0)


def fill(todo: Todo, slot: str, *values: str) -> Todo:
    slots: Slots = todo.slots
    match slot:
        case "items":
            slots = replace(slots, items=tuple(values), words="")
        case "quantity":
            slots = replace(slots, quantity=count(values[0]) or -1)
        case "month":
            slots = replace(slots, month=values[0])
        case _:
            slots = replace(slots, text=values[0])
    return replace(todo, slots=slots)


def _or_else(word: str, text: str, hint: str) -> Step:
    """Not what was asked for: no, a new question, or noise."""
    if word in NO:
        return Leave("no")
    if not word or (not re.search(r"[^\W\d_]{2,}|^[a-z]{2,}\d*$|^0000$", word) and word != "0"):
        return Remind(hint)
    return Command("handoff") if word == "0" else Match(text, open=True)
