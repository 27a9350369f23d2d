"""What was written for staff and could not be sent: kept where the conversation stands. Pure."""

from __future__ import annotations

from bot.hiding import hide
from bot.model import Choice, Choosing, Ms, Slots, State, Todo


def keep(intent: str, slots: Slots, label: str, at: Ms) -> Choosing:
    """`slots` with the text, and in `serial` the key that it was tried with: a second try opens no second ticket."""
    return Choosing((Choice(label, Todo(intent, slots)),), at)


def unsent(state: State) -> Todo | None:
    return state.unsent if isinstance(state, Choosing) else None


def said_again(todo: Todo, text: str) -> bool:
    """Who types it once more wants it sent."""
    return hide(text.strip()) == todo.slots.text
