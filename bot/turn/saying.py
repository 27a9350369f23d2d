"""What every step of a turn has at hand, and how its answer is worded."""

from __future__ import annotations

from collections.abc import Callable

from bot import gate
from bot.factor import Factor
from bot.intents.answers import Answers
from bot.intents.base import Catalogue
from bot.intents.match import Understand
from bot.links import Links
from bot.menu import Menus
from bot.model import (
    AskedPassword,
    AskedSlot,
    Choosing,
    Operation,
    Reply,
    Session,
    month_of,
)
from bot.ports import Hall, Ledger, Renderer
from bot.ports.bindings import Bindings
from bot.ports.push import Quota, Wants
from bot.tongue import Tongue, Tongues
from bot.turn.hearing import Ears, Heard
from bot.turn.visit import Handing, Visit

TRIES = frozenset(
    {"number", "numbers", "one", "not_all", "quantity", "text", "open"}
)  # hints: that was no answer to the question
LINES, CHARACTERS = 8, 300  # of an answer that fits a phone (contracts.md)


class Saying:
    """The ports and rules of a clerk; remembers nothing between turns."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        matcher: Understand,
        answers: Callable[[], Answers],
        menus: Menus,
        hall: Hall,
        ledger: Ledger,
        factor: Factor,
        render: Renderer,
        limits: gate.Limits,
        bindings: Bindings,
        wants: Wants,
        quota: Quota,
        tongues: Tongues,
        language: str,
        links: Links,
        desk: Handing | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._matcher = matcher
        self._answers = answers  # those of the moment: they are read again at work, too
        self._menus = menus
        self._hall = hall
        self._ledger = ledger
        self._factor = factor
        self._render = render
        self._limits = limits
        self._bindings = bindings
        self._wants = wants
        self._quota = quota
        self._links = links
        self._desk = desk
        self._hear = Ears(phrase for phrase, _ in catalogue.phrases())
        self._tongues = tongues
        self._language = language

    def _heard(self, visit: Visit, text: str) -> Heard:
        """What a line says here; where a secret is awaited it stays nowhere."""
        if visit.heard and visit.heard.text == text:
            return visit.heard
        return self._hear(text, month_of(visit.at), secret=gate.awaits_secret(visit.session.state))

    def words(self, reply: Reply, session: Session, at: int) -> str:
        brand = session.account.brand if session.account else None
        return self._render(reply, lang=session.lang, brand=brand, session=session, at=at)

    def _tongue(self, session: Session) -> Tongue:
        return self._tongues[session.lang or self._language]

    def titled(self, name: str, session: Session) -> str:
        """What an intent is called in the language of `session`."""
        return self._catalogue[name].called(self._tongue(session)) if name in self._catalogue else ""

    def _too_old(self, visit: Visit) -> bool:
        """What such a message says is answered at most: it changes nothing."""
        return visit.turn.message.weak or visit.turn.age > self._limits.stale

    def _fits(self, visit: Visit, *replies: Reply) -> bool:
        """On a phone: 8 lines, 300 characters."""
        text = "\n".join(self.words(reply, visit.session, visit.at) for reply in replies)
        return len(text.splitlines()) <= LINES and len(text) <= CHARACTERS

    def _still_open(self, visit: Visit, reply: Reply, operation: Operation, *, code: bool) -> None:
        """What is awaited, behind an answer to something else: in few words where the phone has no room for more."""
        full, brief = (Reply("note/still_open", operation=operation, code=code, brief=brief) for brief in (False, True))
        if not self._fits(visit, *visit.notes, reply, *visit.after, full):
            reply.unlink()
        for note in (full, brief):
            if self._fits(visit, *visit.notes, reply, *visit.after, note):
                visit.after.append(note)
                return

    def _remind(self, visit: Visit, hint: str) -> Reply:
        """What is awaited here, said again; the question stays open."""
        state = visit.session.state
        if hint == "no_yes" and visit.session.draft:  # shown again once he is logged in, and agreed to anew
            hint, state = "kept", AskedPassword(at=visit.at)
        visit.failed = isinstance(state, AskedSlot | Choosing) and (hint in TRIES or hint.startswith("bad_"))
        kind = type(state).__name__.lower()
        secret = gate.awaits_secret(state) or hint == "no_code"
        digits, out = self._limits.password, not gate.logged_in(visit.session)
        return Reply(
            "talk/remind", kind=kind, asked=state, hint=hint, digits=digits, out=out, secret=secret, state=state
        )
