"""The second factor in Redis: challenges, verdicts, and everything counted per subscriber number."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, cast

from bot.adapters.redis.keys import Names
from bot.adapters.redis.library import Library, source
from bot.adapters.redis.link import Link
from bot.adapters.redis.start import check_policy, fix_partitions
from bot.model import Ms
from bot.ports import Checked, Sending, Tried, Verdict

MINUTE: Ms = 60_000
HOUR: Ms = 60 * MINUTE
DAY: Ms = 24 * HOUR


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """Figures of security.md; times in ms."""

    tries: int = 3  # of an operation's codes, resends included
    wrong: int = 10  # wrong codes of a number in 24 h, over all channels
    lock: Ms = 30 * MINUTE  # then sensitive operations are locked, twice as long each time
    lock_most: Ms = DAY
    cooldown: Ms = MINUTE
    hour_sms: int = 5
    day_sms: int = 10
    sends: int = 3  # SMS of an operation
    password_tries: int = 3
    password_lock: Ms = DAY


DEFAULT_LIMITS = CodeLimits()
Limit = Literal["cooldown", "hour", "day", "sends", "locked"]


def library(limits: CodeLimits, text: str | None = None) -> Library:
    constants = {name.upper(): value for name, value in asdict(limits).items()}
    return Library("codes", text or source("codes"), constants | {"HOUR": HOUR, "DAY": DAY})


class RedisCodes:
    """Codes. `key` ≥ 32 bytes hides numbers. A code lives to the end of its last millisecond: at 180.000 s it counts.

    Entries must be unique over all conversations, as those of RedisSessions are. After the lock of a number every
    further wrong code within 24 h locks it again, for twice as long.
    """

    def __init__(
        self,
        link: Link,
        *,
        key: bytes,
        partitions: int = 256,
        limits: CodeLimits = DEFAULT_LIMITS,
        text: str | None = None,
    ) -> None:
        self._link = link
        self._names = Names(key, partitions)
        self._library = library(limits, text)

    async def start(self) -> None:
        """ConfigError when this Redis must not be used, Unavailable when it is away."""
        await check_policy(self._link)
        await fix_partitions(self._link, self._names.partitions)
        await self._link.load(self._library)

    async def challenge(
        self, number: str, challenge: str, entry: str, mac: bytes, sealed: bytes, at: Ms, operation: str, life: Ms
    ) -> Sending:
        keys = self._keys(number, "c", "sms", "lock", "answer", last=f"{challenge}:{entry}")
        args = (challenge, entry, mac, sealed, at, operation, life)
        raw: bytes = await self._link.call(self._library, "challenge", keys, *args)
        line, _, stored = raw.partition(b"\n")
        limit, wait, sent = line.decode().split(" ")
        if limit != "-":
            return Sending(False, wait=int(wait), limit=cast(Limit, limit))
        return Sending(True, stored, sent=sent == "1")

    async def sms_sent(self, number: str, challenge: str, entry: str) -> None:
        await self._link.call(self._library, "sms_sent", self._keys(number, "answer", last=f"{challenge}:{entry}"))

    async def verify(self, number: str, challenge: str, entry: str, mac: bytes, at: Ms) -> Checked:
        keys = self._keys(number, "c", "wrong", "lock", "verdict", last=f"{challenge}:{entry}")
        raw: bytes = await self._link.call(self._library, "verify", keys, challenge, entry, mac, at)
        verdict, left, wait = raw.decode().split(" ")
        return Checked(Verdict(verdict), int(left), int(wait))

    async def try_password(self, number: str, entry: str, at: Ms) -> Tried:
        keys = self._keys(number, "password")
        raw: bytes = await self._link.call(self._library, "try_password", keys, entry, at)
        allowed, left, wait = raw.decode().split(" ")
        return Tried(allowed == "1", int(left), int(wait))

    async def password_right(self, number: str, entry: str) -> None:
        await self._link.call(self._library, "password_right", self._keys(number, "password"), entry)

    async def password_unjudged(self, number: str, entry: str) -> None:
        await self._link.call(self._library, "password_unjudged", self._keys(number, "password"), entry)

    async def password_renewed(self, number: str) -> None:
        await self._link.call(self._library, "password_renewed", self._keys(number, "password"))

    async def void(self, number: str, challenge: str) -> None:
        await self._link.call(self._library, "void", self._keys(number, "c"), challenge)

    def _keys(self, number: str, *kinds: str, last: str = "") -> list[bytes]:
        """All in one slot; `last` belongs to the last kind."""
        partition, hidden = self._names.hidden("number", number)
        keys = [f"{{n{partition}}}:{kind}:{hidden}".encode() for kind in kinds]
        if last:
            keys[-1] += b":" + last.encode()
        return keys
