"""A wish by a name that only the operator's catalogue knows, where the words alone were not understood."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot import gate
from bot.dialog.apart import tells_apart
from bot.intents import names, offers, wares
from bot.intents.base import PAGE, Call
from bot.intents.match import Found
from bot.intents.text import clean
from bot.model import Brand, Choice, Choosing, Product, Reply, Service, Slots, Todo
from bot.turn.beside import Beside
from bot.turn.visit import Visit


class Naming(Beside):
    async def _by_name(self, visit: Visit, text: str, slots: Slots, found: Found, open: bool) -> Todo | Reply | None:
        """What one clear name wishes; else which of them, or that there is none. None: it is no wish of this kind.

        Beside an open question, and where several wishes may be meant, only a clear name counts.
        """
        wish = names.by_name(text, found)
        if wish is None:
            return None
        todo = Todo(wish.intent, replace(slots, words=wish.words, items=()))
        if tells_apart(clean(text), closing=wish.intent == names.CANCEL):  # what is named is not what is meant
            return todo if wish.plain and not open else None
        call = self._call(visit, self._catalogue[wish.intent], todo)
        had = await self._had(call, wish)
        meant, clear = names.among(call, await self._sold(call) if had is None else _kinds(had))
        doubtful = names.doubtful(text, meant)
        if clear and not doubtful:
            return Todo(wish.intent, _of(call, meant, had))
        if open or found.decision == "ask":
            return None
        if meant and (clear or wish.plain):
            return self._which(visit, call, wish, meant, had, doubtful=doubtful)
        return None if doubtful else await self._none(visit, call, wish, had)

    async def _for_sale(self, visit: Visit, text: str, slots: Slots, found: Found) -> Todo | None:
        """What can be opened, and its price, where that is asked for and no answer that is known tells it."""
        asked = offers.asked(text)
        if asked is None or found.score >= names.EXACT:
            return None
        acts = found.decision == "act"
        if acts and (
            found.intents[0] not in offers.AROUND or (asked.price and len(self._answers().nearest(text)) == 1)
        ):
            return None
        todo = Todo(names.SUBSCRIBE, replace(slots, words=asked.words, items=(), kind=offers.OFFERS))
        call = self._call(visit, self._catalogue[todo.intent], todo)
        return todo if not asked.words or wares.of_kind(call, asked.words, await self._sold(call)) else None

    def _which(
        self,
        visit: Visit,
        call: Call,
        wish: names.Named,
        meant: Sequence[Product],
        had: Sequence[Service] | None,
        *,
        doubtful: bool = False,
    ) -> Reply:
        options = tuple(self._option(call, wish, product, had) for product in meant[:PAGE])
        return Reply("talk/choose", options=options, guarded=doubtful, state=Choosing(options, visit.at))

    async def _none(self, visit: Visit, call: Call, wish: names.Named, had: Sequence[Service] | None) -> Reply | None:
        """What is sold and not had is named; of several, what is had after all is offered."""
        sold, clear = names.among(call, await self._sold(call)) if had is not None else ([], False)
        mine = {service.product.id for service in had or ()}
        if clear and (meant := [product for product in sold if product.id in mine]):
            return self._which(visit, call, wish, meant, had)
        if not (clear or wish.plain):
            return None
        visit.intent = wish.intent
        return Reply("service/unknown", products=sold if clear else [], personal=clear)

    async def _had(self, call: Call, wish: names.Named) -> list[Service] | None:
        """What may be cancelled; None where something is to be opened, or nobody is logged in who has anything."""
        inside = gate.logged_in(call.session) and call.session.account
        return await self._hall.services(call.account) if inside and wish.intent == names.CANCEL else None

    async def _sold(self, call: Call) -> list[Product]:
        account = call.session.account
        return await self._hall.catalogue(account.brand if account else Brand.EASYOWN)

    def _option(self, call: Call, wish: names.Named, product: Product, had: Sequence[Service] | None) -> Choice:
        """Leads to the terms, never past them."""
        name = call.tongue.name(product.name)
        opening = call.says(f"开通{name}", f"Subscribe to {name}")
        label = opening if wish.intent == names.SUBSCRIBE else call.says(f"退订{name}", f"Cancel {name}")
        return Choice(label, Todo(wish.intent, _of(call, [product], had)))


def _kinds(services: Sequence[Service]) -> list[Product]:
    return list({service.product.id: service.product for service in services}.values())


def _of(call: Call, meant: Sequence[Product], had: Sequence[Service] | None) -> Slots:
    """Services that the line has by their ids, unless it has several of a kind; what is not looked at yet by name."""
    ids = {product.id for product in meant}
    if had is None and gate.logged_in(call.session):
        return replace(call.slots, items=tuple(ids), words="")
    chosen = [service.id for service in had or () if service.product.id in ids]
    if len(chosen) == len(ids):
        return replace(call.slots, items=tuple(chosen), words="")
    return replace(call.slots, words="和".join(product.name for product in meant))
