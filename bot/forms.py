"""The question that a conversation leaves open, as a form (XEP-0004). Pure.

A form takes the same road as text: its first field is read as the line the customer would have typed.
"""

from __future__ import annotations

from typing import assert_never

from bot.model import AskedCode, AskedPassword, AskedSlot, Choosing, Confirming, Field, Form, Idle, State


def form_of(state: State, title: str, text: str) -> Form | None:
    """The form for the open question of `state`, with the reply's text as instructions; None when nothing is open."""
    field = _field(state)
    return Form(title, text, (field,)) if field else None


def _field(state: State) -> Field | None:
    match state:
        case Idle():
            return None
        case AskedPassword():
            return Field("password", "客服密码", "text-private")
        case AskedCode():
            return Field("code", "短信验证码", "text-private")
        case Confirming():
            return Field("confirm", "是否办理", "list-single", (("取消", "取消"), ("确认", "确认")), value="取消")
        case Choosing(options):
            return Field("choice", "请选择", "list-single", _numbered([o.label for o in options]))
        case AskedSlot(options=options) if options and not state.several:
            return Field("choice", "请选择", "list-single", _numbered([label for label, _ in options]))
        case AskedSlot():
            return Field(state.slot, {"quantity": "数量", "text": "留言"}.get(state.slot, "序号"), "text-single")
        case _:
            assert_never(state)


def _numbered(labels: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, str(n)) for n, label in enumerate(labels, 1))
