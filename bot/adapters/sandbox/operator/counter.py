"""The operator's own port for service passwords: right or wrong, nothing else."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import effects, passwords, paths
from bot.adapters.sandbox.operator.store import Store
from bot.adapters.sandbox.operator.wire import Refusal, answer, read

_LONGEST = 64


class PasswordIn(msgspec.Struct):
    number: str
    password: str

    def __repr__(self) -> str:
        return "PasswordIn()"


class Counter:
    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [web.post(f"{paths.HALL}/password/verify", self._verify)]

    async def _verify(self, request: web.Request) -> web.Response:
        """Only counts are kept. An unknown number costs the same time and gets the same words."""
        asked = await read(request, PasswordIn)
        if max(len(asked.number), len(asked.password)) > _LONGEST:
            raise Refusal(400, "invalidBody", "内容过长")
        row = self._store.row("SELECT salt, hash FROM subscriber WHERE number = ?", asked.number)
        salt, expected = (row["salt"], row["hash"]) if row else (b"\0" * passwords.SALT, b"")
        right = await asyncio.to_thread(passwords.matches, asked.password, salt, expected)
        result = "ok" if right else "wrong"
        await self._store.write(lambda db: effects.count(db, f"password.{result}"))
        return answer({"result": result})
