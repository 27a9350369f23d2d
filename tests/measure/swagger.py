"""A small reader of TM Forum's swagger 2.0 files: is this path there, is this body what the definition says?"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

Definition = dict[str, Any]


def folder() -> Path:
    """`$HALLBOT_DATA/tmf`. These tests measure; without the data there is nothing to measure, which is a failure."""
    assert "HALLBOT_DATA" in os.environ, "set HALLBOT_DATA to the folder that holds tmf/"
    return Path(os.environ["HALLBOT_DATA"]) / "tmf"


def load(name: str) -> Definition:
    """The definition whose file name starts with `name`, e.g. `TMF622-`."""
    [path] = folder().glob(f"{name}*.json")
    found: Definition = json.loads(path.read_text("utf-8"))
    return found


def operation(definition: Definition, base: str, path: str, method: str) -> Definition | None:
    """What the definition says about that call, None if it knows no such."""
    rest = path.removeprefix(base)
    for template, methods in definition["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), rest):
            found: Definition | None = methods.get(method.lower())
            return found
    return None


def body_schema(operation: Definition) -> Definition | None:
    """Of the request's body; 658 v1 has none for burns."""
    return next(
        (parameter["schema"] for parameter in operation.get("parameters", ()) if parameter["in"] == "body"), None
    )


def problems(definition: Definition, schema: Mapping[str, Any], value: object, where: str = "body") -> Iterator[str]:
    """What is wrong with `value`. Fields that the definition does not name are wrong, too: we wrote them."""
    if "$ref" in schema:
        yield from problems(definition, definition["definitions"][schema["$ref"].split("/")[-1]], value, where)
        return
    match schema.get("type", "object" if "properties" in schema else None):
        case "object":
            yield from _object(definition, schema, value, where)
        case "array":
            if not isinstance(value, list):
                yield f"{where}: not a list"
            else:
                for n, item in enumerate(value):
                    yield from problems(definition, schema["items"], item, f"{where}[{n}]")
        case "string":
            yield from _string(schema, value, where)
        case "integer" if not isinstance(value, int) or isinstance(value, bool):
            yield f"{where}: not an integer"
        case "number" if not isinstance(value, int | float) or isinstance(value, bool):
            yield f"{where}: not a number"
        case "boolean" if not isinstance(value, bool):
            yield f"{where}: not a boolean"


def _object(definition: Definition, schema: Mapping[str, Any], value: object, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: not an object"
        return
    yield from (f"{where}.{name}: missing" for name in schema.get("required", ()) if name not in value)
    known = schema.get("properties", {})
    for name, item in value.items():
        if name in known:
            yield from problems(definition, known[name], item, f"{where}.{name}")
        else:
            yield f"{where}.{name}: not defined"


def _string(schema: Mapping[str, Any], value: object, where: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{where}: not a string"
    elif "enum" in schema and value not in {word.strip() for word in schema["enum"]}:
        yield f"{where}: not one of the enum"
    elif schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
        yield f"{where}: no date-time"
