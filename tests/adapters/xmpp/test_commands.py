"""Ad-hoc commands: an IQ becomes a Message, an answer its result."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from bot.adapters.xmpp.commands import Action, read, result
from bot.adapters.xmpp.inbound import Us
from bot.adapters.xmpp.iq import BAD, NOT_FOUND, UNAVAILABLE, Problem
from bot.model import Field, Form, FormAnswer, Kind, Message, Outgoing

BOT = "10086@hall.im"
US = Us(BOT, frozenset({BOT}), frozenset({"im"}), frozenset())
NODES = frozenset({"login", "bill.query"})
NS = "http://jabber.org/protocol/commands"
DATA = "jabber:x:data"


def iq(command: str = "node='login'", inner: str = "", sender: str = "138@im/p", kind: str = "set") -> Element:
    return fromstring(
        f"<iq type='{kind}' from='{sender}' to='{BOT}' id='c1'><command xmlns='{NS}' {command}>{inner}</command></iq>"
    )


def submit(*fields: tuple[str, str], kind: str = "submit") -> str:
    inner = "".join(f"<field var='{name}'><value>{value}</value></field>" for name, value in fields)
    return f"<x xmlns='{DATA}' type='{kind}'>{inner}</x>"


def asked(element: Element) -> Message:
    found = read(element, US, NODES, 600.0)
    assert isinstance(found, Message)
    return found


def test_a_first_call() -> None:
    found = asked(iq())
    assert (found.sender, found.full, found.to, found.kind, found.text) == ("138@im", "138@im/p", BOT, Kind.FORM, "")
    assert found.form == FormAnswer(node="login", iq="c1")


def test_a_filled_form() -> None:
    fields = submit(("FORM_TYPE", "x"), ("password", "246810"), ("empty", ""))
    found = asked(iq("node='login' sessionid='s1' action='complete'", fields)).form
    assert found == FormAnswer("login", "c1", "s1", "complete", {"password": "246810", "empty": ""})


def test_a_form_sent_with_the_default_action_is_complete() -> None:
    found = asked(iq("node='login' sessionid='s1'", submit(("password", "1")))).form
    assert found is not None
    assert found.action == "complete"


@pytest.mark.parametrize("action", ["prev", "cancel", "next", "execute"])
def test_every_action_takes_the_road(action: str) -> None:
    found = asked(iq(f"node='login' sessionid='s1' action='{action}'")).form
    assert found is not None
    assert found.action == action


@pytest.mark.parametrize("kind", ["cancel", "form", "result", ""])
def test_only_submitted_forms_have_fields(kind: str) -> None:
    found = asked(iq(inner=submit(("password", "1"), kind=kind))).form
    assert found is not None
    assert found.fields == {}


@pytest.mark.parametrize(
    ("element", "problem"),
    [
        (iq("node='admin'"), NOT_FOUND),
        (iq(""), NOT_FOUND),
        (iq(sender="u@evil/r"), UNAVAILABLE),
        (iq(sender="im"), UNAVAILABLE),
        (iq(kind="get"), UNAVAILABLE),
        (iq("node='login' action='destroy'"), BAD),
        (iq(f"node='login' sessionid='{'s' * 300}'"), BAD),
    ],
)
def test_what_is_refused(element: Element, problem: Problem) -> None:
    assert read(element, US, NODES, 600.0) == problem


def test_the_same_iq_is_known_again_within_a_minute_only() -> None:
    ids = [asked(iq()).id for _ in range(2)]
    later = read(iq(), US, NODES, 700.0)
    assert isinstance(later, Message)
    assert ids[0] == ids[1] != later.id


def test_a_secret_is_in_no_repr() -> None:
    assert "246810" not in repr(asked(iq(inner=submit(("password", "246810")))))


ENDS = [("complete", "completed"), ("execute", "completed"), ("cancel", "canceled")]
FORM = Form(
    "登录<b>",
    "请输入",
    (
        Field("hint", "", "fixed", value="三次错误将锁定"),
        Field("password", "服务密码", "text-private"),
        Field("month", "月份", "list-single", options=(("本月", "2026-10"), ("上月", "2026-09")), required=False),
    ),
)


def answer(form: Form | None = None, action: Action = "execute", text: str = "", stamped: bool = False) -> Element:
    command = FormAnswer("login", "c1", "s0", action)
    out = Outgoing("r1-1", "1-x", "138@im/p", BOT, text, kind=Kind.FORM, command=command, form=form, session="s1")
    return fromstring(result(out, command, stamped=stamped))


def test_a_form_is_asked() -> None:
    xml = answer(FORM, text="密码错误")
    assert xml.attrib == {"type": "result", "to": "138@im/p", "from": BOT, "id": "c1"}
    command = xml[0]
    assert (command.get("node"), command.get("sessionid"), command.get("status")) == ("login", "s1", "executing")
    assert command.find(f"{{{NS}}}actions/{{{NS}}}complete") is not None
    assert command.findtext(f"{{{NS}}}note") == "密码错误"
    fields = command.findall(f"{{{DATA}}}x/{{{DATA}}}field")
    assert [(field.get("type"), field.get("var")) for field in fields] == [
        ("fixed", None),
        ("text-private", "password"),
        ("list-single", "month"),
    ]
    assert [field.find(f"{{{DATA}}}required") is not None for field in fields] == [False, True, False]
    assert [value.text for value in fields[2].iter(f"{{{DATA}}}value")] == ["2026-10", "2026-09"]


@pytest.mark.parametrize(
    ("name", "default", "others"),
    [("password", "complete", []), ("code", "complete", ["prev"]), ("choice", "next", ["prev"])],
)
def test_what_a_client_may_press(name: str, default: str, others: list[str]) -> None:
    actions = answer(Form("开通业务", "请选", (Field(name, "请选"),)))[0].find(f"{{{NS}}}actions")
    assert actions is not None
    assert actions.get("execute") == default
    assert [action.tag.rpartition("}")[2] for action in actions] == [*others, default]


def test_several_values_of_one_field_are_typed_behind_each_other() -> None:
    inner = "".join(f"<value>{n}</value>" for n in range(1, 100))
    found = asked(iq(inner=f"<x xmlns='{DATA}' type='submit'><field var='choice'>{inner}</field></x>")).form
    assert found is not None
    assert found.fields["choice"].startswith("1 2 3 ")
    assert len(found.fields["choice"].split()) == 64


@pytest.mark.parametrize(("action", "status"), ENDS)
def test_an_answer_without_a_form_is_the_end(action: Action, status: str) -> None:
    command = answer(action=action, text="当月话费 <58.20> 元")[0]
    assert command.get("status") == status
    assert command.findtext(f"{{{NS}}}note") == "当月话费 <58.20> 元"
    assert command.find(f"{{{DATA}}}x") is None


def test_a_client_leaves_its_address_to_the_server() -> None:
    assert "from" not in answer(stamped=True).attrib
