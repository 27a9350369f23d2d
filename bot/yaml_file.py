"""A YAML file → the values in it, or every error at once with file:line:column and "did you mean"."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from bot.errors import ConfigError
from bot.paths import shipped
from bot.reasons import reason


def read(path: Path) -> tuple[str, dict[Any, Any]]:
    """The text and the mapping that it is; ConfigError as `bot.yaml:12:3: …`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {reason(error)}; {_remedy(error)}") from error
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise ConfigError(_syntax(path, error)) from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path.name}: {error}") from error
    except RecursionError:
        raise ConfigError(f"{path.name}:1:1: it is nested too deeply") from None
    except ValueError as error:  # a date that the calendar does not have, a number of thousands of digits
        raise ConfigError(_unreadable(path, text) or f"{path.name}:1:1: {error}") from None
    if not isinstance(data, dict):
        raise ConfigError(f"{path.name}:1:1: the file must be a mapping of keys")
    return text, data


def explained(path: Path, text: str, error: ValidationError, model: type[BaseModel]) -> ConfigError:
    """What pydantic found, one line for each; `model` knows which keys there are."""
    places = Places(text)
    return ConfigError("\n".join(_line(path, places, item, model) for item in error.errors()))


def placed(path: Path, error: ConfigError) -> str:
    """What is wrong, with the place in `path` that the keys of `error` lead to."""
    return f"{path.name}:{Places(path.read_text('utf-8')).of(error.at)}: {error}" if error.at else str(error)


def _remedy(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "save it as UTF-8"
        case PermissionError():
            return "let the user who runs hallbot read it"
        case _:
            return f"name the bot.yaml of your deployment (one to start from: {shipped('bot.yaml')})"


def _syntax(path: Path, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
    return f"{path.name}:{where}: {error.problem or 'not YAML'}"


def _unreadable(path: Path, text: str) -> str:
    """The first value that YAML takes for a date or a number, and that is none."""
    loader = yaml.SafeLoader(text)
    waiting, seen = [loader.get_single_node()], set[int]()  # an alias may lead back to where it stands
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, yaml.ScalarNode):
            try:
                loader.construct_object(node)
            except ValueError as error:
                mark = node.start_mark
                return f"{path.name}:{mark.line + 1}:{mark.column + 1}: {str(node.value)[:40]!r}: {error}"
        elif isinstance(node, yaml.CollectionNode) and id(node) not in seen:
            seen.add(id(node))
            flat = isinstance(node, yaml.SequenceNode)
            waiting = [*(node.value if flat else [part for pair in node.value for part in pair]), *waiting]
    return ""


class Places:
    """Line and column of keys, read with ruamel.yaml only when there is an error to place."""

    def __init__(self, text: str) -> None:
        from ruamel.yaml import YAML  # 1.5 MB that a bot.yaml without errors does without
        from ruamel.yaml.error import MarkedYAMLError

        try:
            self._root: Any = YAML(typ="rt").load(text)
        except (MarkedYAMLError, RecursionError, ValueError):  # e.g. a key given twice: PyYAML is more lenient
            self._root = None

    def of(self, path: tuple[int | str, ...]) -> str:
        node, where = self._root, (0, 0)
        for step in path:
            marks = getattr(node, "lc", None)
            if marks is None or node is None:
                break
            try:
                where = marks.key(step) if isinstance(node, dict) else marks.item(step)
                node = node[step]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        return f"{where[0] + 1}:{where[1] + 1}"


def _line(path: Path, places: Places, item: Any, model: type[BaseModel]) -> str:
    where = tuple(item["loc"]) + getattr(item.get("ctx", {}).get("error"), "at", ())
    name = ".".join(str(part) for part in where) or "the file"
    return f"{path.name}:{places.of(where)}: {name}: {_message(item, where, model)}"


def _message(item: Any, where: tuple[int | str, ...], root: type[BaseModel]) -> str:
    if item["type"] == "extra_forbidden":
        known = _fields(where[:-1], root)
        near = process.extractOne(str(where[-1]), known, score_cutoff=60) if known else None
        return "unknown key" + (f", did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}")
    if item["type"] == "missing":
        return "is missing"
    if item["type"] == "literal_error":
        options = re.findall(r"'([^']*)'", item["ctx"]["expected"])
        near = process.extractOne(str(item["input"]), options, score_cutoff=50)
        return f"must be one of {', '.join(options)}" + (f", did you mean {near[0]!r}?" if near else "")
    return str(item["msg"]).removeprefix("Value error, ")


def _fields(path: tuple[int | str, ...], root: type[BaseModel]) -> list[str]:
    model: Any = root
    for step in path:
        annotation = (
            model.model_fields[str(step)].annotation if str(step) in getattr(model, "model_fields", {}) else None
        )
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return [name for name in model.model_fields if name != "folder"]
