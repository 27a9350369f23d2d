"""SMS through the operator's HTTP gateway. (SMPP 3.4 goes beside it: another class of this port, chosen in wiring.)"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.adapters.http import JsonHttp, Limits
from bot.errors import Unavailable
from bot.ports import Sms


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """`base`: the gateway's address. Times in seconds."""

    base: str
    token: str = field(default="", repr=False)
    path: str = "/sms/v1/messages"
    connect: float = 3
    total: float = 10


class HttpSms(Sms):
    """`start()` before the first SMS, `close()` at the end."""

    def __init__(self, settings: SmsSettings) -> None:
        self._path = settings.path
        limits = Limits(settings.connect, settings.total)
        self._http = JsonHttp(settings.base, settings.token, what="sms", limits=limits)

    async def start(self) -> None:
        await self._http.start()

    async def close(self) -> None:
        await self._http.close()

    async def send(self, id: str, to: str, text: str) -> None:
        """Posted once per call. Not knowing whether it was taken is Unavailable too: the same id again is harmless."""
        try:
            answer = await self._http.post(self._path, {"id": id, "to": to, "text": text}, {"Idempotency-Key": id})
        except Unavailable:
            raise Unavailable("sms") from None
        if not answer.ok:
            raise Unavailable("sms")
