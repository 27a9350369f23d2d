"""The operator's own port: service passwords, right or wrong; what unlocks a card."""

from __future__ import annotations

import asyncio
import hashlib
import secrets

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import effects, passwords, paths, times
from bot.adapters.sandbox.operator.store import Connection, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import Json, Refusal, answer, key_of, missing, read

_LONGEST = 64


class PasswordIn(msgspec.Struct):
    number: str
    password: str

    def __repr__(self) -> str:
        return "PasswordIn()"


class ChangeIn(PasswordIn, rename="camel"):
    external_id: str | None = None


class NumberIn(msgspec.Struct):
    number: str

    def __repr__(self) -> str:
        return "NumberIn()"


class Counter:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{paths.HALL}/password/verify", self._verify),
            web.post(f"{paths.HALL}/password/change", self._change),
            web.get(f"{paths.HALL}/password/change", self._changed),
            web.post(f"{paths.HALL}/puk", self._puk),
            web.get(f"{paths.HALL}/directory", self._directory),
        ]

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

    async def _change(self, request: web.Request) -> web.Response:
        """Once per key. What it was set to is kept as a hash only, not even compared with a repeated post."""
        asked = await read(request, ChangeIn)
        key, now = key_of(request, asked.external_id), times.iso(self._clock())
        if key is None:
            raise Refusal(400, "invalidExternalId", "缺少externalId")
        if not (asked.password.isascii() and asked.password.isdigit() and 4 <= len(asked.password) <= 12):
            raise Refusal(400, "invalidPassword", "密码应为数字")
        salt = secrets.token_bytes(passwords.SALT)
        hashed = await asyncio.to_thread(passwords.hashed, asked.password, salt)
        fresh = await self._store.write(lambda db: _renew(db, asked.number, key, now, salt, hashed))
        return answer(_shown(key, now), 201 if fresh else 200)

    async def _changed(self, request: web.Request) -> web.Response:
        key = request.query.get("externalId", "")
        row = self._store.row("SELECT * FROM password_change WHERE external = ?", key)
        return answer([_shown(key, row["at"])] if row else [])

    async def _directory(self, request: web.Request) -> web.Response:
        jid = request.query.get("jid", "")
        row = self._store.row("SELECT * FROM directory WHERE jid = ?", jid)
        return answer([{"jid": jid, "number": row["number"]}] if row else [])

    async def _puk(self, request: web.Request) -> web.Response:
        """Eight digits, the same for ever for the same line."""
        asked = await read(request, NumberIn)
        row = self._store.row("SELECT since || name AS known FROM subscriber WHERE number = ?", asked.number)
        if row is None:
            raise missing("号码")
        digest = hashlib.sha256(f"puk {row['known']} {asked.number}".encode()).digest()
        return answer({"puk": f"{int.from_bytes(digest[:8]) % 10**8:08d}"})


def _renew(db: Connection, number: str, key: str, now: str, salt: bytes, hashed: bytes) -> bool:
    """Is it new?"""
    known = db.execute("SELECT number FROM password_change WHERE external = ?", (key,)).fetchone()
    if known:
        if known["number"] != number:
            raise Refusal(409, "externalIdInUse", "externalId已用于另一号码")
        return False
    if not db.execute("UPDATE subscriber SET salt = ?, hash = ? WHERE number = ?", (salt, hashed, number)).rowcount:
        raise Refusal(400, "unknownSubscriber", "号码不存在")
    db.execute("INSERT INTO password_change VALUES (?, ?, ?)", (key, number, now))
    effects.record(db, "password", key, number, "change", now)
    return True


def _shown(key: str, at: str) -> Json:
    return {"id": f"W{key[:16]}", "externalId": key, "state": "completed", "completionDate": at}
