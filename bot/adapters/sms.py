"""SMS through the operator's HTTP gateway; SMPP (smpp.py) and CAMARA (camara.py) stand beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.adapters.http import JsonHttp, Limits, Peer
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


class Gateway(Sms, Protocol):
    """Something that is opened before the first SMS, and closed at the end."""

    async def start(self) -> None: ...
    async def close(self) -> None: ...


class HttpSms(Peer, Gateway):
    def __init__(self, settings: SmsSettings) -> None:
        self._path = settings.path
        limits = Limits(settings.connect, settings.total)
        super().__init__(JsonHttp(settings.base, settings.token, what="sms", limits=limits))

    async def send(self, id: str, to: str, text: str) -> None:
        """Posted once per call. Not knowing whether it was taken is Unavailable too: the same id again is harmless."""
        try:
            answer = await self._http.post(self._path, {"id": id, "to": to, "text": text}, {"Idempotency-Key": id})
        except Unavailable:
            raise Unavailable("sms") from None
        if not answer.ok:
            raise Unavailable("sms")


class NoSms(Gateway):
    """Where the operator makes and sends the codes itself, nothing leaves from here."""

    async def start(self) -> None:
        """There is nothing to open."""

    async def close(self) -> None:
        """Nor to close."""

    async def send(self, id: str, to: str, text: str) -> None:
        raise Unavailable("sms")
