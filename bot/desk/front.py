"""Whose turn it is: the bot's, the queue's, a human's. Stands before `Turns` when there is a desk; `take` is the road.

With the bot it costs nothing but the journal. In the queue the bot reads and does not change. Under a human it is
silent, except for receipts, the cards that staff ask for, and the secrets that it catches before staff see them.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from msgspec.structs import replace

from bot import dialog, gate, handoff
from bot.desk import text as said
from bot.desk.clerk import Clerk
from bot.desk.errands import Errands, told_customer, worded
from bot.desk.model import OPEN, QUEUED, Case, Change
from bot.desk.ports import Stale
from bot.links import unlinked
from bot.model import (
    AskedCode,
    AskedPassword,
    AskedSlot,
    Choice,
    Choosing,
    Confirming,
    Idle,
    Kind,
    Message,
    Ms,
    Reply,
    Session,
    Slots,
    State,
    Todo,
)
from bot.ports import Owner, Turn
from bot.turn import CHARACTERS, LINES, Taken, Turns
from bot.words import masked

TRIES = 4
AT_ONCE: Ms = 10_000  # both said so: the end was told by then
_ASKED = (dialog.CheckCode, dialog.CheckPassword, dialog.Confirmed, dialog.Resend, dialog.Leave, dialog.Ask)
_FOR_STAFF = frozenset({"desk/not_for_staff", "desk/logged_in"})  # what a customer has no use for
_RATED = (Idle, Confirming, AskedCode, AskedPassword)  # of these none takes a single digit: it answers 满意吗
_OPEN = (AskedSlot, AskedPassword, Confirming, AskedCode)


class Front:
    """Takes turns of anybody; what the pipeline asks."""

    def __init__(self, turns: Turns, clerk: Clerk, errands: Errands, limits: gate.Limits) -> None:
        self._turns = turns
        self._clerk = clerk
        self._errands = errands
        self._limits = limits

    def nearby(self, message: Message) -> Coroutine[Any, Any, Reply] | None:
        return self._turns.nearby(message)

    def static(self, message: Message) -> Reply | None:
        return self._turns.static(message)

    def stranger(self, message: Message) -> Session:
        return self._turns.stranger(message)

    def titled(self, name: str, session: Session) -> str:
        return self._turns.titled(name, session)

    def words(self, reply: Reply, session: Session, at: int) -> str:
        return self._turns.words(reply, session, at)

    async def take(self, turn: Turn) -> Taken:
        if turn.message.staff:
            return self._clerk.stale(turn) if self._too_old(turn) else await self._clerk.take(turn)
        who, _, number = turn.owner.partition("/")
        if who == "bot":
            taken = Taken(turn.session, [], "") if turn.message.by else await self._turns.take(turn)
        elif who == "queue":
            taken = await self._waiting(turn, int(number))
        elif who == "closed":
            taken = await self._after(turn, int(number))
        else:
            taken = await self._human(turn, who, int(number))
        taken.heard = taken.heard or self._heard(turn)
        return taken

    def _heard(self, turn: Turn) -> str:
        """As staff may read it."""
        return masked(said.marked(turn.message, turn.session.state, self._limits), _own(turn.session))

    def _too_old(self, turn: Turn) -> bool:
        """It may be read, and changes nothing any more (contracts.md)."""
        return turn.message.weak or turn.age > self._limits.stale

    # --- in the queue -------------------------------------------------------------------------------------------

    async def _waiting(self, turn: Turn, number: int) -> Taken:
        if turn.message.by:
            return Taken(turn.session, [], "desk")
        if dialog.fold(turn.message.text) == "0" and not self._too_old(turn):
            return await self._left(turn, number)
        if dialog.fold(turn.message.text) in said.MESSAGES and not self._too_old(turn):
            return await self._message(turn, number)
        if not self._too_old(turn):  # who writes is there, whatever became of his presence
            await self._move(number, lambda case: handoff.absent(case, turn.at, away=False))
        taken = await self._turns.take(turn)
        if taken.owner is None and not any(reply.template.startswith("desk/") for reply in taken.replies):
            await self._place(turn, number, taken)
        return taken

    async def _left(self, turn: Turn, number: int) -> Taken:
        case = await self._move(number, lambda case: handoff.leave(case, turn.at))
        epoch = case.epoch if case else turn.epoch
        session = _handed(turn.session, number)
        return Taken(session, [Reply("desk/left")], "handoff", owner=Owner("bot", epoch))

    async def _message(self, turn: Turn, number: int) -> Taken:
        """Instead of waiting on: the next line becomes a ticket."""
        case = await self._move(number, lambda case: handoff.leave(case, turn.at, handoff.MESSAGE))
        epoch = case.epoch if case else turn.epoch  # taken meanwhile: refused, and handed out again, for staff
        state = AskedSlot(Todo("handoff"), "text", at=turn.at)
        session = replace(_handed(turn.session, number), state=state)
        return Taken(session, [Reply("desk/message")], "handoff", owner=Owner("bot", epoch))

    async def _place(self, turn: Turn, number: int, taken: Taken) -> None:
        """Behind an answer, when it still fits a phone: the place in the queue is kept."""
        case = await self._errands.desk.case(number)
        if case is None or case.state not in QUEUED:
            return
        note = Reply("desk/place", ahead=await self._errands.desk.ahead(case))
        texts = [self.words(reply, taken.session, turn.at) for reply in (*taken.replies, note)]
        whole = "\n".join(filter(None, texts))
        if len(whole.splitlines()) <= LINES and len(whole) <= CHARACTERS:
            taken.replies = [*taken.replies, note]

    # --- after the end ------------------------------------------------------------------------------------------

    async def _after(self, turn: Turn, number: int) -> Taken:
        """The answer to 满意吗; anything else is the bot's, and soon after the end he may go on with who served him."""
        turn = replace(turn, session=_handed(turn.session, number))
        case = await self._errands.desk.case(number)
        ends = dialog.fold(turn.message.text) in said.ENDS
        if ends and case and case.staff and turn.at - turn.epoch <= AT_ONCE:  # to the human, who ended it just then
            return Taken(turn.session, [], "desk")
        back = Owner("bot", turn.epoch)
        stars = said.stars(turn.message.text)
        if stars and isinstance(turn.session.state, _RATED):
            rated = await self._move(number, lambda case: handoff.rate(case, stars))
            if rated:
                session = turn.session
                return Taken(session, [Reply("desk/rated", stars=stars)], "handoff", owner=back, heard=str(stars))
        taken = await self._turns.take(turn)
        taken.owner = taken.owner or back
        lost = any(reply.template in ("talk/oos", "talk/choose") for reply in taken.replies)
        if ends and lost:
            taken.session, taken.replies = replace(taken.session, state=Idle()), [told_customer("back")]
            return taken
        soon = case is not None and case.staff and turn.at - case.since <= self._errands.rules.afterwards
        if case and soon and lost:
            english = taken.session.lang == "en"
            options = (
                Choice(
                    f"Go on with {case.staff}" if english else f"继续找工号{case.staff}",
                    Todo("handoff", Slots(words=case.staff)),
                ),
                Choice("No, thanks" if english else "不用了", Todo("thanks")),
            )
            state = Choosing(options, turn.at)
            taken.session = replace(taken.session, state=state)
            taken.replies = [Reply("desk/go_on", staff=case.staff)]
        return taken

    # --- under a human ------------------------------------------------------------------------------------------

    async def _human(self, turn: Turn, staff: str, number: int) -> Taken:
        message, session = turn.message, turn.session
        step = dialog.advance(session, message.text, turn.at, self._limits)
        if message.by:
            return await self._asked_by(turn, staff, number)
        if message.kind is Kind.FORM and not isinstance(session.state, _OPEN):
            reply = Reply("desk/with_human", staff=staff)
            return Taken(session, [reply], "desk")
        if message.kind is Kind.FORM or (_for_bot(session.state, message.text) and isinstance(step, _ASKED)):
            return await self._sidebar(turn, number)
        if dialog.fold(message.text) in said.ENDS and not self._too_old(turn):
            rules = self._errands.rules
            case = await self._move(number, lambda case: handoff.end(case, turn.at, rules))
            if case:
                return Taken(_handed(session, number), [], "desk")
        heard = self._heard(turn)
        case = await self._errands.desk.case(number)
        if case:
            if turn.skipped:
                note = self._errands.told("skipped", late=turn.skipped)
                await self._errands.note(case, f"{turn.entry}-skipped", "desk", note("zh"), note("en"))
                await self._errands.copy(case, f"{turn.entry}-skipped", "desk", note)
            await self._errands.copy(case, turn.entry, "customer", heard, turn.seq)
        return Taken(_spoke(turn), [], "desk", heard=heard)

    async def _sidebar(self, turn: Turn, number: int) -> Taken:
        """What the bot asked for on behalf of staff: they see that it came and how it went, never the secret."""
        before = turn.session.state
        heard = self._heard(turn)
        taken = await self._turns.take(turn)
        taken.heard = heard
        case = await self._errands.desk.case(number)
        if case and case.state in OPEN:
            text = self._errands.to_staff(worded("desk/sidebar", _outcome(before, heard, taken)))
            await self._errands.copy(case, turn.entry, "desk", text, turn.seq)
        return taken

    async def _asked_by(self, turn: Turn, staff: str, number: int) -> Taken:
        """#办, #验: the customer gets the card, if there is one to get; else staff read why not."""
        if turn.message.by != staff:
            return Taken(turn.session, [], "desk", heard=said.ASKED)
        taken = await self._turns.take(turn)
        kept = any(reply.template in _FOR_STAFF for reply in taken.replies)
        asked = isinstance(taken.session.state, _OPEN) and not kept
        text = "\n".join(self.words(reply, taken.session, turn.at) for reply in taken.replies)
        text = masked(unlinked(text), _own(taken.session))
        case = await self._errands.desk.case(number)
        if case:
            note, short, others = (
                self._errands.to_staff(Reply("desk/card_sent", sent=asked, text=words))
                for words in (text, "" if asked else text, "" if asked else said.HIDDEN)
            )
            await self._errands.copy(case, turn.entry, "desk", note, turn.seq, page=short, others=others)
        taken.heard = said.ASKED
        if not asked:
            taken.replies, taken.session = [], turn.session
        return taken

    async def _move(self, number: int, decide: handoff.Decide) -> Case | None:
        """The case as it stands afterwards; None when there was nothing to decide any more."""
        desk = self._errands.desk
        for _ in range(TRIES):
            case = await desk.case(number)
            change: Change | None = decide(case) if case else None
            if change is None:
                return None
            try:
                moved = await desk.move(change)
            except Stale:
                continue
            await self._errands.carry_out(moved.owed)
            return moved.case
        return None


