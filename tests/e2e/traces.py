"""Looks for words in whatever was written, in every form in which they may hide."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

_EDGE = "0-9A-Fa-f"  # six digits inside a longer number, or inside hexadecimal digits, are chance


def forms(word: str) -> Iterator[bytes]:
    """The bytes that `word` may have become, each surely enough its own trace."""
    clear = word.encode()
    yield from (word.encode(f"utf-16-{end}") for end in ("le", "be"))
    yield from (clear.hex().encode(), clear.hex().upper().encode())
    for core in _base64(clear):
        yield core
        yield core.translate(bytes.maketrans(b"+/", b"-_"))
    if not word.isascii():
        yield clear
        yield word.encode("gb18030")
        escaped = json.dumps(word)[1:-1]
        yield from (escaped.encode(), escaped.upper().replace("\\U", "\\u").encode(), quote(word).encode())


def _base64(data: bytes) -> Iterator[bytes]:
    """What is the same wherever `data` stands in what was encoded."""
    for before in range(3):
        encoded = b64encode(bytes(before) + data)
        yield encoded[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]


def files(folder: Path, but: Iterable[str] = ()) -> dict[str, bytes]:
    """All files below a folder with what is in them, but for some of its entries."""
    left_out = set(but)
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in found
        if path.relative_to(folder).parts[0] not in left_out
    }


def traces(words: Iterable[str], places: Mapping[str, bytes]) -> list[str]:
    """Where something was found, and its beginning there."""
    known = set(words)
    hidden = {form for word in known for form in forms(word)}
    clear = [re.compile(f"(?<![{_EDGE}]){re.escape(word)}(?![{_EDGE}])".encode()) for word in known if word.isascii()]
    return [
        f"{name}@{at}"
        for name, held in places.items()
        for at in sorted(
            {
                *(held.find(form) for form in hidden if form in held),
                *(hit.start() for word in clear for hit in word.finditer(held)),
            }
        )
    ]
