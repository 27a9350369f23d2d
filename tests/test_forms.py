"""The form of every open question: one field, filled in with what the customer would have typed."""

from __future__ import annotations

import pytest

from bot.dialog import Ask, CheckCode, CheckPassword, Confirmed, Leave, advance
from bot.forms import form_of
from bot.gate import Limits
from bot.model import Field, Idle
from tests.support.samples import AT, STATES, session

FIELDS = {
    "choosing": Field("choice", "请选择", "list-single", (("查积分", "1"), ("积分记录", "2"))),
    "asked_slot": Field("choice", "请选择", "list-single", (("彩铃", "1"), ("手机报", "2"), ("5元流量包", "3"))),
    "asked_several": Field("items", "序号"),
    "asked_quantity": Field("quantity", "数量"),
    "asked_text": Field("text", "留言"),
    "asked_password": Field("password", "客服密码", "text-private"),
    "confirming": Field("confirm", "是否办理", "list-single", (("取消", "取消"), ("确认", "确认")), value="取消"),
    "asked_code": Field("code", "短信验证码", "text-private"),
}


def test_where_nothing_is_open_there_is_no_form() -> None:
    assert form_of(Idle(), "网上营业厅", "您好") is None


@pytest.mark.parametrize("name", FIELDS)
def test_the_form(name: str) -> None:
    form = form_of(STATES[name], "网上营业厅", "请回答")
    assert form is not None
    assert (form.title, form.instructions, form.fields) == ("网上营业厅", "请回答", (FIELDS[name],))


def test_every_state_is_here() -> None:
    assert set(FIELDS) | {"idle"} == set(STATES)


def test_secrets_are_asked_for_in_private_and_nothing_is_agreed_to_by_default() -> None:
    private = {name for name, field in FIELDS.items() if field.kind == "text-private"}
    assert private == {"asked_password", "asked_code"}
    assert FIELDS["confirming"].value == "取消"


@pytest.mark.parametrize(
    ("name", "value", "step"),
    [
        ("choosing", "2", Ask),
        ("asked_slot", "3", Ask),
        ("asked_several", "1 3", Ask),
        ("asked_quantity", "2", Ask),
        ("asked_text", "请回电", Ask),
        ("asked_password", "246810", CheckPassword),
        ("asked_code", "123456", CheckCode),
        ("confirming", "确认", Confirmed),
        ("confirming", "取消", Leave),
    ],
)
def test_what_is_filled_in_is_read_as_typed(name: str, value: str, step: type) -> None:
    field = FIELDS[name]
    if field.options:
        assert value in [option for _, option in field.options]
    assert isinstance(advance(session(STATES[name]), value, AT, Limits()), step)
