"""Files behind links in Redis: sealed, found by a token that is stored nowhere, counted where they lie."""

from __future__ import annotations

import asyncio

import msgspec

from bot.adapters.redis.keys import Names
from bot.adapters.redis.library import Library, source
from bot.adapters.redis.link import Link
from bot.model import File, Ms
from bot.ports import Seal
from bot.ports.files import FETCHES, LIFE

GARBAGE: Ms = LIFE + 3_600_000
_encode = msgspec.msgpack.Encoder(decimal_format="string").encode
_decode: msgspec.msgpack.Decoder[File] = msgspec.msgpack.Decoder(File)


class RedisFiles:
    """Implements `ports.files.Files`. `key` ≥ 32 bytes hides tokens: who reads Redis can open no link."""

    def __init__(self, link: Link, seal: Seal, *, key: bytes, base: str, partitions: int = 256) -> None:
        self.base = base
        self._link = link
        self._seal = seal
        self._names = Names(key, partitions)
        self._library = Library("files", source("files"), {"GARBAGE": GARBAGE, "FETCHES": FETCHES})

    async def start(self) -> None:
        await self._link.load(self._library)

    async def put(self, token: str, file: File, at: Ms) -> None:
        key = self._key(token)
        sealed = self._seal.seal(_encode(file), _about(key))
        await self._link.call(self._library, "put", (key.encode(),), sealed, at + LIFE)

    async def look(self, token: str, now: Ms) -> File | None:
        return await self._ask("look", token, now)

    async def take(self, token: str, now: Ms) -> File | None:
        return await self._ask("take", token, now)

    async def revoke(self, tokens: tuple[str, ...]) -> None:
        keys = [(self._key(token).encode(),) for token in tokens]
        await asyncio.gather(*(self._link.call(self._library, "revoke", key) for key in keys))

    async def _ask(self, function: str, token: str, now: Ms) -> File | None:
        key = self._key(token)
        sealed: bytes = await self._link.call(self._library, function, (key.encode(),), now)
        try:
            return _decode.decode(self._seal.open(sealed, _about(key))) if sealed else None
        except ValueError:  # another version's, or tampered with
            return None

    def _key(self, token: str) -> str:
        partition, hidden = self._names.hidden("file", token)
        return f"{{f{partition}}}:f:{hidden}"


def _about(key: str) -> str:
    return f"{key}:file"
