"""A line of a member of staff: words for his customer, or a command; what he is answered. Read `take` first."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from bot import handoff
from bot.desk import text as said
from bot.desk.answers import TRIES, Line, about, answer, session_of
from bot.desk.errands import Errands
from bot.desk.leaders import ENGLISH, LEADS, SPOKEN, WITH_REASON, Leaders, ends_watch
from bot.desk.model import HUMAN, Case, Change, Where
from bot.desk.ports import Full, Gone, Stale
from bot.desk.seating import Seating
from bot.desk.serving import Receive, Serving
from bot.hiding import hide
from bot.model import Message, Reply
from bot.ports import Turn
from bot.turn import Taken


async def _nobody(_: Message) -> bool:
    """Nothing is on the road yet."""
    return False


class Clerk:
    """Serves the staff. `nudge` is called when somebody could be asked now; `receive` is the road itself."""

    def __init__(self, errands: Errands, nudge: Callable[[], None] = lambda: None) -> None:
        self._errands = errands
        self._desk = errands.desk
        self._rules = errands.rules
        self._nudge = nudge
        self._receive: Receive = _nobody
        self._leaders = Leaders(errands, self._change)
        self._serving = Serving(errands, self._change, self._moved, self._words, lambda message: self._receive(message))
        self._seating = Seating(errands, lambda: self._nudge())

    def attach(self, receive: Receive, nudge: Callable[[], None]) -> None:
        self._receive, self._nudge = receive, nudge

    def stale(self, turn: Turn) -> Taken:
        """Written long ago and only now delivered: what it meant then may be wrong now."""
        text = turn.message.text
        return Taken(turn.session, [answer("stale", text=text)], "desk", heard=hide(text))

    async def take(self, turn: Turn) -> Taken:
        message = turn.message
        member = self._rules.member(message.staff)
        if member is None:
            return Taken(turn.session, [Reply("desk/answer", what="no_staff")], "desk")
        number = session_of(message.to)
        command = said.command(message.text)
        lang = "en" if turn.session.lang == "en" else "zh"
        line = Line(member, number, turn.entry, turn.at, command or said.Command(""), lang)
        if line.command.name == "语言":
            return await self._speak(line, turn)
        replies = await (self._command(line, turn) if command else self._words(line, message.text))
        return Taken(turn.session, replies, "desk", heard=hide(message.text))

    async def _speak(self, line: Line, turn: Turn) -> Taken:
        """The language of his XMPP client: his answers follow his conversation, what he is told his seat."""
        lang = said.LANGUAGES.get(line.command.rest.lower(), "")
        if not lang:
            return Taken(turn.session, [answer("language")], "desk", heard=hide(turn.message.text))
        if not await self._seating.speaks(line, lang):
            return Taken(turn.session, [answer("again")], "desk", heard=hide(turn.message.text))
        session = replace(turn.session, lang=lang)
        return Taken(session, [answer("language", name=lang)], "desk", heard=hide(turn.message.text))

    # --- words for the customer ---------------------------------------------------------------------------------

    async def _words(self, line: Line, text: str) -> list[Reply]:
        case = await self._desk.case(line.number) if line.number else None
        if case is None:
            return [answer("help" if not line.number else "no_session", number=line.number, text=text)]
        mine = case.state in HUMAN and case.staff == line.staff.number
        if not mine:
            return [answer("not_yours", **about(case), text=text)]
        if await self._errands.asks_for_secret(case, text):
            await self._errands.stopped(case, line.id, line.staff.number)
            return [answer("asks_secret", text=text)]
        if case.state is Where.HOLD and (change := handoff.resume(case, line.at)):
            case = await self._moved(change) or case
        who = f"staff/{line.staff.number}"
        if not await self._errands.speak(case, line.id, who, text[: said.LONGEST]):
            return [answer("returned", text=text)]
        for watcher in self._errands.watchers(case):
            await self._errands.tell(watcher, line.id, text, case.number, who)
        return []

    # --- commands -----------------------------------------------------------------------------------------------

    async def _command(self, line: Line, turn: Turn) -> list[Reply]:
        name, rest = line.command.name, line.command.rest
        if name in LEADS and not line.staff.leads:
            return [answer("leaders_only", name=ENGLISH[name])]
        match name:
            case "":
                return [answer("unknown", text=turn.message.text)]
            case "帮助":
                return [answer("help")]
            case "闲" | "忙" | "小休" | "下班":
                return await self._seating.status(line, name, rest)
            case "队":
                return [await self._seating.queue(line.lang)]
            case "交":
                return await self._serving.hand_all(line, rest)
            case "快" if not rest:
                return [answer("canned", canned=dict(list(self._rules.canned.items())[:6]))]
            case _:
                return await self._about_case(line)

    async def _about_case(self, line: Line) -> list[Reply]:
        case, line = await self._meant(line)
        if case is None:
            return [answer("no_session", number=line.number)]
        name, rest = line.command.name, line.command.rest
        if name in WITH_REASON and not rest and not ends_watch(case, line):
            return [answer("reason", name=ENGLISH[name])]
        match name:
            case "接":
                return await self._claim(case, line)
            case "拒":
                return await self._change(
                    case, line, lambda c: handoff.pass_on(c, line.staff.number, line.at), "refused"
                )
            case "监" | "夺" | "插" | "耳" | "评":
                return await self._leaders.lead(case, line)
        if case.staff != line.staff.number or case.state not in HUMAN | {Where.WRAPUP}:
            return [answer("not_yours", **about(case), text="")]
        return await self._serving.serve(case, line)

    async def _meant(self, line: Line) -> tuple[Case | None, Line]:
        """`#接` in a session's contact means that one; elsewhere the first word names it."""
        if number := named(line):
            command = said.Command(line.command.name, " ".join(line.command.words[1:]))
            line = Line(line.staff, number, line.id, line.at, command, line.lang)
        elif not line.number and line.command.name in {"接", "拒"}:
            return await self._next(line), line
        return (await self._desk.case(line.number) if line.number else None), line

    async def _next(self, line: Line) -> Case | None:
        """The one that he is asked for, else the head of the queue."""
        queue = await self._desk.queue()
        asked = [case for case in queue if case.asked == line.staff.number]
        free = [case for case in queue if not case.asked and not case.away]
        return next(iter(asked or (free if line.command.name == "接" else [])), None)

    # --- one case -----------------------------------------------------------------------------------------------

    async def _claim(self, case: Case, line: Line) -> list[Reply]:
        me = line.staff.number
        if case.state in HUMAN and case.staff == me:
            return [answer("yours_already", number=case.number)]
        seat = await self._desk.seat(me)
        if seat is None or not seat.here:
            return [answer("not_here")]
        return await self._change(case, line, lambda c: handoff.claim(c, me, line.at), "")

    async def _change(
        self, case: Case, line: Line, decide: Callable[[Case], Change | None], what: str, **data: object
    ) -> list[Reply]:
        """Decide, move, see to what follows; decided again when it was overtaken, told when it is too late."""
        for _ in range(TRIES):
            change = decide(case)
            if change is None and case.asked and case.state in HUMAN and case.staff == line.staff.number:
                return [answer("pending", number=case.number, staff=case.asked)]
            if change is None:
                return [answer("too_late", **about(case))]
            try:
                moved = await self._desk.move(change)
            except Gone:
                return [answer("nobody", **data) if "staff" in data else answer("not_here")]
            except Full:
                return [answer("full", **data)]
            except Stale:
                case = await self._desk.case(case.number) or case
                continue
            await self._errands.carry_out(moved.owed)
            await self._stayed(line)
            self._nudge()
            return [answer(what, number=case.number, **data)] if what else []
        return [answer("too_late", **about(case))]

    async def _stayed(self, line: Line) -> None:
        """Who does something did not miss an offer."""
        seat = await self._desk.seat(line.staff.number)
        if seat and seat.misses:
            await self._seating.sit(replace(seat, misses=0))

    async def _moved(self, change: Change) -> Case | None:
        try:
            moved = await self._desk.move(change)
        except (Stale, Full):
            return None
        await self._errands.carry_out(moved.owed)
        return moved.case


def named(line: Line) -> int:
    """Which session the first word names: `5` or `s5`; 0 = none. Pure.

    In a session's contact a number may begin what is said (`#插 5 分钟内会有短信`): there only `s5` names another, or
    a number where no words follow or are asked for. Its own number names itself (`#监 17 质检`).
    """
    name, words = line.command.name, line.command.words
    found = re.fullmatch(r"(s?)([0-9]{1,12})", words[0]) if words else None
    if found is None or name not in LEADS | {"接", "拒"}:
        return 0
    number = int(found[2])
    alone = len(words) == 1 and name in WITH_REASON - SPOKEN
    itself = number == line.number and not (name == "评" and len(words) == 1)
    return number if found[1] or not line.number or itself or alone or name in {"接", "拒"} else 0
