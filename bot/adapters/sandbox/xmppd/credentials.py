"""Salted keys of the accounts (RFC 5802); derived at the first log-in, so that starting stays fast."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

ITERATIONS = 4096  # RFC 7677: the least a client may accept; this server is for one machine


class Keys(NamedTuple):
    salt: bytes
    stored: bytes
    server: bytes

    def __repr__(self) -> str:
        return "Keys(…)"


class Credentials:
    """What is known of each account; an unknown one gets keys of its own that no password fits."""

    def __init__(self, accounts: Mapping[str, str]) -> None:
        self._accounts = accounts
        self._secret = secrets.token_bytes(32)
        self._keys: dict[tuple[str, str], Keys] = {}

    def keys(self, local: str, algorithm: str) -> Keys:
        known = self._keys.get((local, algorithm))
        if known is not None:
            return known
        salt = hmac.digest(self._secret, f"{algorithm} {local}".encode(), "sha256")[:16]
        password = self._accounts.get(local)
        if password is None:
            return Keys(salt, secrets.token_bytes(32), secrets.token_bytes(32))
        keys = self._keys[local, algorithm] = derive(password, salt, algorithm)
        return keys

    def fits(self, local: str, password: str) -> bool:
        keys = self.keys(local, "sha256")
        return hmac.compare_digest(derive(password, keys.salt, "sha256").stored, keys.stored)


def derive(password: str, salt: bytes, algorithm: str) -> Keys:
    text = unicodedata.normalize("NFKC", password).encode()
    salted = hashlib.pbkdf2_hmac(algorithm, text, salt, ITERATIONS)
    client = hmac.digest(salted, b"Client Key", algorithm)
    return Keys(salt, hashlib.new(algorithm, client).digest(), hmac.digest(salted, b"Server Key", algorithm))
