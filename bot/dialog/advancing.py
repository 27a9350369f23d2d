"""How an answer moves a conversation on: state, words and time in, one step out. Pure."""

from __future__ import annotations

import re
from typing import assert_never

from msgspec.structs import replace

from bot.dialog.correcting import Correction, correction, denied, fewer, only_wrong
from bot.dialog.picking import MOST, REMOVING, TOGETHER, Picked, chosen, picked
from bot.dialog.slots import fill, or_else, slot_of, to_somebody
from bot.dialog.steps import (
    Ask,
    CheckCode,
    CheckPassword,
    Command,
    Confirmed,
    Correct,
    Leave,
    Match,
    Next,
    Remind,
    Resend,
    Speak,
    Step,
)
from bot.dialog.unsent import said_again, unsent
from bot.dialog.words import (
    AGREED,
    ALL,
    ASSENT,
    BACK,
    BYE_BYE,
    CANCEL,
    EVERYTHING,
    FIGURED,
    GAME_OVER,
    HELP,
    LOGOUT,
    NEITHER,
    NEXT,
    NOTHING_LEFT,
    PREVIOUS,
    REPEAT,
    RIGHT,
    STAFF,
    YES,
    called_off,
    code_of,
    declined,
    fold,
    not_come,
    numbers_of,
    plain,
    wrapped,
)
from bot.gate import Limits
from bot.model import (
    AskedCode,
    AskedPassword,
    AskedSlot,
    Choosing,
    Confirming,
    Idle,
    Ms,
    Operation,
    OrderKind,
    Playing,
    Session,
    Slots,
    Todo,
)
from bot.spoken import whole_amount
from bot.tongue import wanted

_COMMANDS: dict[str, Step] = {
    **dict.fromkeys(LOGOUT, Command("logout")),
    **dict.fromkeys(STAFF, Command("handoff")),
    **dict.fromkeys(REPEAT, Command("repeat")),
    **dict.fromkeys(HELP, Command("help")),
    **dict.fromkeys(PREVIOUS, Next(-1)),
    **dict.fromkeys(NEXT, Next()),
    **dict.fromkeys(BACK, Leave("back")),
    **dict.fromkeys(CANCEL, Leave("cancel")),
}
_YEAR_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])", re.ASCII)
_KEPT = re.compile("(?<!不)[都全](?:部|都)*[要订留]")  # 都要, of what there is: nothing is to end
_INTERRUPTS = CANCEL | BACK | HELP | REPEAT | LOGOUT


def advance(session: Session, text: str, at: Ms, limits: Limits) -> Step:
    word = fold(text)
    state = session.state
    said = word if isinstance(state, AskedSlot) and to_somebody(state) else plain(word)
    if isinstance(state, Playing) and said in GAME_OVER:
        return Leave("game")
    if (command := _command(said)) and not _wants_words(state, said):
        return command
    match state:
        case Idle():
            return _idle(session, text, word, at, limits)
        case Playing():
            return _guess(word, text)
        case Choosing():
            if (kept := unsent(state)) and said_again(kept, text):
                return Ask(kept)
            return _choosing(session, state, text, word, at, limits)
        case AskedSlot():
            if (
                state.slot == "text"
                and not to_somebody(state)
                and (code_of(text, limits.password) or code_of(text, limits.digits))
            ):
                return Remind("no_code")  # staff never read one
            return slot_of(state, text, word)
        case AskedPassword(todo):
            if secret := code_of(text, limits.password):
                return CheckPassword(secret, todo)
            return Remind("only_digits") if wrapped(word, limits.password) else or_else(word, text, "password")
        case Confirming():
            if word in YES:
                return Confirmed(state)
            if plain(word) in ASSENT | YES:
                return Remind("confirm")
            if called_off(word) or only_wrong(plain(word)) or denied(plain(word), state.operation):
                return Leave("no")
            if state.operation.order.kind is OrderKind.PAYMENT and whole_amount(text) is not None:
                return Remind("unchanged")  # 30 may be another sum, or a slip: none that was read out is agreed to
            return _otherwise(state.operation, word, text, "confirm")
        case AskedCode():
            if code := code_of(text, limits.digits):
                return CheckCode(code, state)
            if wrapped(word, limits.digits):
                return Remind("only_digits")
            if called_off(word) or denied(plain(word), state.operation):
                return Leave("no")
            return Resend(state) if not_come(word) else _otherwise(state.operation, word, text, "code", limits.digits)
        case _:
            assert_never(state)


def _command(word: str) -> Step | None:
    if command := _COMMANDS.get(word):
        return command
    lang = wanted(word)
    return Speak(lang) if lang else None


def _wants_words(state: object, word: str) -> bool:
    """Where the customer dictates a text, only leaving and help interrupt it: 退出 must not be believed in vain.

    What is for the staff is interrupted by 人工, too: said again it is no message, and somebody may have come.
    """
    if not (isinstance(state, AskedSlot) and state.slot == "text"):
        return False
    return word not in (_INTERRUPTS if to_somebody(state) else _INTERRUPTS | STAFF) and not wanted(word)


