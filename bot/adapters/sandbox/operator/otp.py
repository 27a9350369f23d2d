"""CAMARA One Time Password SMS: the operator makes a code, sends it to the handset, and compares it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import paths
from bot.adapters.sandbox.operator.handset import Handset
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import Refusal, answer, missing, read

LABEL = "{{code}}"
LONGEST, DIGITS, TRIES, KEPT = 160, 6, 3, 1000
LIFE = timedelta(minutes=3)
FAMILY = "ONE_TIME_PASSWORD_SMS"


class SendCode(msgspec.Struct):
    phoneNumber: str
    message: str


class ValidateCode(msgspec.Struct):
    authenticationId: str
    code: str

    def __repr__(self) -> str:
        return "ValidateCode()"


@dataclass
class _Attempt:
    code: str
    until: datetime
    tries: int = 0


class OneTimePasswords:
    """In memory: a restart of this operator voids what was sent."""

    def __init__(self, handset: Handset, clock: Clock) -> None:
        self._handset, self._clock = handset, clock
        self._open: dict[str, _Attempt] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post(f"{paths.OTP}/send-code", self._send), web.post(f"{paths.OTP}/validate-code", self._validate)]

    async def _send(self, request: web.Request) -> web.Response:
        asked = await read(request, SendCode)
        if not asked.phoneNumber.startswith("+86"):
            raise Refusal(400, "INVALID_ARGUMENT", "phoneNumber must be E.164 with +86")
        if LABEL not in asked.message or len(asked.message) > LONGEST:
            raise Refusal(400, "INVALID_ARGUMENT", f"message needs {LABEL} and at most {LONGEST} characters")
        id, code = str(uuid4()), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        text = asked.message.replace(LABEL, code)
        await self._handset.accept(f"otp-{id}", asked.phoneNumber.removeprefix("+86"), text)
        while len(self._open) >= KEPT:
            self._open.pop(next(iter(self._open)))
        self._open[id] = _Attempt(code, self._clock() + LIFE)
        return answer({"authenticationId": id}, headers=_correlated(request))

    async def _validate(self, request: web.Request) -> web.Response:
        asked = await read(request, ValidateCode)
        attempt = self._open.get(asked.authenticationId)
        if attempt is None:
            raise missing("authenticationId")
        attempt.tries += 1  # counted before it is compared
        if self._clock() > attempt.until:
            raise Refusal(400, f"{FAMILY}.VERIFICATION_EXPIRED", "the code has expired")
        if attempt.tries > TRIES:
            raise Refusal(400, f"{FAMILY}.VERIFICATION_FAILED", "too many tries")
        if not secrets.compare_digest(attempt.code.encode(), asked.code.encode("utf-8", "replace")):
            raise Refusal(400, f"{FAMILY}.INVALID_OTP", "the code is wrong")
        del self._open[asked.authenticationId]
        return web.Response(status=204, headers=_correlated(request))


def _correlated(request: web.Request) -> dict[str, str]:
    found = request.headers.get("x-correlator", "")
    return {"x-correlator": found} if found else {}
