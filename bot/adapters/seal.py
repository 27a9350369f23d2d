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
from bot.model import local

VERSION = b"\x01"
NONCE = 12
TAG = 16
LEAST = 32  # bytes of a master key
AT_ONCE = 128  # nonces that are drawn together: asking the system costs as much as sealing
MINUTE = 60.0  # seconds


class Unsealable(ValueError):
    """Tampered with, cut short, moved to another place, or sealed with a key that is not known here."""


class Nonces:
    """Random and used once, in whichever thread; a forked process draws its own."""

    def __init__(self) -> None:
        self._drawn: list[bytes] = []
        os.register_at_fork(after_in_child=self._drawn.clear)

    def next(self) -> bytes:
        try:
            return self._drawn.pop()  # one step: no two threads get the same
        except IndexError:
            fresh = os.urandom(NONCE * AT_ONCE)
            self._drawn += [fresh[at : at + NONCE] for at in range(NONCE, len(fresh), NONCE)]
            return fresh[:NONCE]


_next_nonce = Nonces().next


class AesSeal:
    """`keys` by key id; `current` seals, all of them open. `clock` in epoch seconds.

    Sealed: version, length of the key id, key id, month (2 bytes), nonce, ciphertext and tag. All of the head and
    `about` are bound. The partition is what stands in `about` before the first colon.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, *, clock: Callable[[], float] = time.time) -> None:
        if current not in keys:
            raise ConfigError("the current sealing key is not among the sealing keys")
        for name, key in keys.items():
            if not 0 < len(name.encode()) < 256:
                raise ConfigError("a sealing key's id must have 1 to 255 bytes")
            if len(key) < LEAST:
                raise ConfigError(f"sealing key {name!r} is shorter than {LEAST} bytes")
        self._keys = {name.encode(): bytes(key) for name, key in keys.items()}
        self._front = VERSION + bytes([len(current.encode())]) + current.encode()
        self._clock = clock
        self._head = b""
        self._until = 0.0  # the calendar is asked once a minute, not once a message
        self._cipher = lru_cache(maxsize=2048)(self._derive)  # 256 partitions, a few months

    def __repr__(self) -> str:
        return f"AesSeal({len(self._keys)} keys)"

    def seal(self, clear: bytes, about: str) -> bytes:
        if not self._until - MINUTE <= (now := self._clock()) < self._until:
            self._look_at_the_calendar(now)
        head, nonce = self._head, _next_nonce()
        cipher = self._cipher(head, about.partition(":")[0])
        return head + nonce + cipher.encrypt(nonce, clear, head + about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        size = 4 + sealed[1] if len(sealed) > 1 else 4  # version, length, key id, month
        text = size + NONCE
        if len(sealed) < text + TAG:
            raise Unsealable("not a sealed text")
        head = sealed[:size]
        cipher = self._cipher(head, about.partition(":")[0])
        try:
            return cipher.decrypt(sealed[size:text], sealed[text:], head + about.encode())
        except InvalidTag:
            raise Unsealable("the seal is broken") from None

    def _look_at_the_calendar(self, now: float) -> None:
        minute = now // MINUTE * MINUTE
        day = local(int(minute * 1000))
        self._head, self._until = self._front + (day.year * 12 + day.month - 1).to_bytes(2, "big"), minute + MINUTE

    def _derive(self, head: bytes, space: str) -> AESGCM:
        if head[:1] != VERSION:
            raise Unsealable("not a sealed text")
        if (key := self._keys.get(head[2:-2])) is None:
            raise Unsealable("sealed with an unknown key")
        info = b"hallbot seal" + head[-2:] + space.encode()
        return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key))
