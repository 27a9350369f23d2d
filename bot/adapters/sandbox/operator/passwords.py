"""Service passwords: made once from `secrets`, kept for the demo in a private file, checked against scrypt hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

# Six digits cannot be protected by cost alone, so the cost only has to be felt: 1 ms each lets the first open of
# 200 subscribers stay well under a second. The bot's three tries are what protects them.
_COST = 512
SALT = 16


class Passwords(Mapping[str, str]):
    """Number → service password. The values stay out of repr."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = dict(known)

    def __getitem__(self, number: str) -> str:
        return self._known[number]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"<{len(self)} service passwords>"


def load(path: Path) -> Passwords:
    """Those of the file; none if it was taken away (the hashes still hold)."""
    return Passwords(json.loads(path.read_text("utf-8")) if path.exists() else {})


def create(path: Path, numbers: Iterable[str]) -> Passwords:
    """Made and stored, readable by the owner only; an existing file of a broken off first open is used again."""
    if path.exists():
        return load(path)
    made = Passwords({number: f"{secrets.randbelow(10**6):06d}" for number in numbers})
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(dict(made), file, indent=0)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return made


def hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=8, p=1, dklen=32)


def matches(password: str, salt: bytes, expected: bytes) -> bool:
    return hmac.compare_digest(hashed(password, salt), expected)
