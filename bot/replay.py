"""`hallbot replay SESSION`: what a customer typed, masked, through today's rules, in memory; nothing is sent.

Secrets that were marks are typed as the built-in test operator knows them; sums and names are that operator's own, so
what is compared is what was understood and which answer was given, not its figures.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.adapters.memory.hall import NUMBERS
from bot.adapters.redis import Link, RedisSessions
from bot.adapters.seal import AesSeal
from bot.adapters.watch import configure
from bot.admin import records_of
from bot.config import Config, load
from bot.desk.model import Logged, Seat, Status
from bot.desk.text import CODE, PASSWORD
from bot.errors import ConfigError, Unavailable
from bot.model import SHANGHAI, Brand, Ms
from bot.settings import redis_url
from bot.stage import MemoryStage, VirtualClock
from bot.wiring import Words

BEFORE: Ms = 30 * 60_000  # what was said before a human was asked for belongs to the session
AFTER: Ms = 10 * 60_000
HUMAN = "desk"  # the intent of a line that a human answered


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the customer. `before` and `after`: intent and template; "" = a human answered."""

    at: Ms
    text: str = field(repr=False)
    before: tuple[str, str]
    after: tuple[str, str] | None = None  # None = not played

    @property
    def differs(self) -> bool:
        return self.after is not None and self.after != self.before


def steps_of(log: Sequence[Logged]) -> list[Step]:
    """What was typed and what was made of it, in order."""
    found = []
    for one in log:
        first, last = one.lines[0], one.lines[-1]
        if first.who == "customer":
            template = last.about if last.who == "bot" else ""
            found.append(Step(first.at, first.text, (first.about, template)))
    return found


async def play(steps: Sequence[Step], config: Config, words: Words, brand: str) -> list[Step]:
    """The same lines with the same pauses; under a human the clock goes on."""
    number = next((number for of, number in NUMBERS.items() if of.value == brand), NUMBERS[Brand.GOTONE])
    clock = VirtualClock(steps[0].at if steps else 0)
    stage = MemoryStage(config, number, clock=clock, words=words)
    await stage.hall.desk.sit(Seat("0000", Status.FREE, since=clock()))  # somebody is there, as then
    played: list[Step] = []
    for step in steps:
        clock.now = max(clock.now, step.at)
        if step.before[0] == HUMAN:
            if not played or played[-1].after is not None:
                await stage.say("0")  # out of the queue: the bot has it again when the human is done
            played.append(step)
            continue
        await stage.say(await _typed(step.text, stage))
        log = await stage.hall.sessions.journal(stage.hall.sessions.conversation(stage.jid))
        now = steps_of(log[-1:])
        played.append(Step(step.at, step.text, step.before, now[0].before if now else ("", "")))
    return played


async def _typed(text: str, stage: MemoryStage) -> str:
    if text == PASSWORD:
        return stage.password
    if text == CODE:
        sms = await stage.sms()
        found = re.search(r"(?<!\d)(\d{6,10})(?!\d)", sms[-1]) if sms else None
        return found[1] if found else text
    return text


def told(steps: Sequence[Step], suppressed: Sequence[str]) -> list[str]:
    """A line for each; `≠` where today's rules would do otherwise."""
    lines = [_line(step) for step in steps]
    lines += [f"- 没有发出（会话已归他人）：{' '.join(text.split())}" for text in suppressed]
    differs, held = sum(step.differs for step in steps), len(suppressed)
    lines.append(f"{len(steps)} lines, {differs} would be answered otherwise, {held} replies were suppressed")
    return lines


def _line(step: Step) -> str:
    what = "（人工）" if step.after is None else _named(step.before)
    if step.differs and step.after:
        what += f" → {_named(step.after)}"
    at = datetime.fromtimestamp(step.at / 1000, SHANGHAI)
    return f"{'≠' if step.differs else ' '} {at:%H:%M:%S}  {step.text}    {what}"


def _named(what: tuple[str, str]) -> str:
    return " ".join(filter(None, what)) or "—"


async def replay(path: Path, session: int) -> list[str]:
    """The report on a session. ConfigError when nothing is known of it."""
    configure(logging.WARNING)
    config = load(path)
    async with records_of(path) as records:
        past = await records.history.session(session)
        if past is None:
            raise ConfigError(f"there is no session {session}, or it was forgotten")
        said = await records.history.said(past.conversation, limit=500)
        await records.history.audit("command line", "replay", str(session), "", past.card.number)
    until = (past.over or past.at) + AFTER
    log = [one for one in said if past.at - BEFORE <= one.lines[0].at <= until]
    steps = await play(steps_of(log), config, Words.of(config), past.card.brand)
    return told(steps, await _suppressed(config, past.conversation))


async def _suppressed(config: Config, conversation: str) -> list[str]:
    """Redis keeps them for a day; without Redis the rest is told all the same."""
    seal = AesSeal({n: config.key(ref) for n, ref in config.secrets.sealing.items()}, config.secrets.current)
    link = Link(redis_url(config))
    sessions = RedisSessions(
        link, seal, key=config.key(config.secrets.ids), instance="replay", partitions=config.redis.partitions
    )
    try:
        return [out.text for out in await sessions.suppressed(conversation)]
    except Unavailable:
        return []
    finally:
        await link.close()
