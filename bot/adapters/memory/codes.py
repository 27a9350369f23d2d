"""Codes and password tries in memory, with the figures of security.md."""

from __future__ import annotations

import hmac
from collections import defaultdict
from dataclasses import dataclass, field

from bot.gate import DAY, HOUR, MINUTE, SECOND, Limits
from bot.model import Ms
from bot.ports import Checked, Sending, Tried, Verdict


@dataclass(slots=True)
class _Challenge:
    name: str
    mac: bytes
    at: Ms
    life: Ms
    tries: int = 0
    spent: bool = False


@dataclass(slots=True)
class _Number:
    challenge: _Challenge | None = None
    sendings: dict[str, Sending] = field(default_factory=dict)
    verdicts: dict[str, Checked] = field(default_factory=dict)
    sms: list[Ms] = field(default_factory=list)
    per_operation: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[Ms] = field(default_factory=list)
    locked_until: Ms = 0
    locks: int = 0
    passwords: dict[str, Ms] = field(default_factory=dict)


class MemoryCodes:
    """Implements `ports.Codes`."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._all: dict[str, _Number] = defaultdict(_Number)

    async def challenge(
        self, number: str, challenge: str, entry: str, mac: bytes, sealed: bytes, at: Ms, operation: str, life: Ms
    ) -> Sending:
        here = self._all[number]
        if entry in here.sendings:
            return here.sendings[entry]
        refused = self._refused(here, at, operation)
        if refused:
            return refused
        here.sms.append(at)
        here.per_operation[operation] += 1
        here.challenge = _Challenge(challenge, mac, at, life)
        here.sendings[entry] = Sending(True, sealed)
        return here.sendings[entry]

    def _refused(self, here: _Number, at: Ms, operation: str) -> Sending | None:
        if at < here.locked_until:
            return Sending(False, wait=_seconds(here.locked_until - at), limit="locked")
        here.sms = [t for t in here.sms if at - t < DAY]
        hour = [t for t in here.sms if at - t < HOUR]
        if here.per_operation[operation] >= self._limits.sends:
            return Sending(False, limit="sends")
        if here.sms and at - here.sms[-1] < self._limits.cooldown:
            return Sending(False, wait=_seconds(self._limits.cooldown - (at - here.sms[-1])), limit="cooldown")
        most = self._limits
        if len(here.sms) >= most.jid_day:
            return Sending(False, wait=_seconds(DAY - (at - here.sms[-most.jid_day])), limit="day")
        if len(hour) >= most.jid_hour:
            return Sending(False, wait=_seconds(HOUR - (at - hour[-most.jid_hour])), limit="hour")
        return None

    async def sms_sent(self, number: str, challenge: str, entry: str) -> None:
        here = self._all[number]
        if entry in here.sendings:
            here.sendings[entry] = Sending(True, sent=True)

    async def verify(self, number: str, challenge: str, entry: str, mac: bytes, at: Ms) -> Checked:
        here = self._all[number]
        if entry not in here.verdicts:
            here.verdicts[entry] = self._judge(here, challenge, mac, at)
        return here.verdicts[entry]

    def _judge(self, here: _Number, challenge: str, mac: bytes, at: Ms) -> Checked:
        if at < here.locked_until:
            return Checked(Verdict.LOCKED, wait=_seconds(here.locked_until - at))
        live = here.challenge
        if live is None or live.spent or live.name != challenge or at - live.at > live.life:
            return Checked(Verdict.NONE)
        live.tries += 1
        here.wrong = [t for t in here.wrong if at - t < DAY] + [at]
        if hmac.compare_digest(live.mac, mac):
            here.wrong.pop()
            live.spent = True
            return Checked(Verdict.OK)
        left = self._limits.tries - live.tries
        live.spent = left <= 0
        if len(here.wrong) >= 10:
            here.wrong.clear()
            here.locked_until = at + min(30 * MINUTE * 2**here.locks, DAY)
            here.locks += 1
            return Checked(Verdict.LOCKED, wait=_seconds(here.locked_until - at))
        return Checked(Verdict.VOID if left <= 0 else Verdict.WRONG, left)

    async def try_password(self, number: str, entry: str, at: Ms) -> Tried:
        here = self._all[number]
        here.passwords = {e: t for e, t in here.passwords.items() if at - t < DAY}
        if entry not in here.passwords:
            if len(here.passwords) >= 3:
                return Tried(False, wait=_seconds(DAY - (at - max(here.passwords.values()))))
            here.passwords[entry] = at
        return Tried(True, 3 - len(here.passwords))

    async def password_right(self, number: str, entry: str) -> None:
        self._all[number].passwords.clear()

    async def password_renewed(self, number: str) -> None:
        self._all[number].passwords.clear()

    async def password_unjudged(self, number: str, entry: str) -> None:
        self._all[number].passwords.pop(entry, None)

    async def void(self, number: str, challenge: str) -> None:
        here = self._all[number]
        if here.challenge and here.challenge.name == challenge:
            here.challenge.spent = True


def _seconds(ms: Ms) -> int:
    return -(-ms // SECOND)
