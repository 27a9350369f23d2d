"""What whoever serves a customer does with the session: end it, hand it on, note, look up, ask the bot for a card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot import handoff
from bot.desk.answers import Line, Making, about, answer
from bot.desk.errands import Errands
from bot.desk.model import Case, Change, Where
from bot.desk.transcript import transcript
from bot.errors import Refused, Unavailable
from bot.hiding import hide
from bot.model import Message, Reply

HANDED = frozenset({"transferring", "requeued"})  # answers
Receive = Callable[[Message], Awaitable[bool]]
Say = Callable[[Line, str], Awaitable[list[Reply]]]
Moved = Callable[[Change], Awaitable[Case | None]]


class Serving:
    """`make` decides and moves, as for everybody; `moved` only moves; `say` are words for the customer, `ask` for the
    bot, in the customer's own conversation."""

    def __init__(self, errands: Errands, make: Making, moved: Moved, say: Say, ask: Receive) -> None:
        self._errands = errands
        self._desk = errands.desk
        self._rules = errands.rules
        self._make = make
        self._moved = moved
        self._say = say
        self._ask = ask

    async def serve(self, case: Case, line: Line) -> list[Reply]:
        rest, rules = line.command.rest, self._rules
        match line.command.name:
            case "结":
                return await self._end(case, line)
            case "还":
                return await self._make(case, line, lambda c: handoff.end(c, line.at, rules, back=True), "given_back")
            case "挂":
                if not (rest.isascii() and rest.isdigit() and 1 <= int(rest) <= 30):
                    return [answer("hold_minutes")]
                return await self._make(case, line, lambda c: handoff.hold(c, int(rest), line.at), "held", minutes=rest)
            case "转":
                return await self._transfer(case, line)
            case "查":
                return [Reply("talk/raw", text=self._errands.card(case, line.at - case.at)(line.lang))]
            case "史":
                count = int(rest) if rest.isascii() and rest.isdigit() else 10
                log = await self._errands.sessions.journal(case.conversation, limit=min(count, 60))
                if case.state is Where.WRAPUP:  # what the customer says since is not said to him
                    log = [one for one in log if one.lines[0].at <= case.since or one.lines[0].who.startswith("note")]
                return [answer("history", text=transcript(log, line.lang))]
            case "记":
                return await self._note(case, line)
            case "快":
                return await self._canned(line)
            case "单":
                return await self._ticket(case, line)
            case "验" | "办":
                return await self._ask_bot(case, line)
        return [answer("help")]

    async def _end(self, case: Case, line: Line) -> list[Reply]:
        words, codes = line.command.words, self._rules.codes
        if not words or (codes and words[0] not in codes):
            return [answer("codes", codes=dict(list(codes.items())[:6]))]
        code, note = words[0], " ".join(words[1:])

        def decide(c: Case) -> Change | None:
            if c.state is Where.WRAPUP:
                return handoff.wrap_up(c, line.at, code, note)
            return handoff.end(c, line.at, self._rules, code=code, note=note)

        return await self._make(case, line, decide, "ended", wrapped=code)

    async def _transfer(self, case: Case, line: Line) -> list[Reply]:
        words = line.command.words
        if not words:
            return [answer("transfer_whom")]
        to, why = words[0], hide(" ".join(words[1:]))
        if to in self._rules.skills:
            told = await self._make(
                case, line, lambda c: handoff.requeue(c, line.at, skill=to, why=why), "requeued", skill=to
            )
        elif cannot := await self._cannot_be_asked(to, line):
            return [answer(cannot, staff=to)]
        else:
            told = await self._make(
                case, line, lambda c: handoff.transfer(c, to, why, line.at, self._rules), "transferring", staff=to
            )
        if why and told and told[0].data.get("what") in HANDED:
            note = f"转接 {to}：{why}", f"Transfer to {to}: {why}"
            await self._errands.note(case, f"{line.id}-why", f"note/{line.staff.number}", *note)
        return told

    async def _cannot_be_asked(self, staff: str, line: Line) -> str:
        """What to answer; "" = he can take what he is handed."""
        if staff == line.staff.number:
            return "oneself"
        seat = await self._desk.seat(staff)
        return "" if self._rules.member(staff) and seat and seat.at_work else "nobody"

    async def hand_all(self, line: Line, rest: str) -> list[Reply]:
        to = rest.split()[0] if rest else ""
        if not to:
            return [answer("shift_whom")]
        if cannot := await self._cannot_be_asked(to, line):
            return [answer(cannot, staff=to)]
        me = await self._desk.seat(line.staff.number)
        asked = 0
        for number in sorted(me.holds if me else ()):
            case = await self._desk.case(number)
            change = case and handoff.transfer(case, to, "", line.at, self._rules, say="shift")
            if change and change.before.staff == line.staff.number and await self._moved(change):
                asked += 1
        return [answer("handing", count=asked, staff=to)]

    async def _note(self, case: Case, line: Line) -> list[Reply]:
        if not line.command.rest:
            return [answer("note_what")]
        await self._errands.note(case, line.id, f"note/{line.staff.number}", hide(line.command.rest))
        return [answer("noted")]

    async def _canned(self, line: Line) -> list[Reply]:
        found = self._rules.canned.get(line.command.rest.lower(), "")
        if not found:
            return [answer("canned", canned=dict(list(self._rules.canned.items())[:6]))]
        return await self._say(line, found)

    async def _ticket(self, case: Case, line: Line) -> list[Reply]:
        if not line.command.rest:
            return [answer("note_what")]
        try:
            key = f"{case.conversation}.{line.id}"
            ticket = await self._errands.ticket(case, hide(line.command.rest), key)
        except Refused:
            return [answer("no_ticket")]
        except Unavailable as error:
            if error.what == "redis":
                raise
            return [answer("no_ticket")]
        what = hide(line.command.rest)
        note = f"工单 {ticket}：{what}", f"Ticket {ticket}: {what}"
        await self._errands.note(case, line.id, f"note/{line.staff.number}", *note)
        return [answer("ticket", ticket=ticket)]

    async def _ask_bot(self, case: Case, line: Line) -> list[Reply]:
        """A line in the customer's own conversation: only there can a card, a password or a code be asked for."""
        wish = line.command.rest if line.command.name == "办" else "登录"
        if not wish:
            return [answer("offer_what")]
        if case.state is Where.WRAPUP:
            return [answer("too_late", **about(case))]
        card = case.card
        said_whole = wish == "登录" or wish[:2] in {"开通", "退订", "兑换", "办理", "取消"}
        verb = "" if said_whole else "subscribe to " if wish.isascii() else "开通"
        await self._ask(
            Message(
                sender=card.jid,
                full=card.jid,
                text=f"{verb}{wish}",
                id=f"desk-{line.id}",
                to=card.bot,
                lang=card.lang,
                by=line.staff.number,
            )
        )
        return []
