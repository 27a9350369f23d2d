"""The second factor as security.md says it, in plain Python: what the one in Redis is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.adapters.redis import CodeLimits
from bot.model import Ms
from bot.ports import Checked, Sending, Verdict

HOUR = 3_600_000
DAY = 24 * HOUR


def seconds(ms: Ms) -> int:
    return -(-ms // 1000)


@dataclass
class Live:
    challenge: str
    operation: str
    mac: bytes
    until: Ms


@dataclass
class Oracle:
    """One subscriber number."""

    limits: CodeLimits
    live: Live | None = None
    asked: list[Ms] = field(default_factory=list)
    wrong: list[Ms] = field(default_factory=list)
    sends: dict[str, int] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    sendings: dict[str, Sending] = field(default_factory=dict)
    verdicts: dict[str, Checked] = field(default_factory=dict)
    locked: Ms = 0
    level: int = 0

    def challenge(
        self, challenge: str, entry: str, mac: bytes, sealed: bytes, at: Ms, operation: str, life: Ms
    ) -> Sending:
        if entry not in self.sendings:
            refused = self._refused(operation, at)
            self.sendings[entry] = refused or Sending(True, sealed)
            if refused is None:
                self.asked.append(at)
                self.sends[operation] = self.sends.get(operation, 0) + 1
                self.live = Live(challenge, operation, mac, at + life)
        return self.sendings[entry]

    def _refused(self, operation: str, at: Ms) -> Sending | None:
        if at < self.locked:
            return Sending(False, wait=seconds(self.locked - at), limit="locked")
        if self.sends.get(operation, 0) >= self.limits.sends or self.tries.get(operation, 0) >= self.limits.tries:
            return Sending(False, limit="sends")
        windows: list[tuple[int, Ms, Literal["day", "hour", "cooldown"]]] = [
            (self.limits.day_sms, DAY, "day"),
            (self.limits.hour_sms, HOUR, "hour"),
            (1, self.limits.cooldown, "cooldown"),
        ]
        for most, window, limit in windows:
            recent = [then for then in self.asked if at - then < window]
            if len(recent) >= most:
                return Sending(False, wait=seconds(recent[-most] + window - at), limit=limit)
        return None

    def sms_sent(self, entry: str) -> None:
        if self.sendings[entry].allowed:
            self.sendings[entry] = Sending(True, sent=True)

    def void(self, challenge: str) -> None:
        if self.live is not None and self.live.challenge == challenge:
            self.live = None

    def verify(self, challenge: str, entry: str, mac: bytes, at: Ms) -> Checked:
        if entry not in self.verdicts:
            self.verdicts[entry] = self._judge(challenge, mac, at)
        return self.verdicts[entry]

    def _judge(self, challenge: str, mac: bytes, at: Ms) -> Checked:
        if at < self.locked:
            return Checked(Verdict.LOCKED, wait=seconds(self.locked - at))
        live = self.live
        if live is None or live.challenge != challenge or at > live.until:
            return Checked(Verdict.NONE)
        self.tries[live.operation] = tries = self.tries.get(live.operation, 0) + 1
        if mac == live.mac:
            self.live = None
            return Checked(Verdict.OK)
        self.wrong = [then for then in self.wrong if at - then < DAY] + [at]
        if len(self.wrong) >= self.limits.wrong:
            self.live = None
            return self._lock(at)
        if tries >= self.limits.tries:
            self.live = None
            return Checked(Verdict.VOID)
        return Checked(Verdict.WRONG, self.limits.tries - tries)

    def _lock(self, at: Ms) -> Checked:
        if at > self.locked + DAY:
            self.level = 0
        length = min(self.limits.lock * 2**self.level, self.limits.lock_most)
        self.level += 1
        self.locked = at + length
        return Checked(Verdict.LOCKED, wait=seconds(length))