def _idle(session: Session, text: str, word: str, at: Ms, limits: Limits) -> Step:
    found = picked(word, len(session.menu) or MOST)
    if found and found.how != "off" and not found.figures:
        return _by_place(session, found, text, at, limits)
    if not FIGURED.search(word):
        agreed = AGREED | YES if session.draft else AGREED
        return Remind("no_yes") if plain(word) in agreed else Match(text)
    figures = numbers_of(word)
    if figures == (0,):
        return Command("handoff")
    if session.shown == "expired" and len(figures) == 1 and figures[0] <= MOST:
        return Remind("expired")
    if len(figures) == 1 and _live(session, at, limits) and 1 <= figures[0] <= len(session.menu):
        return Ask(Todo(session.menu[figures[0] - 1]))
    return _figures(session, text, limits)


def _live(session: Session, at: Ms, limits: Limits) -> bool:
    return bool(session.menu) and at - session.menu_at <= limits.menu


def _by_place(session: Session, found: Picked, text: str, at: Ms, limits: Limits) -> Step:
    """第二个 is said of the list that was shown last, and of the menu only where that was it."""
    if (before := session.listed) and at - before.at <= limits.menu and re.search("[换改选]", text):
        return Match(text)  # 换成第三个: of the list that was chosen from
    if session.shown in ("", "menu") and _live(session, at, limits):
        if not all(1 <= place <= len(session.menu) for place in found.places):
            return Remind("number")
        return Ask(Todo(session.menu[found.places[0] - 1])) if len(found.places) == 1 else Remind("one")
    if session.shown == "read":
        return Remind("not_chosen")
    return Remind("no_list" if session.shown in ("", "hidden") else "expired")


def _figures(session: Session, text: str, limits: Limits) -> Step:
    """A code is used, too late, or for somebody else; 2026-06 below what is told by months is a month."""
    month = bool(session.topic) and _YEAR_MONTH.fullmatch(text.strip())
    return Remind("no_code") if not month and code_of(text, limits.digits) else Match(text)


def _choosing(session: Session, state: Choosing, text: str, word: str, at: Ms, limits: Limits) -> Step:
    options = state.options
    intents = {option.todo.intent for option in options}
    places = chosen(word, len(options), intents)
    if places == (0,):
        return Command("handoff")
    items = intents <= REMOVING and all(option.todo.slots.items for option in options)  # 都不是 is no line of these
    if plain(word) in NEITHER or (places == (len(options) + 1,) and not items):
        return Leave("neither")
    if len(options) == 1 and word in RIGHT and not options[0].todo.slots.items:  # 您是想：换套餐？
        return Ask(options[0].todo)
    if intents <= REMOVING and _KEPT.search(word):
        return Remind("open")
    if len(options) > 1 and plain(word) in (NOTHING_LEFT if intents <= REMOVING else EVERYTHING):
        return _everything([option.todo for option in options])
    if not places or places == (BYE_BYE,) or at - state.at > limits.menu:
        return _figures(session, text, limits)
    todos = [options[n - 1].todo for n in places if 1 <= n <= len(options)]
    if len(todos) < len(places):
        return Remind("number")
    return Ask(todos[0]) if len(todos) == 1 else _together(todos)


def _together(todos: list[Todo]) -> Step:
    """Several of one list (`0000`, then `1 3`): one question about all of them, if they ask for the same change."""
    items = tuple(item for todo in todos for item in todo.slots.items)
    if len({todo.intent for todo in todos}) > 1 or todos[0].intent not in TOGETHER or len(items) < len(todos):
        return Remind("one")
    return Ask(fill(todos[0], "items", *items))


def _everything(todos: list[Todo]) -> Step:
    """What is on its other pages, too, goes: a handler knows it."""
    if len({todo.intent for todo in todos}) == 1 and todos[0].intent in REMOVING:
        return Ask(replace(todos[0], slots=replace(todos[0].slots, items=(), words=ALL, line=ALL)))
    return Remind("one")


def _otherwise(operation: Operation, word: str, text: str, hint: str, digits: int = 0) -> Step:
    """Neither agreed to nor left: something else may be wished instead; `digits` has a code that is awaited."""
    if fewer(word, operation):
        return Correct(Correction(text), text)
    if not declined(word) and (instead := correction(text)):
        if digits and code_of(instead.wanted, digits):
            return Remind("only_digits")
        return Correct(instead, text)
    return or_else(word, text, hint)


def _guess(word: str, text: str) -> Step:
    """In a game digits are guesses, whatever menu was shown before; anything else is said as ever."""
    digits = re.sub(r"[\s\-,，、.。]", "", word)
    if digits != "0" and digits.isascii() and digits.isdigit():
        return Ask(Todo("game.play", Slots(text=digits)))
    return or_else(word, text, "guess")
