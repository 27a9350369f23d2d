"""Checks JSON against Swagger 2 definitions: references, types, required fields, enums, dates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


class Definition:
    """One API's Swagger file."""

    def __init__(self, file: Path) -> None:
        self._file = json.loads(file.read_text("utf-8"))
        self.name = file.name[:6]

    def answer(self, method: str, path: str, status: int) -> Mapping[str, Any] | None:
        """The schema of that answer, None when it has none. KeyError when the API knows no such call or answer."""
        schema: Mapping[str, Any] | None = self._call(method, path)["responses"][str(status)].get("schema")
        return schema

    def body(self, method: str, path: str) -> Mapping[str, Any] | None:
        """The schema of what is posted. None where the definition forgot to name one (658's loyaltyBurn)."""
        parameters = self._call(method, path).get("parameters", [])
        return next((parameter["schema"] for parameter in parameters if parameter["in"] == "body"), None)

    def wrong(self, value: Any, schema: Mapping[str, Any], at: str = "$") -> Iterator[str]:
        """What does not fit, each with its place; fields that the definition does not know are extensions."""
        if "$ref" in schema:
            schema = self._file["definitions"][schema["$ref"].rsplit("/", 1)[1]]
        yield from _wrong_value(value, schema, at)
        if isinstance(value, dict):
            yield from self._wrong_fields(value, schema, at)
        elif isinstance(value, list):
            if len(value) < schema.get("minItems", 0):
                yield f"{at}: too few"
            for n, item in enumerate(value):
                yield from self.wrong(item, schema.get("items", {}), f"{at}[{n}]")

    def _wrong_fields(self, value: dict[str, Any], schema: Mapping[str, Any], at: str) -> Iterator[str]:
        known = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{at}.{name}: missing"
        for name, field in value.items():
            if name in known:
                yield from self.wrong(field, known[name], f"{at}.{name}")
            elif known:
                yield f"{at}.{name}: unknown"

    def _call(self, method: str, path: str) -> Mapping[str, Any]:
        for template, methods in self._file["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                found: Mapping[str, Any] = methods[method.lower()]
                return found
        raise KeyError(path)


def _wrong_value(value: Any, schema: Mapping[str, Any], at: str) -> Iterator[str]:
    wanted = schema.get("type")
    # In Python a bool is an int; in JSON it is not.
    if wanted and (not isinstance(value, _TYPES[wanted]) or (isinstance(value, bool) and wanted != "boolean")):
        yield f"{at}: {type(value).__name__} instead of {wanted}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    elif schema.get("format") in ("date-time", "dateTime") and not _dated(value):
        yield f"{at}: {value!r} is no date-time"
    elif schema.get("format") == "uri" and (not value or re.search(r"\s", value)):
        yield f"{at}: {value!r} is no URI reference"


def _dated(value: str) -> bool:
    try:
        return "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
