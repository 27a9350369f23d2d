"""What a line answers to an open question: one of a list, a figure, a text, a new secret. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from msgspec.structs import replace

from bot import spoken
from bot.dialog.apart import excepts, tells_apart
from bot.dialog.picking import MOST, REMOVING, TOGETHER, chosen, picked
from bot.dialog.steps import Ask, Command, Leave, Match, Remind, Step
from bot.dialog.words import (
    ALL,
    EVERYTHING,
    LOST,
    NEITHER,
    NONE_WANTED,
    NOTHING_LEFT,
    PARKED,
    TEXT,
    WHOLE,
    declined,
    fold,
    numbers_of,
    plain,
    taken,
)
from bot.gate import SECRET_SLOTS
from bot.model import AskedSlot, Slots, Todo
from bot.spoken.numerals import HAN

_MORE = re.compile(r"月|\d")  # a month, a figure: more is said than which one
_DENIED = re.compile(
    r"[不別别勿甭没沒未除]|[以之]外|取消|退订|退訂|\b(?:not?|never|don't|cancel|stop|unsubscribe|except|but|besides)\b"
)
_FIGURE_ONLY = re.compile(
    r"(?:我|就|那|想)*(?:要|选|换成?|改成?|换到)?\d+(?:元|块钱?|m|兆|的|那个|那档|这个|档|套餐|流量包|包|吧|了|好了)*"
    r"|(?:(?:i want|i'll take|give me|make it|change to|switch to|take|choose) )?"
    r"(?:the )?\d+(?:[ -]?yuan)?(?: one| plan| pack)?(?: please)?"
)
_AND = re.compile(r"\s*(?:[,;，、和跟与及&+]|以及|还有|加上|\band\b)\s*")
_WANTED = re.compile("^(?:我|就|想|要|选|来|都)+|(?:吧|都要|都选)+$")
_STAFF = re.compile(
    r"(?:(?:快|给|请|帮)?我?(?:转|找|要|叫)*(?:人工|真人)(?:服务|客服)?[!！,，。~ ]*){1,4}"
)  # 人工人工！
_IN_HAND = re.compile(  # not lost: where it was asked how it was lost
    r"(?:那就?|我?要|想|请|帮我|是|办理?|申请)*(?:停机)?保号(?:的|吧|就行|业务)*"
    r"|(?:我的?)?(?:手机|电话|卡)?(?:没有?丢|在我?手[上里])[,，。 ]*(?:我|只是|就是|暂时|一段时间|先|不用|了|呢)*"
    r"|(?:(?:please|just|i want to) )*pause(?: (?:my|the) (?:line|number))?(?: please)?"
    r"|(?:it is |it's |my phone is )?not lost(?:,? (?:just|only) not used(?: for a while)?)?"
)
_COMPARED = re.compile(  # 便宜的, 流量多的呢: of what is offered here
    r"(?:那|有没有|还有|有|我?(?:要|选|就|来|办|开|买|换))*[最更]?(?:便宜|流量多|流量大|通话多|短信多)(?:一?点)?"
    r"(?:的|那个|那档|那种|吧|呢|吗|就行)*|(?:the )?cheap(?:est|er)(?: one)?"
)
_SAYS = re.compile(r"[^\W\d_]{2,}|^[a-z]{2,}\d*$|^0000$|^[充冲交缴存换改退开办订查加删给].{0,12}\d")  # 充50 is a wish
_COUNTED = re.compile(rf"[\d.,\s{HAN}]+[个条份次张件]?")  # a figure, and not what was asked for
_PLACE = re.compile(r"(?<!\d)第?(\d{1,2})(?![\d元块mg])[个项号条]?")
ONE_DIGIT = 9  # a larger number below a menu of two is none of its lines
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}")


def slot_of(state: AskedSlot, text: str, word: str) -> Step:
    if state.slot == "text":
        return _dictated(state, text.strip()[:TEXT], word)
    if plain(word) in NONE_WANTED and state.several and state.todo.intent in REMOVING:
        return _all_of(state)
    if declined(word) or plain(word) in NEITHER:
        return Leave("no")
    if LOST.fullmatch(word):
        return Match(text, open=True)
    if state.slot in SECRET_SLOTS:  # whatever it is, nobody else is to read it as something that was said
        return _new_secret(state, text, word)
    if state.slot == "quantity":
        return _quantity(state, word, numbers_of(word))
    if state.slot in _SPOKEN:
        return _figure(state, word, text)
    return _one_of(state, text, word)


def _one_of(state: AskedSlot, text: str, word: str) -> Step:
    """Of a list: by its places, all of it, by a figure in it, by what it has most of, by its name."""
    places = chosen(word, len(state.options), {state.todo.intent})
    if places == (0,):
        return Command("handoff")
    several = state.several or state.todo.intent in TOGETHER
    values = [state.options[n - 1][1] for n in places if 1 <= n <= len(state.options)]
    if places and len(values) == len(places) and (several or len(values) == 1):
        return Ask(fill(state.todo, state.slot, *values))
    if mixed := _each(state, word):
        return Ask(fill(state.todo, state.slot, *mixed)) if several else Remind("one")
    everything = NOTHING_LEFT if state.todo.intent in REMOVING else EVERYTHING
    if plain(word) in everything and state.options:
        return _all_of(state)
    if (
        state.todo.intent == "alert.set" and (not places or places[0] > ONE_DIGIT) and (sum := _amount(text))
    ):  # 20, where 1 and 2 are offered
        return Ask(replace(state.todo, slots=replace(state.todo.slots, amount=Decimal(sum), kind="")))
    if state.todo.intent in TOGETHER and _but(state, word):
        said = _by_name(state, word)
        left = replace(state.todo.slots, items=state.every, words=said, line=said, number="", page=0)
        return Ask(replace(state.todo, slots=left))
    if len(state.options) == 1 and state.todo.intent == "service.subscribe" and taken(word):
        return Ask(fill(state.todo, state.slot, state.options[0][1]))
    if named := _by_figures(word, state.options):
        return Ask(fill(state.todo, state.slot, named))
    if places and not several and len(values) == len(places):
        return Remind("one")
    if places:
        return Remind("numbers" if state.several else "number")
    if _COMPARED.fullmatch(word):  # of these, whatever else has a price
        return Ask(replace(state.todo, slots=replace(state.todo.slots, line=text.strip()[:WHOLE])))
    if state.slot == "place":  # 北京朝阳区 is more than the city that is offered
        return Match(text, open=True)
    alone = _part if len(_AND.split(word)) > 1 else _names  # 彩铃和会议通 is more than 彩铃
    meant = [value for label, value in state.options if alone(word, label.lower())]
    return Ask(fill(state.todo, state.slot, *meant)) if len(meant) == 1 else Match(text, open=True)


def _each(state: AskedSlot, word: str) -> tuple[str, ...]:
    """第一个和移动秘书, 彩铃和5元流量包: every part is a place or a name of this list; () where one is not."""
    parts, values = _AND.split(_WANTED.sub("", plain(word))), list[str]()
    if len(parts) < 2 or _DENIED.search(word):
        return ()
    for part in parts:
        places = chosen(part, len(state.options), {state.todo.intent})
        found = [state.options[n - 1][1] for n in places if 1 <= n <= len(state.options)]
        found = found or [value for label, value in state.options if part and _part(part, label.lower())]
        if len(found) != 1:
            return ()
        values += found
    return tuple(dict.fromkeys(values))


def _all_of(state: AskedSlot) -> Step:
    if len(state.options) == 1 and not state.several:
        return Ask(fill(state.todo, state.slot, state.options[0][1]))
    if not state.several:
        return Remind("not_all" if state.todo.intent in TOGETHER - REMOVING else "one")
    if state.every:
        return Ask(fill(state.todo, state.slot, *state.every))
    return Ask(replace(state.todo, slots=replace(state.todo.slots, items=(), words=ALL, line=ALL)))


def _but(state: AskedSlot, word: str) -> bool:
    """除了手机报都退, 别退彩铃: is what is not meant named? 不要手机报, of what is sold, is another wish."""
    names = [(label.lower(), value) for label, value in state.options]
    return tells_apart(word, closing=True, names=names) if state.todo.intent in REMOVING else excepts(word)


def _by_name(state: AskedSlot, word: str) -> str:
    """除了1都退 with the name that stands there, unless names are said anyhow: 5元流量包 is no fifth line."""
    labels = [label for label, _ in state.options]
    if any(label.lower() in word for label in labels):
        return word
    return _PLACE.sub(lambda at: labels[int(at[1]) - 1] if 1 <= int(at[1]) <= len(labels) else at[0], word)


def _dictated(state: AskedSlot, text: str, word: str) -> Step:
    """Staff can do nothing with a digit, a face or three question marks; 0 is 人工."""
    if text and to_somebody(state):
        return Ask(fill(state.todo, "text", text))
    if word == "0" or _STAFF.fullmatch(word):
        return Command("handoff")
    if declined(word):
        return Leave("no")
    if state.todo.intent == "line.suspend":
        if _IN_HAND.fullmatch(word):
            return Ask(fill(state.todo, "kind", PARKED))
    elif LOST.fullmatch(word):
        return Match(text, open=True)
    return Ask(fill(state.todo, "text", text)) if re.search(r"[^\W\d_]|\d{5}", text) else Remind("text")


def to_somebody(state: AskedSlot) -> bool:
    """A text of his own goes to another number: whatever it is, it is his."""
    return state.todo.intent == "sms.send"


def _names(word: str, label: str) -> bool:
    """Is it this one that is chosen? 彩铃 is, 要彩铃 is; 不要彩铃 is not, nor is 退订彩铃, nor 上个月的彩铃."""
    rest = word.replace(label, "")
    return _part(word, label) or (label in word and not _DENIED.search(rest) and not _MORE.search(rest))


def _part(word: str, label: str) -> bool:
    """Of English names whole words: `all` is no part of `caller ID`."""
    if not word.isascii():
        return word in label
    return bool(word) and bool(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", label))


def _by_figures(word: str, options: tuple[tuple[str, str], ...]) -> str:
    """`88`, `88的`, `换成88元那个` where a list has one line with an 88 in it, and not as many lines as that."""
    figures = re.findall(r"\d+", word)
    if not figures or not _FIGURE_ONLY.fullmatch(word):
        return ""
    meant = [value for label, value in options if set(figures) <= set(re.findall(r"\d+", label))]
    return meant[0] if len(meant) == 1 else ""


def _quantity(state: AskedSlot, word: str, chosen: tuple[int, ...]) -> Step:
    spoken = re.fullmatch(r"((?!0000)\d{1,4}|[一二两三四五六七八九十]{1,3})\s*[个份张件次]?", plain(word))
    if not spoken:
        return Remind("quantity") if chosen or not word else Match(word, open=True)
    return Ask(fill(state.todo, "quantity", spoken[1]))


def _figure(state: AskedSlot, word: str, text: str) -> Step:
    """A number to call, an amount, an address: said whole, or it is something else that is said."""
    if not _DENIED.search(word) and (value := _SPOKEN[state.slot](text)):
        return Ask(fill(state.todo, state.slot, value))
    place = picked(word, MOST)  # 第二个, and there is no list
    if _COUNTED.fullmatch(word) or (place and not place.figures):
        return Remind(f"bad_{state.slot}")
    if state.slot == "email" and "@" in word:
        return Remind("bad_email")
    return or_else(word, text, f"bad_{state.slot}")


def _amount(text: str) -> str:
    found = spoken.whole_amount(text)
    return "" if found is None else str(found)


def _new_secret(state: AskedSlot, text: str, word: str) -> Step:
    """0 is 人工, as where any secret is awaited; what is no password is told why, and how to leave for other things."""
    if secret := _secret(text):
        return Ask(fill(state.todo, state.slot, secret))
    if word == "0":
        return Command("handoff")
    if not re.search(r"\d", word):
        return Remind("bad_secret_words")
    return Remind("bad_secret" if re.search(r"[^\W\d]", word) else "bad_secret_length")


def _secret(text: str) -> str:
    """4 to 12 digits, however they are grouped; how many it must be is the handler's business."""
    flat = re.sub(r"[\s\-]", "", fold(text))
    return flat if re.fullmatch(r"[0-9]{4,12}", flat) else ""


