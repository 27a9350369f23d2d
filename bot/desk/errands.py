"""What follows from a change at the desk: words to the customer, words to staff, a ticket. Safe to do twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from bot.desk import asking
from bot.desk.model import Card, Case, Owed, Own, Say, Spoken, Tell, told_to
from bot.desk.ports import Desk
from bot.desk.rules import Rules
from bot.desk.text import HIDDEN
from bot.desk.transcript import transcript
from bot.errors import Refused, Unavailable
from bot.model import Brand, Ms, Outgoing, Reply, Session
from bot.ports import Hall, Minting, Owner, Renderer, Sessions
from bot.tongue import Tongues
from bot.words import mask

CONTACT = "desk"  # the desk's own contact: presence, queue, what belongs to no session
LATELY = 4  # entries of the journal, to which 请发给我 may refer
SHOWN = 20  # lines of the transcript in the hand-over package
Send = Callable[[Sequence[Outgoing]], None]
Audit = Callable[[str, str, str, str, str], Awaitable[None]]  # staff, what, session, reason, subscriber number
In = Callable[[str], str]  # zh or en -> the same in that language


class Errands:
    """Carries out what a change leaves behind. `domain` is the desk's: s17@desk.example."""

    def __init__(
        self,
        *,
        desk: Desk,
        sessions: Sessions,
        hall: Hall,
        render: Renderer,
        mint: Minting,
        rules: Rules,
        domain: str,
        title: Callable[[str, str], str],
        tongues: Tongues,
    ) -> None:
        self.desk = desk
        self.sessions = sessions
        self.rules = rules
        self.domain = domain
        self.mint = mint
        self.title = title  # of an intent, in a language
        self._tongues = tongues
        self.hall = hall
        self._render = render
        self._send: Send = lambda _: None
        self._told: Callable[[str], None] = lambda _: None
        self._audit: Audit | None = None

    def attach(self, send: Send) -> None:
        self._send = send

    def ring(self, told: Callable[[str], None]) -> None:
        """`told` is told whose feed has news; it must return at once."""
        self._told = told

    def audited_by(self, audit: Audit) -> None:
        """Where it is written down who did what."""
        self._audit = audit

    async def audit(self, staff: str, what: str, case: Case, reason: str = "") -> None:
        """Unavailable("database") when it cannot be written down."""
        if self._audit:
            await self._audit(staff, what, str(case.number), reason, case.card.number)

    # --- names --------------------------------------------------------------------------------------------------

    def address(self, staff: str) -> str:
        """Whose conversation a member of staff's lines and feed are: the same in every client."""
        return told_to(staff, self.domain)

    def feed(self, staff: str) -> str:
        return self.sessions.conversation(self.address(staff))

    def asides(self, staff: str, number: int) -> str:
        return self.sessions.conversation(told_to(staff, self.domain, number))

    def contact(self, number: int = 0) -> str:
        return f"s{number}@{self.domain}" if number else f"{CONTACT}@{self.domain}"

    # --- what is owed -------------------------------------------------------------------------------------------

    async def carry_out(self, owed: Sequence[Owed]) -> None:
        """In order; what cannot be done now (Unavailable) stays owed, for whoever looks next."""
        done = []
        try:
            for one in owed:
                await self._one(one)
                done.append(one.id)
        finally:
            await self.desk.done(done)

    async def _one(self, owed: Owed) -> None:
        match owed.effect:
            case Own():
                await self._own(owed, owed.effect)
            case Say(say, data):
                await self.to_customer(owed.case, owed.id, told_customer(say, data))
            case Tell():
                await self._tell(owed, owed.effect)

    async def _own(self, owed: Owed, own: Own) -> None:
        case, data, say = owed.case, dict(own.data), own.say
        if own.ticket:
            data["ticket"] = await self._ticket(case, owed.id)
            say = say if data["ticket"] else "nobody"
        owner = Owner(own.owner or case.owner, case.epoch)
        spoken, outs = [], []
        if say:
            out = self._out(case, owed.id, told_customer(say, data))
            spoken, outs = [Spoken("desk", out.text, case.since, case.number)], [out]
        seq = await self.sessions.own(case.conversation, owner, spoken, outs)
        if seq is None:
            return  # it went on to others meanwhile
        self._send(outs)
        if own.brief:
            await self._brief(case, owed.id, own.brief, seq)

    async def _ticket(self, case: Case, id: str) -> str:
        card = case.card
        text = f"{card.reason} {card.asked} {card.operation}".strip()
        try:
            return await self.hall.ticket(card.number, text, "handoff", f"{case.conversation}.{id}")
        except Refused:
            return ""
        except Unavailable as error:
            if error.what == "redis":
                raise
            return ""  # he is not kept waiting for the operator

    async def _brief(self, case: Case, id: str, staff: str, seq: int) -> None:
        """The card, then what was said up to the change of hands; everything later comes as it is said."""
        log = [one for one in await self.sessions.journal(case.conversation, limit=SHOWN) if one.seq < seq]
        waited = max(0, case.since - case.at)
        card = self.card(case, waited, len(log))
        await self.tell(staff, f"{id}-card", card, case.number, about="brief")
        if log:
            await self.tell(staff, f"{id}-log", lambda lang: transcript(log, lang), case.number, about="brief")

    async def _tell(self, owed: Owed, tell: Tell) -> None:
        told = self.told(tell.say, **tell.data)
        card = self.card(owed.case, max(0, owed.case.asked_at - owed.case.at))

        def text(lang: str) -> str:
            return f"{told(lang)}\n{card(lang)}" if tell.card else told(lang)

        await self.tell(tell.staff, owed.id, text, owed.case.number, about="offer" if tell.card else "notice")

    def named(self, words: str, lang: str) -> str:
        """A name of the operator's in the language of whoever reads it."""
        return self._tongues[lang].name(words)

    # --- words --------------------------------------------------------------------------------------------------

    def words(self, reply: Reply, lang: str = "zh") -> str:
        return self._render(reply, lang=lang, brand=None, session=Session(), at=0)

    def told(self, what: str, **data: str | int) -> In:
        return self.to_staff(worded("desk/told", {**_BLANK, **data, "what": what}))

    def to_staff(self, reply: Reply) -> In:
        """What the desk tells staff, in the language of whoever reads it."""
        return lambda lang: self.words(reply, lang)

    def said(self, what: str, lang: str = "zh", **data: str | int) -> str:
        return self.words(told_customer(what, data), lang)

    def card(self, case: Case, waited: Ms, lines: int = 0) -> In:
        """Five lines: who, what for, what was tried, what stays open, how long he waited, and which lines follow."""
        card = case.card

        def words(lang: str) -> str:
            reply = Reply(
                "desk/card",
                number=case.number,
                card=card,
                level=self.named(card.level, lang),
                operation=self.named(card.operation, lang),
                line=mask(card.number) if card.number else "",
                brand=self._tongues[lang].brands.get(card.brand, ""),
                tried=[self.title(name, lang) for name in dict.fromkeys(card.tried)],
                urgency=case.urgency.value,
                waited=max(1, waited // 1000),
                lines=lines,
            )
            return self.words(reply, lang)

        return words

    def _out(self, case: Case, id: str, reply: Reply) -> Outgoing:
        card = case.card
        return Outgoing(
            id=self.mint.reply(case.conversation, f"desk-{id}", 0),
            conversation=case.conversation,
            to=card.jid,
            sender=card.bot,
            text=self._render(reply, lang=card.lang, brand=_brand(card), session=Session(), at=case.since),
            lang=card.lang or "zh",
        )

    async def to_customer(self, case: Case, id: str, reply: Reply) -> bool:
        """As its owner; False: somebody else owns it by now, and nothing was said."""
        out = self._out(case, id, reply)
        return await self.speak(case, id, "desk", out.text)

    async def speak(self, case: Case, id: str, who: str, text: str) -> bool:
        """A line of `who` to the customer, fenced by the owner of `case`."""
        card = case.card
        out = Outgoing(
            self.mint.reply(case.conversation, f"desk-{id}", 0),
            case.conversation,
            card.jid,
            card.bot,
            text,
            lang=card.lang or "zh",
        )
        owner = Owner(case.owner, case.epoch)
        at = await self.desk.now()
        seq = await self.sessions.speak(case.conversation, owner, id, [Spoken(who, text, at, case.number)], [out])
        if seq:
            self._send([out])
        return seq is not None

    async def tell(
        self,
        staff: str,
        id: str,
        text: str | In,
        number: int = 0,
        who: str = "desk",
        about: str = "copy",
        behind: int = 0,
        page: In | None = None,
    ) -> None:
        """Into the feed of a member of staff, and to the XMPP client he sits at, if he does.

        `page`: what his page shows instead, which has the rest of the conversation beside it.
        `about`: offer, notice (of the desk), brief (the hand-over package), aside (of a session, for him alone), copy.
        """
        feed, seat = self.feed(staff), await self.desk.seat(staff)
        shown = page or text
        words, english = (shown, "") if isinstance(shown, str) else (shown("zh"), shown("en"))
        spoken = [Spoken(who, words, await self.desk.now(), number, about, english, behind)]
        outs = []
        if seat and seat.xmpp and (member := self.rules.member(staff)):
            reply = self.mint.reply(feed, f"desk-{id}", 0)
            said = text if isinstance(text, str) else text(seat.lang or "zh")
            outs = [Outgoing(reply, feed, member.jid, self.contact(number), said)]
        if about == "aside":  # before the feed, which rings
            await self.sessions.speak(self.asides(staff, number), None, f"{staff}-{id}", spoken)
        if await self.sessions.speak(feed, None, f"{staff}-{id}", spoken, outs):
            self._send(outs)
            self._told(staff)

    async def note(self, case: Case, id: str, who: str, text: str, english: str = "") -> None:
        """Into the journal, for staff; the customer never reads it."""
        at = await self.desk.now()
        await self.sessions.speak(case.conversation, None, id, [Spoken(who, text, at, case.number, "", english)])

    async def copy(
        self,
        case: Case,
        id: str,
        who: str,
        text: str | In,
        behind: int = 0,
        page: In | None = None,
        others: In | None = None,
    ) -> None:
        """A line of the conversation, to its owner and to who watches: those do not read what the bot tells of him.

        `others`: what they read instead.
        """
        about = "aside" if who == "desk" else "copy"
        if case.staff:
            await self.tell(case.staff, id, text, case.number, who, about, behind, page)
        for staff in self.watchers(case):
            shown = others or (HIDDEN if who == "bot" else text)
            await self.tell(staff, id, shown, case.number, who, about, behind)

    def watchers(self, case: Case) -> list[str]:
        """Those who still lead, and do not serve him themselves."""
        leading = [one for name in dict.fromkeys(case.watchers) if (one := self.rules.member(name)) and one.leads]
        return [one.number for one in leading if one.number != case.staff]

    async def asks_for_secret(self, case: Case, text: str) -> bool:
        """By itself, or behind what was said just before: 验证码收到了, 请发给我."""
        if asking.asks_for_secret(text):
            return True
        if not asking.leaves_open(text):
            return False
        log = await self.sessions.journal(case.conversation, limit=LATELY)
        said = [line.text for one in log for line in one.lines if line.who.partition("/")[0] in _SPEAKERS]
        return asking.asks_for_secret(text, said)

    async def stopped(self, case: Case, id: str, staff: str) -> None:
        """A line of staff that asked for a secret did not leave: noted, for whoever looks at it later."""
        zh, en = "索要验证码或密码的话已拦下", "A line that asked for a code or password was stopped"
        await self.note(case, f"{id}-stopped", f"note/{staff}", zh, en)
        with suppress(Unavailable):  # the note is there
            await self.audit(staff, "stopped", case)

    async def ticket(self, case: Case, text: str, key: str) -> str:
        return await self.hall.ticket(case.card.number, text, "staff", key)


_SPEAKERS = frozenset({"customer", "bot", "staff"})
_BLANK: dict[str, str | int] = {
    "staff": "",
    "why": "",
    "ticket": "",
    "late": 0,
    "number": 0,
    "seconds": 0,
    "minutes": 0,
    "ahead": 0,
    "rest": 0,
}


def worded(template: str, data: Mapping[str, Any]) -> Reply:
    """A reply whose data is known by name only when it is said."""
    reply = Reply(template)
    reply.data = dict(data)
    return reply


def told_customer(what: str, data: Mapping[str, Any] | None = None) -> Reply:
    """A word of the desk to a customer."""
    return worded("desk/said", {**_BLANK, **(data or {}), "what": what})


def _brand(card: Card) -> Brand | None:
    return Brand(card.brand) if card.brand in {brand.value for brand in Brand} else None
