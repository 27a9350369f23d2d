"""How an answer moves a conversation on: state, words and time in, one step out. Pure."""

from __future__ import annotations

import re
from typing import assert_never

from bot.dialog.slots import fill, or_else, slot_of, to_somebody
from bot.dialog.steps import (
    Ask,
    CheckCode,
    CheckPassword,
    Command,
    Confirmed,
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
    ASSENT,
    BACK,
    BYE_BYE,
    CANCEL,
    FIGURED,
    GAME_OVER,
    HELP,
    LOGOUT,
    NEITHER,
    NEXT,
    PREVIOUS,
    REPEAT,
    RIGHT,
    STAFF,
    YES,
    called_off,
    code_of,
    fold,
    not_come,
    numbers_of,
    plain,
    undone,
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
    Playing,
    Session,
    Slots,
    Todo,
)
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
            return Leave("no") if called_off(word) else or_else(word, text, "confirm")
        case AskedCode():
            if code := code_of(text, limits.digits):
                return CheckCode(code, state)
            if wrapped(word, limits.digits):
                return Remind("only_digits")
            if called_off(word):
                return Leave("no")
            return Resend(state) if not_come(word) else or_else(word, text, "code")
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
    if not FIGURED.search(word):
        return Remind("no_yes") if plain(word) in AGREED else Match(text)
    chosen = numbers_of(word)
    live = session.menu and at - session.menu_at <= limits.menu
    if chosen == (0,):
        return Command("handoff")
    if len(chosen) == 1 and live and 1 <= chosen[0] <= len(session.menu):
        return Ask(Todo(session.menu[chosen[0] - 1]))
    return _figures(session, text, limits)


def _figures(session: Session, text: str, limits: Limits) -> Step:
    """A code is used, too late, or for somebody else; 2026-06 below what is told by months is a month."""
    month = bool(session.topic) and _YEAR_MONTH.fullmatch(text.strip())
    return Remind("no_code") if not month and code_of(text, limits.digits) else Match(text)


def _choosing(session: Session, state: Choosing, text: str, word: str, at: Ms, limits: Limits) -> Step:
    options = state.options
    chosen = numbers_of(word) or undone(word, (option.todo.intent for option in options))
    if chosen == (0,):
        return Command("handoff")
    if plain(word) in NEITHER or chosen == (len(options) + 1,):
        return Leave("neither")
    if len(options) == 1 and word in RIGHT and not options[0].todo.slots.items:  # 您是想：换套餐？
        return Ask(options[0].todo)
    if not chosen or chosen == (BYE_BYE,) or at - state.at > limits.menu:
        return _figures(session, text, limits)
    picked = [options[n - 1].todo for n in chosen if 1 <= n <= len(options)]
    if len(picked) < len(chosen):
        return Remind("number")
    return Ask(picked[0]) if len(picked) == 1 else _together(picked)


def _together(todos: list[Todo]) -> Step:
    """Several of one list (`0000`, then `1 3`): one question about all of them, if they ask for the same."""
    items = tuple(item for todo in todos for item in todo.slots.items)
    if len({todo.intent for todo in todos}) > 1 or len(items) < len(todos):
        return Remind("number")
    return Ask(fill(todos[0], "items", *items))


def _guess(word: str, text: str) -> Step:
    """In a game digits are guesses, whatever menu was shown before; anything else is said as ever."""
    digits = re.sub(r"[\s\-,，、.。]", "", word)
    if digits != "0" and digits.isascii() and digits.isdigit():
        return Ask(Todo("game.play", Slots(text=digits)))
    return or_else(word, text, "guess")
