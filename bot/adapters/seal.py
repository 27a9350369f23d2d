"""Sealing at rest: AES-256-GCM, one subkey per partition and month, several master keys readable."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ConfigError
from bot.model import Ms, local

VERSION = b"\x01"
NONCE = 12
TAG = 16
LEAST = 32  # bytes of a master key


class Unsealable(ValueError):
    """Tampered with, cut short, moved to another place, or sealed with a key that is not known here."""


def _now() -> Ms:
    return int(time.time() * 1000)


class AesSeal:
    """`keys` by key id; `current` seals, all of them open.

    Sealed: version, length of the key id, key id, month (2 bytes), nonce, ciphertext and tag. All of the head and
    `about` are bound. The partition is what stands in `about` before the first colon.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, *, clock: Callable[[], Ms] = _now) -> None:
        if current not in keys:
            raise ConfigError("the current sealing key is not among the sealing keys")
        for name, key in keys.items():
            if not 0 < len(name.encode()) < 256:
                raise ConfigError("a sealing key's id must have 1 to 255 bytes")
            if len(key) < LEAST:
                raise ConfigError(f"sealing key {name!r} is shorter than {LEAST} bytes")
        self._keys = {name.encode(): bytes(key) for name, key in keys.items()}
        self._front = VERSION + bytes([len(current.encode())]) + current.encode()
        self._current = current.encode()
        self._clock = clock
        self._month: tuple[Ms, bytes] = (-1, b"")
        self._cipher = lru_cache(maxsize=2048)(self._derive)  # 256 partitions, a few months

    def __repr__(self) -> str:
        return f"AesSeal({len(self._keys)} keys)"

    def seal(self, clear: bytes, about: str) -> bytes:
        month = self._this_month()
        head = self._front + month
        nonce = os.urandom(NONCE)
        cipher = self._cipher(self._current, month, about.split(":", 1)[0])
        return head + nonce + cipher.encrypt(nonce, clear, head + about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        size = 4 + sealed[1] if len(sealed) > 1 else 4  # version, length, key id, month
        if sealed[:1] != VERSION or len(sealed) < size + NONCE + TAG:
            raise Unsealable("not a sealed text")
        head, name = sealed[:size], sealed[2 : size - 2]
        if name not in self._keys:
            raise Unsealable("sealed with an unknown key")
        cipher = self._cipher(name, head[-2:], about.split(":", 1)[0])
        try:
            return cipher.decrypt(sealed[size : size + NONCE], sealed[size + NONCE :], head + about.encode())
        except InvalidTag:
            raise Unsealable("the seal is broken") from None

    def _this_month(self) -> bytes:
        minute = self._clock() // 60_000
        if self._month[0] != minute:  # the calendar is asked once a minute, not once a message
            day = local(minute * 60_000)
            self._month = (minute, (day.year * 12 + day.month - 1).to_bytes(2, "big"))
        return self._month[1]

    def _derive(self, name: bytes, month: bytes, space: str) -> AESGCM:
        info = b"hallbot seal" + month + space.encode()
        return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._keys[name]))
