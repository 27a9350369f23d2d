"""Ad-hoc commands (XEP-0050) with their forms (XEP-0004), as a client sees them."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field

COMMANDS = "http://jabber.org/protocol/commands"
DATA = "jabber:x:data"


@dataclass(frozen=True, slots=True)
class FormField:
    var: str
    kind: str
    label: str = ""
    required: bool = False
    values: tuple[str, ...] = field(default=(), repr=False)
    options: tuple[tuple[str, str], ...] = ()
    """(value, label)"""


@dataclass(frozen=True, slots=True)
class Form:
    """One step of a command: the form to fill in, or the closing note."""

    node: str
    session: str
    status: str
    title: str = ""
    instructions: str = ""
    fields: tuple[FormField, ...] = ()
    notes: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    def __getitem__(self, var: str) -> FormField:
        return next(one for one in self.fields if one.var == var)


def read_form(command: ET.Element) -> Form:
    data = command.find(f"{{{DATA}}}x")
    actions = command.find(f"{{{COMMANDS}}}actions")
    return Form(
        node=command.get("node", ""),
        session=command.get("sessionid", ""),
        status=command.get("status", ""),
        title="" if data is None else data.findtext(f"{{{DATA}}}title", ""),
        instructions="" if data is None else data.findtext(f"{{{DATA}}}instructions", ""),
        fields=() if data is None else tuple(_read_field(one) for one in data.findall(f"{{{DATA}}}field")),
        notes=tuple(note.text or "" for note in command.findall(f"{{{COMMANDS}}}note")),
        actions=() if actions is None else tuple(one.tag.rpartition("}")[2] for one in actions),
    )


def _read_field(one: ET.Element) -> FormField:
    return FormField(
        var=one.get("var", ""),
        kind=one.get("type", "text-single"),
        label=one.get("label", ""),
        required=one.find(f"{{{DATA}}}required") is not None,
        values=tuple(value.text or "" for value in one.findall(f"{{{DATA}}}value")),
        options=tuple(
            (option.findtext(f"{{{DATA}}}value", ""), option.get("label", ""))
            for option in one.findall(f"{{{DATA}}}option")
        ),
    )


def write_command(
    node: str, session: str = "", action: str = "execute", values: Mapping[str, str] | None = None
) -> ET.Element:
    command = ET.Element(f"{{{COMMANDS}}}command", {"node": node, "action": action})
    if session:
        command.set("sessionid", session)
    if values is not None:
        data = ET.SubElement(command, f"{{{DATA}}}x", {"type": "submit"})
        for var, text in values.items():
            one = ET.SubElement(data, f"{{{DATA}}}field", {"var": var})
            ET.SubElement(one, f"{{{DATA}}}value").text = text
    return command