def _for_bot(state: State, text: str) -> bool:
    """Two are asking: 是 or 不用 below a card may answer staff, and agrees to nothing and drops nothing."""
    if isinstance(state, Confirming):
        return dialog.fold(text) in said.CARD
    return isinstance(state, _OPEN)


def _own(session: Session) -> str:
    return session.account.number if session.account else ""


def _handed(session: Session, number: int) -> Session:
    if number in session.handed:
        return session
    return replace(session, handed=(*session.handed[-2:], number))


def _spoke(turn: Turn) -> Session:
    return replace(turn.session, last_at=turn.at, full=turn.message.full)


def _outcome(before: State, heard: str, taken: Taken) -> dict[str, object]:
    """What the sidebar shows: which secret or word came, and how it went."""
    templates = {reply.template for reply in taken.replies}
    wrong = bool(
        templates & {"gate/password_wrong", "gate/code_wrong", "gate/code_void", "gate/code_none", "gate/locked"}
    )
    entry = next((r.data["entry"] for r in taken.replies if "entry" in r.data), None)
    secret = gate.awaits_secret(before) and heard.startswith("［")
    state = taken.session.state
    return {
        "heard": heard,
        "caught": ("code" if isinstance(before, AskedCode) else "password") if secret else "",
        "passed": secret and not wrong,
        "title": entry.operation.title if entry else "",
        "done": entry.state.value if entry else "",
        "next": "code" if isinstance(state, AskedCode) else "confirm" if isinstance(state, Confirming) else "",
    }
