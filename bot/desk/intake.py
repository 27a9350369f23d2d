"""From the bot into the queue: who may come, with which card, and what he is told."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot import gate, handoff
from bot.desk import queue
from bot.desk.errands import Errands, told_customer
from bot.desk.model import HUMAN, Card, Case
from bot.desk.text import marked
from bot.errors import Refused, Unavailable
from bot.hiding import hide
from bot.model import Account, Brand, Ms, Reply, Session
from bot.ports import Owner, Turn
from bot.turn import Handed, Wish
from bot.words import masked

MOMENT = 0.3  # seconds that a card waits for the operator
SILENT: Ms = 3_600_000
_LOOP = 2  # hand-overs that came to nothing: the third is a ticket


class Asking:
    """Implements `turn.Handing`: from the bot into the queue."""

    def __init__(self, errands: Errands, limits: gate.Limits) -> None:
        self._errands = errands
        self._limits = limits

    async def hand_over(self, turn: Turn, session: Session, wish: Wish) -> Handed | None:
        errands, rules = self._errands, self._errands.rules
        seats = rules.serving(await errands.desk.seats())
        there = await errands.desk.of(turn.conversation)
        if there is None and not rules.on_duty(seats, turn.at):
            return None
        if there is None and await self._in_vain(session, turn.at):
            return None
        if there and there.state in HUMAN and there.owner == turn.owner:
            return None  # he is served already
        case = there or await self._open(turn, session, wish)
        again, busy = there is not None, queue.busy(seats)
        if case.state in HUMAN:  # a human came in between: this turn is handed out again, for him
            await self._found_again(case, turn)
            return Handed(Reply("desk/queued", again=True, ahead=0, minutes=1, reason="", busy=busy), None)
        ahead = await errands.desk.ahead(case)
        minutes = queue.minutes(ahead, seats, rules)
        reply = Reply("desk/queued", again=again, ahead=ahead, minutes=minutes, reason=wish.reason, busy=busy)
        return Handed(reply, Owner(case.owner, case.epoch))

    async def _found_again(self, case: Case, turn: Turn) -> None:
        """After a day of silence the conversation forgot who owns it; the case did not.

        Not a moment after a change of hands: whoever made it has yet to tell the customer.
        """
        if turn.at - case.since < SILENT:
            return
        owner = Owner(case.owner, case.epoch)
        if await self._errands.sessions.own(case.conversation, owner) is not None:
            word = told_customer("yours_now", {"staff": case.staff})
            await self._errands.to_customer(case, f"{turn.entry}-again", word)

    async def _open(self, turn: Turn, session: Session, wish: Wish) -> Case:
        errands, account = self._errands, session.account
        brand = account.brand.value if account else ""
        prefer = wish.prefer if errands.rules.member(wish.prefer) else ""
        tried = tuple(name for name in session.wishes if name != wish.intent)
        skilled = wish.intent if wish.intent != "handoff" else (tried[-1] if tried else "")
        card = Card(
            jid=turn.message.sender,
            bot=turn.message.to,
            lang=session.lang or "zh",
            number=account.number if account else "",
            brand=brand,
            level=await self._level(account),
            logged_in=gate.logged_in(session),
            asked=self._asked(turn, wish),
            score=round(wish.score),
            tried=tried,
            operation=wish.parked,
            reason=wish.reason,
        )
        case = Case(
            turn.conversation,
            card,
            skill=errands.rules.skill(skilled, brand),
            urgency=wish.urgency,
            vip=brand == "gotone",
            at=turn.at,
            since=turn.at,
            prefer=prefer or await self._last(session),
        )
        moved, _ = await errands.desk.open(case)
        return moved.case

    def _asked(self, turn: Turn, wish: Wish) -> str:
        """In words; "" when what he typed was a secret, or taken for one. The queue shows it to everybody."""
        if wish.reason == "secrets" or gate.awaits_secret(turn.session.state):
            heard = "" if wish.reason == "secrets" else marked(turn.message, turn.session.state, self._limits)
            return "" if heard.startswith("［") else heard[:60]
        return masked(hide(turn.message.text[:60]), turn.session.account.number if turn.session.account else "")

    async def _level(self, account: Account | None) -> str:
        """In the club; "" when the operator does not say so in a moment: nobody waits for it."""
        if account and account.brand is Brand.GOTONE:
            with suppress(Unavailable, Refused, TimeoutError):
                async with asyncio.timeout(MOMENT):
                    return (await self._errands.hall.club(account)).level
        return ""

    async def _last(self, session: Session) -> str:
        """Who served him last, if that is not long ago."""
        last = await self._errands.desk.case(session.handed[-1]) if session.handed else None
        return last.staff if last else ""

    async def _in_vain(self, session: Session, at: int) -> bool:
        """Twice in ten minutes nobody could help: a third try would be a loop."""
        cases = [await self._errands.desk.case(number) for number in session.handed[-_LOOP:]]
        failed = [c for c in cases if c and c.code in handoff.VAIN and at - c.at <= self._errands.rules.loop]
        return len(failed) >= _LOOP
