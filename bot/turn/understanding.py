"""What the words mean where the conversation stands, and what becomes of a question that is open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from bot import context, dialog, gate, handoff
from bot.desk.model import Urgency
from bot.dialog.picking import MOST, picked
from bot.intents import sms, terms, tickets
from bot.intents.match import Found
from bot.intents.names import CANCEL, EXACT
from bot.intents.periods import PERIODIC, beside
from bot.intents.places import found_in
from bot.intents.shop import kind_of
from bot.model import (
    AskedCode,
    AskedPassword,
    AskedSlot,
    Choice,
    Choosing,
    Confirming,
    Idle,
    Operation,
    Reply,
    Slots,
    State,
    Todo,
    Topic,
    month_of,
)
from bot.turn.hearing import Heard
from bot.turn.meaning import denies, meant, offered, said
from bot.turn.several import TALK, Several
from bot.turn.visit import Visit

_PLACED = frozenset({"hall.nearby", "shop.query"})  # whose answers follow a place, and no month
ELSEWHERE = 12  # characters of 武汉呢
ELSEWHERE_LATIN = 20  # of: how about Guangzhou?
PLACE = 30  # characters of a place's name
_NO_LIST = {"read": "not_chosen", "choice": "expired", "expired": "expired"}  # by what was shown last
_MONTHLY = frozenset({"invoice.request", "detail.query"})  # a month alone is of what is being asked for
_ASKED = re.compile("[吗么?]$|能不能|可不可以|行不行|怎么|什么")
_KINDED = frozenset({"detail.query", "usage.query"})
_OF_KIND = re.compile("那(?:看|查|换成?)?(?:通话|短信|流量|漫游)的?呢?|(?:换成?)?(?:通话|短信|流量|漫游)(?:的|的?呢)")
_OTHER_FIGURE = re.compile(
    r"(?:改|换|变|调)(?:成|为|到)?\d{1,5}(?:元|块|的|份|点|个|那个)*"
)  # is a plan below plans only
_CIVIL = 50.0  # per cent sure: a thank-you is answered as one
_VAGUE = frozenset({"oos", "complaint", "thanks", "greet"})  # an angry word weighs more


class Understanding(Several):
    async def _match(self, visit: Visit, text: str, open: bool) -> Reply:
        """What the line is by its shape and by what was shown before; else by its words."""
        month = month_of(visit.at)
        heard = self._heard(visit, text)
        text, slots, topic = heard.text, heard.slots, visit.session.topic
        if slots.serial:
            return await self._answer_over(visit, Todo("operation.query", slots), open)
        if tickets.asked(heard.line) and not heard.dictates:
            return await self._answer_over(visit, Todo("complaint", replace(slots, kind=tickets.PROGRESS)), open)
        if not open and (once_more := await self._once_more(visit, heard.core)):
            return await self._ask(visit, once_more)
        asked = visit.session.state
        if open and isinstance(asked, Confirming | AskedCode) and (about := terms.asked(heard.line)):
            return self._about_it(visit, asked, about)
        if open and heard.follows and isinstance(asked, AskedSlot) and asked.todo.intent in _MONTHLY:
            return await self._ask(visit, replace(asked.todo, slots=replace(asked.todo.slots, month=slots.month)))
        placed = topic if topic and topic.intent in _PLACED else None
        topic = None if placed else topic
        if topic and topic.intent in _KINDED and slots.kind and _OF_KIND.fullmatch(heard.line):
            kind = replace(topic.slots, kind=slots.kind, page=0)
            return await self._answer_over(visit, Todo(topic.intent, kind), open)
        if topic and (heard.follows or (heard.spans and topic.intent in PERIODIC)):
            slots = replace(slots, kind=slots.kind or topic.slots.kind)
            return await self._answer_over(visit, Todo(topic.intent, slots), open)
        if not open and (off := self._off(visit, text)):
            return (
                await self._answer_over(visit, Todo(off, slots), open)
                if off in self._catalogue
                else self._remind(visit, off)
            )
        done = gate.just_done(visit.session, visit.at, self._limits)
        if done and isinstance(asked, Idle | Choosing) and context.regrets(dialog.fold(text)):
            return await self._regretted(visit, done)
        if heard.dictates:
            return await self._answer_over(visit, Todo("sms.send", slots), open)
        if counter := self._menus.named(heard.line):
            return await self._answer_over(visit, Todo(counter), open)
        if topic and heard.apart:
            return await self._answer_over(visit, Todo(topic.intent, beside(topic.slots, month, heard.apart)), open)
        if further := await self._following(visit, heard):
            return await self._further(visit, further, open)
        if other := self._other_line(visit, heard.core):
            return await self._instead(visit, other)
        return await self._by_words(visit, text, heard, placed, open)

    async def _once_more(self, visit: Visit, said: str) -> Todo | None:
        """再发一条 behind the receipt of a text message is no wish to read that receipt once more."""
        done = visit.session.said_of
        if not (done and sms.again(said)):
            return None
        entry = await self._ledger.get(done)
        return sms.same(entry.operation) if entry and entry.operation.intent == "sms.send" else None

    async def _regretted(self, visit: Visit, done: Operation) -> Reply:
        """What can be ended is asked about; of all else it is said that it stays, and who can take it back."""
        items = done.order.items
        numbers = [number for item in items if (number := dict(item.details).get("number"))]
        if done.intent == "family.add" and numbers:
            return await self._ask(visit, Todo("family.remove", Slots(number=numbers[0])))
        if done.intent == "service.subscribe":
            return await self._ask(visit, Todo("service.cancel", Slots(words="和".join(item.name for item in items))))
        return await self._leave(visit, "cancel")

    def _off(self, visit: Visit, text: str) -> str:
        """退第一个, where no list is open: what ends services, if these were listed last, or family numbers.

        Of another one, or of none, the hint that says so: what was never shown has no first line."""
        found = picked(dialog.fold(text), MOST)
        if found is None or found.how != "off":
            return ""
        session = visit.session
        if session.wishes and session.wishes[-1].startswith("family."):
            return "family.remove"
        if session.shown == "own":
            return CANCEL
        if found.figures:
            return ""
        return "open" if isinstance(session.state, Choosing) else _NO_LIST.get(session.shown, "no_list")

    async def _by_words(self, visit: Visit, text: str, heard: Heard, placed: Topic | None, open: bool) -> Reply:
        slots, state = heard.slots, visit.session.state
        found = self._meant(text, heard)
        acts = found.decision == "act"
        visit.score = found.score if acts else 0.0
        if acts and found.intents[0] == "plan.change" and _OTHER_FIGURE.fullmatch(heard.core) and not _of_plans(visit):
            return await self._in_vain(visit, open)
        if sale := await self._for_sale(visit, text, slots, found):
            return await self._answer_over(visit, sale, open)
        if not acts or found.intents[0] in _VAGUE:
            angry = self._desk is not None and handoff.angry(text)
            if angry and (reply := await self._hand(visit, "complaint", "angry", Urgency.UNHAPPY)):
                return reply
        if not acts and tickets.named(heard.line):
            return await self._answer_over(visit, Todo("complaint", tickets.about(slots)), open)
        if open and not acts and isinstance(state, AskedSlot) and state.slot == "place":
            return await self._ask(visit, dialog.fill(state.todo, "place", text[:PLACE]))
        if placed and not acts and (other := await self._elsewhere(placed, text)):
            return await self._answer_over(visit, other, open)
        nothing = found.decision == "none" or (acts and found.intents == ("oos",))
        if nothing and (known := self._answers().certain(text)):
            return await self._answer_over(visit, Todo("faq", Slots(items=(known.id,))), open)
        if open and not nothing and found.intents[:1] == ("cancel",) and _ASKED.search(heard.line):  # 不登录能充吗
            return self._remind(visit, "open")
        if not nothing and found.score < EXACT and (wishes := self._each(heard.core)):
            return await self._first_of(visit, wishes, slots, open)
        if heard.unread and (monthly := next((name for name in found.intents if name in PERIODIC), "")):
            return self._which_month(visit, Todo(monthly, slots), open)
        if acts and not nothing:
            return await self._answer_over(visit, Todo(found.intents[0], slots), open)
        if named := await self._by_name(visit, text, slots, found, open):
            return named if isinstance(named, Reply) else await self._answer_over(visit, named, open)
        return await (self._in_vain(visit, open) if nothing else self._which_of(visit, text, found, slots, open))

    async def _further(self, visit: Visit, todos: Sequence[Todo], open: bool) -> Reply:
        """It goes on with what was asked for, one way or another."""
        if len(todos) == 1:
            return await self._answer_over(visit, todos[0], open)
        if open:
            return self._remind(visit, "open")
        options = tuple(Choice(self.titled(todo.intent, visit.session), todo) for todo in todos)
        return Reply("talk/choose", options=options, guarded=False, state=Choosing(options, visit.at))

    async def _which_of(self, visit: Visit, text: str, found: Found, slots: Slots, open: bool) -> Reply:
        """Several may be meant."""
        here = visit.session.state
        if open and isinstance(here, Confirming | AskedCode | AskedPassword):
            return self._remind(visit, "open")
        if open and isinstance(here, AskedSlot) and here.todo.intent in found.intents:
            return self._remind(visit, f"bad_{here.slot}")  # 一百个 where a sum is awaited
        if isinstance(here, Idle | Choosing) and dialog.declined(dialog.fold(text)):
            return await self._leave(visit, "cancel")  # 不投诉, and nothing was begun
        if found.intents[0] in TALK - {"bye"} and found.score >= _CIVIL:
            return await self._answer_over(visit, Todo(found.intents[0], slots), open)
        meant = [self._catalogue[name] for name in found.intents if name not in TALK]
        may = [intent for intent in meant if gate.offered(intent.brands, visit.session)]
        if not may and meant and found.score >= _CIVIL:
            return self._not_offered(visit, meant[0])
        if not may:
            return await self._in_vain(visit, open)
        tongue = self._tongue(visit.session)
        goes_on = offered if denies(found, text) else said
        options = tuple(Choice(one.called(tongue), Todo(one.name, goes_on(one, slots))) for one in may)
        guarded = found.guarded and may[0].name == found.intents[0]
        return Reply("talk/choose", options=options, guarded=guarded, state=Choosing(options, visit.at))

    def _which_month(self, visit: Visit, todo: Todo, open: bool) -> Reply:
        """A month was meant, and this one's figures are no answer: 10月 alone will be one."""
        visit.session = replace(visit.session, topic=Topic(todo.intent, todo.slots))
        return Reply("error/which_month", state=visit.session.state if open else None)

    async def _in_vain(self, visit: Visit, open: bool) -> Reply:
        return self._remind(visit, "open") if open else await self._not_understood(visit)

    async def _for_staff(self, visit: Visit) -> Reply:
        """What staff ask for: that he logs in, or is shown what he may agree to. Nothing else is done in his name,
        and nothing that only he may know is read to them."""
        text, before = visit.turn.message.text, visit.session.state
        heard = self._heard(visit, text)
        slots, found = heard.slots, self._meant(text, heard)
        name = found.intents[0] if found.decision == "act" else "oos"
        if name == "login" and gate.logged_in(visit.session):
            return Reply("desk/logged_in", state=before)
        if name != "login" and not self._catalogue[name].proposes:
            title = "" if name == "oos" else self.titled(name, visit.session)
            return Reply("desk/not_for_staff", title=title, state=before)
        return await self._answer_over(visit, Todo(name, slots), open=True)

    def _meant(self, text: str, heard: Heard) -> Found:
        """`heard` is what was heard of `text`."""
        return meant(self._matcher, text, heard.line, heard.slots)

    async def _next(self, visit: Visit, by: int) -> Reply:
        """Another page: of the list that a question offers, or of the last answer, whichever was shown later."""
        state, topic = visit.session.state, visit.session.topic
        if isinstance(state, AskedSlot) and state.options and not (topic and topic.more > state.at):
            return await self._ask(visit, turned(state.todo, by))
        pages = topic is not None and bool(topic.more or topic.slots.page)
        if not topic or isinstance(state, AskedPassword) or (_asks(state) and not pages):
            return self._remind(visit, "open")
        return await self._answer_over(visit, turned(Todo(topic.intent, topic.slots), by), open=_asks(state))

    def _other_line(self, visit: Visit, said: str) -> Todo | None:
        """Of the list that was chosen from, while its numbers would still count."""
        before = visit.session.listed
        fresh = before and visit.at - before.at <= self._limits.menu
        return context.other_line(said, before) if before and fresh else None

    async def _instead(self, visit: Visit, todo: Todo) -> Reply:
        """What was drafted for one line of a list is given up for another one."""
        state = visit.session.state
        if before := visit.session.listed:
            place = before.todos.index(todo)
            visit.session = replace(visit.session, listed=replace(before, place=place, at=visit.at))
        if isinstance(state, Confirming | AskedCode):
            await self._give_up(visit, state)
        visit.to(Idle())
        return await self._ask(visit, todo)

    async def _elsewhere(self, topic: Topic, text: str) -> Todo | None:
        """武汉呢, and 电影院呢 of the same city: where shops or halls were shown last."""
        if len(text) > (ELSEWHERE_LATIN if text.isascii() else ELSEWHERE):
            return None
        slots = topic.slots
        if found_in(await self._hall.areas(), text):
            return Todo(topic.intent, replace(slots, place=text, line=slots.line if slots.place else "", page=0))
        if topic.intent == "shop.query" and kind_of(text):
            return Todo(topic.intent, replace(slots, place=slots.place or slots.line, line=text, page=0))
        return None

    async def _not_understood(self, visit: Visit) -> Reply:
        reply = await self._ask(visit, Todo("oos"))
        visit.session = replace(visit.session, misses=visit.session.misses + 1)
        return reply


def _of_plans(visit: Visit) -> bool:
    """Is it plans that were talked about?"""
    return bool(visit.session.wishes) and visit.session.wishes[-1].startswith("plan.")


def _asks(state: State) -> bool:
    return not isinstance(state, Idle | Choosing)


def turned(todo: Todo, by: int) -> Todo:
    return replace(todo, slots=replace(todo.slots, page=max(todo.slots.page + by, 0)))
