"""What team leaders do: watch and leave off, whisper, barge in, take over, score; each stands in the audit, all but a
whisper leave a note with its reason."""

from __future__ import annotations

from msgspec.structs import replace

from bot import handoff
from bot.desk.answers import Line, Making, about, answer
from bot.desk.errands import Errands
from bot.desk.model import HUMAN, OPEN, Case, Change
from bot.desk.transcript import transcript
from bot.errors import Unavailable
from bot.model import Reply

LEADS = frozenset({"监", "耳", "插", "夺", "评"})
WITH_REASON = frozenset({"监", "插", "夺"})  # each is noted with its reason
UNWATCH = "停监"  # as the audit has it
SPOKEN = frozenset({"耳", "插"})  # words to who serves, and to the customer
CHINESE = {"监": "旁看", "插": "插话", "夺": "接管", "评": "质检"}
ENGLISH = {"监": "watch", "耳": "whisper", "插": "barge", "夺": "seize", "评": "rate"}  # as they may be typed, too


def ends_watch(case: Case, line: Line) -> bool:
    """`#监` again, without a reason, from who watches; with one it shows him the conversation again."""
    return line.command.name == "监" and not line.command.rest and line.staff.number in case.watchers


class Leaders:
    """`make` decides and moves, as for everybody else."""

    def __init__(self, errands: Errands, make: Making) -> None:
        self._errands = errands
        self._desk = errands.desk
        self._change = make

    async def lead(self, case: Case, line: Line) -> list[Reply]:
        me, rest, name = line.staff.number, line.command.rest, line.command.name
        if ends_watch(case, line):
            return await self._unwatch(case, line)
        if case.state not in OPEN and name != "评":
            return [answer("too_late", **about(case))]
        if name == "夺" and not ((seat := await self._desk.seat(me)) and seat.here):
            return [answer("not_here")]
        if name in SPOKEN and (not rest or case.state not in HUMAN):
            return [answer("whisper_what") if name == "耳" else answer("too_late", **about(case))]
        if name == "插" and await self._errands.asks_for_secret(case, rest):
            await self._errands.stopped(case, line.id, me)
            return [answer("asks_secret", text=rest)]
        if not await self._written_down(case, line, name):
            return [answer("audit_away")]
        if name != "耳":
            await self._errands.note(
                case, line.id, f"note/{me}", f"{CHINESE[name]}：{rest}", f"{ENGLISH[name]}: {rest}"
            )
        match name:
            case "监":
                log = await self._errands.sessions.journal(case.conversation, limit=10)
                text = transcript(log, line.lang, 600, others=True)
                return await self._watch(case, line) or [answer("watching", number=case.number, text=text)]
            case "耳":
                whisper = self._errands.told("whisper", staff=me, why=rest)
                await self._errands.tell(case.staff, line.id, whisper, case.number, about="aside")
                return [answer("whispered", staff=case.staff)]
            case "插":
                return await self._barge(case, line)
            case "夺":
                return await self._change(case, line, lambda c: handoff.seize(c, me, rest, line.at), "")
        return [answer("rated", number=case.number)]

    async def _written_down(self, case: Case, line: Line, what: str) -> bool:
        """What cannot be is not done."""
        try:
            await self._errands.audit(line.staff.number, what, case, line.command.rest)
        except Unavailable as error:
            if error.what == "redis":
                raise
            return False
        return True

    async def _unwatch(self, case: Case, line: Line) -> list[Reply]:
        me = line.staff.number
        if not await self._written_down(case, line, UNWATCH):
            return [answer("audit_away")]
        await self._errands.note(case, line.id, f"note/{me}", "停止旁看", "stopped watching")

        def decide(c: Case) -> Change:
            return Change(c, replace(c, watchers=tuple(one for one in c.watchers if one != me)))

        return await self._change(case, line, decide, "unwatched")

    async def _watch(self, case: Case, line: Line) -> list[Reply]:
        """[] once he watches."""

        def decide(c: Case) -> Change:
            return Change(c, replace(c, watchers=tuple(dict.fromkeys((*c.watchers, line.staff.number)))))

        return await self._change(case, line, decide, "")

    async def _barge(self, case: Case, line: Line) -> list[Reply]:
        """One line to the customer, in the name of the leader; who owns the conversation reads it, too."""
        me, rest = line.staff.number, line.command.rest
        text = self._errands.said("barge", case.card.lang, staff=me, why=rest)
        if not await self._errands.speak(case, f"{line.id}-barge", f"staff/{me}", text):
            return [answer("returned", text=rest)]
        await self._errands.tell(case.staff, line.id, text, case.number, f"staff/{me}")
        return [answer("barged", number=case.number)]
