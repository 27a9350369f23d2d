"""The question that a conversation leaves open, as a form (XEP-0004). Pure.

A form takes the same road as text: its first field is read as the line the customer would have typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, assert_never

from msgspec.structs import replace

from bot.model import AskedCode, AskedPassword, AskedSlot, Choosing, Confirming, Field, Form, Idle, Playing, State


def form_of(
    state: State,
    title: str,
    text: str,
    lang: str = "zh",
    *,
    more: bool = False,
    others: Sequence[tuple[str, str]] = (),
) -> Form | None:
    """The form for the open question of `state`, with the reply's text as instructions; None when nothing is open.

    `more`: what was shown has another page. `others`: what it may be shown of instead, as (label, line). Nobody needs
    to type for either.
    """
    labels = {name: label[lang == "en"] for name, label in _LABELS.items()}
    field, besides = _field(state, labels), (*_pages(state, labels, more), *others)
    if field and field.name == "choice":
        field = replace(field, options=(*field.options, *besides))
    elif field is None and besides:
        field = Field("besides", labels["besides"], "list-single", besides)
    return Form(title, text, (field,)) if field else None


def _pages(state: State, labels: Mapping[str, str], more: bool) -> tuple[tuple[str, str], ...]:
    before = isinstance(state, AskedSlot) and state.todo.slots.page > 0
    return (
        *(((labels["next"], "下一页"),) if more else ()),
        *(((labels["previous"], "上一页"),) if before else ()),
    )


_LABELS = {  # Chinese, English
    "password": ("客服密码", "Service password"),
    "code": ("短信验证码", "Code from the SMS"),
    "confirm": ("是否办理", "Go ahead?"),
    "yes": ("确认", "Yes"),
    "no": ("取消", "Cancel"),
    "choice": ("请选择", "Please choose"),
    "items": ("序号", "Numbers from the list"),
    "quantity": ("数量", "How many"),
    "text": ("留言", "Your words"),
    "number": ("手机号码", "Mobile number"),
    "amount": ("金额（元）", "Amount (yuan)"),
    "secret": ("新密码", "New password"),
    "place": ("城市和区", "City and district"),
    "guess": ("4个不同的数字", "4 different digits"),
    "again": ("再输一次新密码", "New password again"),
    "email": ("邮箱", "Mail address"),
    "besides": ("还可以看", "See also"),
    "next": ("下一页", "Next page"),
    "previous": ("上一页", "Previous page"),
}


def _field(state: State, labels: Mapping[str, str]) -> Field | None:
    match state:
        case Idle():
            return None
        case AskedPassword():
            return Field("password", labels["password"], "text-private")
        case AskedCode():
            return Field("code", labels["code"], "text-private")
        case Confirming():
            options = ((labels["no"], "取消"), (labels["yes"], "确认"))
            return Field("confirm", labels["confirm"], "list-single", options, value="取消")
        case Playing():
            return Field("guess", labels["guess"], "text-single")
        case Choosing(choices):
            return Field("choice", labels["choice"], "list-single", _numbered([o.label for o in choices]))
        case AskedSlot(slot="place"):
            return Field("place", labels["place"], "text-single")
        case AskedSlot(options=named) if named:
            kind: Literal["list-single", "list-multi"] = "list-multi" if state.several else "list-single"
            return Field("choice", labels["choice"], kind, _numbered([label for label, _ in named]))
        case AskedSlot(slot="secret" | "again" as name):
            return Field(name, labels[name], "text-private")
        case AskedSlot(slot="text"):
            return Field("text", labels["text"], "text-multi")
        case AskedSlot():
            return Field(state.slot, labels.get(state.slot, labels["items"]), "text-single")
        case _:
            assert_never(state)


def _numbered(labels: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, str(n)) for n, label in enumerate(labels, 1))
