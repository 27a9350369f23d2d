"""Ad-hoc commands (XEP-0050) with forms (XEP-0004): an IQ becomes a Message, an answer its result. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from xml.etree.ElementTree import Element

from bot.adapters.xmpp.inbound import LONGEST_ID, Us, customer
from bot.adapters.xmpp.iq import BAD, NOT_FOUND, UNAVAILABLE, Problem
from bot.adapters.xmpp.jids import address
from bot.adapters.xmpp.xml import LANG, attributes, esc
from bot.model import Field, Form, FormAnswer, Kind, Message, Outgoing

COMMANDS = "http://jabber.org/protocol/commands"
TAG = f"{{{COMMANDS}}}command"
DATA = "jabber:x:data"
Action = Literal["execute", "next", "complete", "prev", "cancel"]
ACTIONS: Mapping[str, Action] = {
    "execute": "execute",
    "next": "next",
    "complete": "complete",
    "prev": "prev",
    "cancel": "cancel",
}
SAME_IQ_SECONDS = 60
MOST_VALUES = 64  # of one field: lines of a text, entries of a list
LAST = frozenset({"code", "password"})  # what is asked for at the end; behind anything else more may be asked


def read(iq: Element, us: Us, nodes: frozenset[str], now: float) -> Message | Problem:
    """The Message that a command IQ is, or why it is refused."""
    command = iq.find(TAG)
    sender, to = customer(iq, us), address(iq.get("to") or us.address)
    if command is None or sender is None or to is None or iq.get("type") != "set":
        return UNAVAILABLE
    node, session = command.get("node", ""), command.get("sessionid", "")
    action = ACTIONS.get(command.get("action", "execute"))
    if node not in nodes:
        return NOT_FOUND
    id_ = iq.get("id", "")
    if action is None or not 0 < len(id_) <= LONGEST_ID or len(session) > LONGEST_ID:
        return BAD
    fields = _submitted(command)
    if action == "execute" and fields:
        action = "complete"  # the default action of a form with one step (XEP-0050, 3.4)
    answer = FormAnswer(node=node, iq=id_, session=session, action=action, fields=fields)
    return Message(
        sender=sender.bare,
        full=sender.full,
        text="",
        kind=Kind.FORM,
        # Some clients count their IQs from 1 at each log-in: only within a minute the same id is the same IQ.
        id=f"{id_}/{int(now // SAME_IQ_SECONDS)}",
        lang=(command.get(LANG) or iq.get(LANG) or "")[:35],
        to=to.bare,
        form=answer,
    )


def _submitted(command: Element) -> dict[str, str]:
    form = command.find(f"{{{DATA}}}x")
    if form is None or form.get("type") != "submit":
        return {}
    fields = form.findall(f"{{{DATA}}}field")
    return {name: _value(field) for field in fields if (name := field.get("var")) and name != "FORM_TYPE"}


def _value(field: Element) -> str:
    """Several lines of a text, or several numbers of a list, as they would be typed."""
    values = [value.text or "" for value in field.findall(f"{{{DATA}}}value")[:MOST_VALUES]]
    return " ".join(values)


def result(out: Outgoing, command: FormAnswer, *, stamped: bool) -> str:
    """The IQ that answers `command`: executing while a form is to follow, else over."""
    over = "canceled" if command.action == "cancel" else "completed"
    session = out.session or command.session
    status = "executing" if out.form else over
    head = attributes(node=command.node, sessionid=session, status=status, **{"xml:lang": out.lang})
    actions = _actions(out.form) if out.form else ""
    form = _form(out.form) if out.form else ""
    note = f"<note type='info'>{esc(out.text)}</note>" if out.text else ""
    who = attributes(to=out.to, id=command.iq, **{"from": "" if stamped else out.sender})
    return f"<iq type='result'{who}><command xmlns='{COMMANDS}'{head}>{actions}{form}{note}</command></iq>"


def _actions(form: Form) -> str:
    """One step back is always possible; the log-in has none before it."""
    names = {field.name for field in form.fields}
    step = "complete" if names & LAST else "next"
    back = "" if "password" in names else "<prev/>"
    return f"<actions execute='{step}'>{back}<{step}/></actions>"


def _form(form: Form) -> str:
    fields = "".join(_field(field) for field in form.fields)
    return (
        f"<x xmlns='{DATA}' type='form'><title>{esc(form.title)}</title>"
        f"<instructions>{esc(form.instructions)}</instructions>{fields}</x>"
    )


def _field(field: Field) -> str:
    head = attributes(type=field.kind, label=field.label, **({} if field.kind == "fixed" else {"var": field.name}))
    options = "".join(
        f"<option{attributes(label=label)}><value>{esc(value)}</value></option>" for label, value in field.options
    )
    value = f"<value>{esc(field.value)}</value>" if field.value else ""
    required = "<required/>" if field.required and field.kind != "fixed" else ""
    return f"<field{head}>{value}{options}{required}</field>"
