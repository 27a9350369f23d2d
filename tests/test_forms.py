"""The form of every open question: one field, filled in with what the customer would have typed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.dialog import Ask, CheckCode, CheckPassword, Confirmed, Leave, advance
from bot.forms import form_of
from bot.gate import Limits
from bot.model import AskedSlot, Field, Idle, Playing, Todo
from tests.support.samples import AT, STATES, session

FIELDS = {
    "choosing": Field("choice", "请选择", "list-single", (("查积分", "1"), ("积分记录", "2"))),
    "asked_slot": Field("choice", "请选择", "list-single", (("彩铃", "1"), ("手机报", "2"), ("5元流量包", "3"))),
    "asked_several": Field("choice", "请选择", "list-multi", (("彩铃", "1"), ("手机报", "2"), ("5元流量包", "3"))),
    "asked_quantity": Field("quantity", "数量"),
    "asked_text": Field("text", "留言", "text-multi"),
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


def test_a_list_with_another_page_offers_it_so_that_nobody_types() -> None:
    """A command's list ended with its first five services: the others could only be typed."""
    listed = STATES["asked_slot"]
    assert isinstance(listed, AskedSlot)
    form = form_of(listed, "", "", more=True)
    assert form
    assert form.fields[0].options[-1] == ("下一页", "下一页")
    turned = replace(listed, todo=replace(listed.todo, slots=replace(listed.todo.slots, page=1)))
    form = form_of(turned, "", "", "en")
    assert form
    assert form.fields[0].options[-1] == ("Previous page", "上一页")
    read = form_of(Idle(), "查话费", "…", more=True)
    assert read
    assert read.fields == (Field("besides", "还可以看", "list-single", (("下一页", "下一页"),)),)
    secret = form_of(STATES["confirming"], "", "", more=True)
    assert secret
    assert secret.fields == (FIELDS["confirming"],)


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
    if field.kind == "list-single":
        assert value in [option for _, option in field.options]
    assert isinstance(advance(session(STATES[name]), value, AT, Limits()), step)


def test_in_english() -> None:
    """The labels change, what is sent does not."""
    labels = {"choosing": "Please choose", "asked_password": "Service password", "confirming": "Go ahead?"}
    for name, label in labels.items():
        form = form_of(STATES[name], "Subscribe", "Please answer", "en")
        assert form is not None
        assert form.fields[0].label == label
        assert [value for _, value in form.fields[0].options] == [value for _, value in FIELDS[name].options]


def test_a_place_is_written_though_cities_are_offered() -> None:
    state = AskedSlot(Todo("hall.nearby"), "place", (("北京", "北京"), ("上海", "上海")), at=AT)
    form = form_of(state, "网上营业厅", "您在哪个城市？")
    assert form is not None
    assert (form.fields[0].name, form.fields[0].kind, form.fields[0].options) == ("place", "text-single", ())
    assert form_of(Playing("1234"), "网上营业厅", "猜") is not None