def _email(text: str) -> str:
    flat = unicodedata.normalize("NFKC", text.strip()[:WHOLE])
    return flat if _EMAIL.fullmatch(flat) else ""


_SPOKEN: dict[str, Callable[[str], str]] = {
    "number": spoken.phone,
    "amount": _amount,
    "email": _email,
}


def fill(todo: Todo, slot: str, *values: str) -> Todo:
    slots: Slots = todo.slots
    match slot:
        case "items":
            slots = replace(slots, items=tuple(values), words="")
        case "quantity":
            slots = replace(slots, quantity=spoken.count(values[0]) or -1)
        case "month":
            slots = replace(slots, month=values[0])
        case "number":
            slots = replace(slots, number=values[0])
        case "amount":
            slots = replace(slots, amount=Decimal(values[0]))
        case "kind":
            slots = replace(slots, kind=values[0])
        case "place":
            slots = replace(slots, place=values[0])
        case "secret":
            slots = replace(slots, secret=values[0])
        case "again":
            slots = replace(slots, again=values[0])
        case _:
            slots = replace(slots, text=values[0])
    return replace(todo, slots=slots)


def or_else(word: str, text: str, hint: str) -> Step:
    """Not what was asked for: no, a new question, or noise."""
    if declined(word):
        return Leave("no")
    if not word or (not _SAYS.search(word) and word != "0"):
        return Remind(hint)
    return Command("handoff") if word == "0" else Match(text, open=True)
