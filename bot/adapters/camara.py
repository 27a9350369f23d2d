"""CAMARA One Time Password SMS: the operator makes the code, sends it and compares it; no code ever is in our hands."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.adapters.http import JsonHttp, Limits, Peer
from bot.errors import Unavailable
from bot.ports.otp import CODE, Otp

LONGEST = 160  # characters of a message, by the definition
RIGHT = frozenset({200, 204})
WRONG = frozenset({400, 404})  # failed, expired, invalid, no such attempt


@dataclass(frozen=True, slots=True)
class CamaraSettings:
    """`base`: where `/send-code` and `/validate-code` are. Times in seconds."""

    base: str
    token: str = field(default="", repr=False)
    path: str = "/one-time-password-sms/v1"
    connect: float = 3
    total: float = 10


class CamaraOtp(Peer, Otp):
    def __init__(self, settings: CamaraSettings) -> None:
        self._path = settings.path
        limits = Limits(settings.connect, settings.total)
        super().__init__(JsonHttp(settings.base, settings.token, what="sms", limits=limits))

    async def send(self, id: str, to: str, text: str) -> str:
        body = {"phoneNumber": f"+86{to}", "message": shortened(text)}
        status, data = await self._post("send-code", body, id)
        found = data.get("authenticationId") if isinstance(data, dict) else None
        if status >= 300 or not isinstance(found, str) or not found:
            raise Unavailable("sms")
        return found

    async def right(self, authentication: str, code: str) -> bool:
        """What is neither yes nor no (a quota, a token that has expired) is Unavailable: no try of the customer's."""
        body = {"authenticationId": authentication, "code": code}
        try:
            status, _ = await self._post("validate-code", body, authentication)
        except Unavailable:
            status = 0
        if status not in WRONG | RIGHT:
            raise Unavailable("operator")
        return status in RIGHT

    async def _post(self, what: str, body: dict[str, str], correlator: str) -> tuple[int, object]:
        try:
            answer = await self._http.post(f"{self._path}/{what}", body, {"x-correlator": correlator[:256]})
        except Unavailable:  # of a code that was compared and not answered, another try says that it is used: a new one
            raise Unavailable("sms") from None
        return answer.status, answer.data


def shortened(text: str) -> str:
    """As long as the definition allows; the label stays, whatever is cut."""
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST] if text.find(CODE) + len(CODE) <= LONGEST else f"{CODE} {text.replace(CODE, '')}"[:LONGEST]
