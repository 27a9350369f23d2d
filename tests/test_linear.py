"""No expression of ours has two readings for what comes again and again: 那就那就那就… took a bot for ever.

Every repeated group is taken apart into the words it may read; words that can be read in several ways are repeated
behind what has to stand in front of them, and end in what cannot match. A customer's line has 200 characters.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections import Counter
from collections.abc import Iterator
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import pytest

import bot

LONG = (*range(12, 100, 4), *range(100, 201, 20))  # characters: who doubles with a few more is found before it hurts
SECONDS = 0.1  # of the processor, for one of them
MOST = 4000  # words of a group that are looked at
OFTEN = 6  # times: what may come as often is tried
ELSEWHERE = ("__main__", "bench", "demo")


def patterns() -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Name, expression, and whether its module wants a whole line of it."""
    seen = set()
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if any(part in ELSEWHERE for part in module.name.split(".")):
            continue
        loaded = importlib.import_module(module.name)
        source = inspect.getsource(loaded)
        for name, value in vars(loaded).items():
            many = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
            whole = f"{name}.fullmatch" in source or (many != [value] and ".fullmatch(" in source and name.isupper())
            for n, one in enumerate(many):
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str) and one.pattern not in seen:
                    seen.add(one.pattern)
                    yield f"{module.name}.{name}[{n}]", one, whole


def of_set(parts: Any) -> list[str]:
    found = []
    for kind, value in parts:
        match str(kind):
            case "LITERAL":
                found.append(chr(value))
            case "RANGE":
                found.append(chr(value[0]))
            case "CATEGORY":
                found.append({"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " "}.get(str(value), "a"))
            case _:  # all but these
                return ["x"]
    return found[:40]


def words(tree: Any) -> list[str]:
    """What it reads, a repetition no more than twice."""
    found = [""]
    for kind, value in tree:
        match str(kind):
            case "LITERAL":
                here = [chr(value)]
            case "NOT_LITERAL" | "ANY":
                here = ["x"]
            case "IN":
                here = of_set(value)
            case "BRANCH":
                here = [word for branch in value[1] for word in words(branch)]
            case "SUBPATTERN":
                here = words(value[3])
            case "ATOMIC_GROUP":
                here = words(value)
            case repeat if "REPEAT" in repeat:
                one = words(value[2])
                here = ([""] if value[0] == 0 else []) + one
                here += [a + b for a in one for b in one] if value[1] > 1 and len(one) < 60 else []
            case _:
                here = [""]
        found = [a + b for a in found for b in here][:MOST]
    return found


def least(tree: Any) -> str:
    """A text that it reads, of its first branches and no repetition that may be left out."""
    found = ""
    for kind, value in tree:
        match str(kind):
            case "LITERAL":
                found += chr(value)
            case "NOT_LITERAL" | "ANY":
                found += "x"
            case "IN":
                found += (of_set(value) or ["x"])[0]
            case "BRANCH":
                found += least(value[1][0])
            case "SUBPATTERN":
                found += least(value[3])
            case "ATOMIC_GROUP":
                found += least(value)
            case repeat if "REPEAT" in repeat:
                found += least(value[2]) * value[0]
    return found


def repeated(tree: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every group that may come often, with what has to stand in front of it. Possessive ones have one reading."""
    for part in tree:
        kind, value = str(part[0]), part[1]
        if kind == "BRANCH":
            for branch in value[1]:
                yield from repeated(branch, before)
        elif kind == "SUBPATTERN":
            yield from repeated(value[3], before)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
            if value[1] >= OFTEN:
                yield before, value[2]
            yield from repeated(value[2], before)
        before += least([part])


def ambiguous(found: list[str]) -> list[str]:
    """Words, and pairs of them, that are read in more ways than one; the shortest first."""
    known = {word for word in found if word}
    short = sorted(known, key=len)[:150]
    cut = {word for word in known if any(word[:at] in known and word[at:] in known for at in range(1, len(word)))}
    pairs = {a + b for a in short for b in short if splits(a + b, known) > 1}
    twice = [word for word, times in Counter(word for word in found if word).items() if times > 1][:10]
    return sorted({*cut, *pairs, *twice}, key=len)[:25]


def splits(word: str, known: set[str]) -> int:
    return sum(word[:at] in known and word[at:] in known for at in range(1, len(word)))


def slow(pattern: re.Pattern[str], whole: bool) -> str:
    """A text that takes too long; "" if none was found."""
    for before, group in repeated(sre.parse(pattern.pattern, pattern.flags)):
        for word in ambiguous(words(group)):
            for length in LONG:
                text = f"{(before + word * length)[: length - 1]}§"
                begun = time.process_time()
                (pattern.fullmatch if whole else pattern.search)(text)
                if time.process_time() - begun > SECONDS:
                    return text
    return ""


def test_no_expression_reads_what_is_repeated_in_many_ways() -> None:
    found = {name: text for name, pattern, whole in patterns() if (text := slow(pattern, whole))}
    assert found == {}


@pytest.mark.parametrize("pattern", ["(?:那就?|就)*x", r"1(?:\s*(?:,|\s)\s*1)*x", "(?:刚才?|刚刚)*丢", "(a+)+$"])
def test_what_has_many_readings_is_found(pattern: str) -> None:
    assert slow(re.compile(pattern), whole=True)
