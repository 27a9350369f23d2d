"""The operator in one object: opens its folder and serves everything as one aiohttp application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.adapters.sandbox.operator import passwords, paths, times, world
from bot.adapters.sandbox.operator.balances import Balances
from bot.adapters.sandbox.operator.bills import Bills
from bot.adapters.sandbox.operator.care import Care
from bot.adapters.sandbox.operator.cashier import Cashier
from bot.adapters.sandbox.operator.companies import Companies
from bot.adapters.sandbox.operator.counter import Counter
from bot.adapters.sandbox.operator.effects import Effects
from bot.adapters.sandbox.operator.faults import Faults
from bot.adapters.sandbox.operator.guard import Guard
from bot.adapters.sandbox.operator.handset import Handset
from bot.adapters.sandbox.operator.inventory import Inventory
from bot.adapters.sandbox.operator.levers import Levers
from bot.adapters.sandbox.operator.loyalty import Loyalty
from bot.adapters.sandbox.operator.messages import Messages
from bot.adapters.sandbox.operator.orders import Orders
from bot.adapters.sandbox.operator.otp import OneTimePasswords
from bot.adapters.sandbox.operator.people import Subscriber, people
from bot.adapters.sandbox.operator.prepay_hub import PrepayHub
from bot.adapters.sandbox.operator.promotions import Promotions
from bot.adapters.sandbox.operator.shop import Shop
from bot.adapters.sandbox.operator.store import Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.town import Town
from bot.adapters.sandbox.operator.usage import Usage
from bot.adapters.sandbox.operator.wire import BODY


class Operator:
    """Makes operator.sqlite and passwords.json in `folder` at first open, opens them again later.

    `token`: when not empty, the bearer token that every business call must carry. `clock` gives the operator's time.
    """

    def __init__(self, folder: Path, *, seed: int = 10086, token: str = "", clock: Clock = times.now) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._store, self._clock = Store(folder / "operator.sqlite"), clock
        try:
            self.passwords: Mapping[str, str] = self._open(folder / "passwords.json", seed)
        except BaseException:
            self._store.close()
            raise
        self.subscribers: list[Subscriber] = world.subscribers(self._store)
        self._guard, self._faults = Guard(token), Faults()
        self._handset = Handset(self._store, clock)
        self._prepay_hub = PrepayHub()
        self._cashier = Cashier(self._store, clock)
        self._orders = Orders(self._store, clock, self._faults)

    @property
    def order_seconds(self) -> float:
        """How long an order takes; settable, 0.2 s at first."""
        return self._orders.seconds

    @order_seconds.setter
    def order_seconds(self, seconds: float) -> None:
        self._orders.seconds = seconds

    @property
    def payment_life(self) -> timedelta:
        """How long a payment waits to be paid; settable, 15 minutes at first."""
        return self._cashier.life

    @payment_life.setter
    def payment_life(self, life: timedelta) -> None:
        self._cashier.life = life

    def app(self) -> web.Application:
        """Everything mounted; the caller runs it (without access log: addresses hold numbers)."""
        middlewares = [self._guard.errors, self._guard.callers, self._faults.middleware]
        app = web.Application(middlewares=middlewares, client_max_size=BODY)
        for route in self._routes():
            app.router.add_route(route.method, route.path, route.handler)
            for base, other in paths.ALSO.items():
                if route.path.startswith(base):
                    app.router.add_route(route.method, other + route.path.removeprefix(base), route.handler)
        app.on_startup.append(self._on_startup)
        app.on_shutdown.append(self._on_shutdown)
        return app

    async def close(self) -> None:
        """Orders that are open go on when the folder is opened again."""
        self._handset.stop()
        await self._orders.close()
        await self._cashier.close()
        self._store.close()

    def _open(self, secret: Path, seed: int) -> Mapping[str, str]:
        numbers = [person.subscriber.number for person in people(seed)]
        known = passwords.create(secret, numbers) if world.is_new(self._store) else passwords.load(secret)
        world.prepare(self._store, seed, self._clock(), known)
        return known

    def _routes(self) -> list[web.RouteDef]:
        store, clock = self._store, self._clock
        return [
            *OneTimePasswords(self._handset, clock).routes(),
            *Inventory(store).routes(),
            *Companies(store).routes(),
            *Bills(store).routes(),
            *Balances(store, clock).routes(),
            *self._cashier.routes(),
            *Shop().routes(),
            *Usage(store, clock).routes(),
            *Loyalty(store, clock, self._handset).routes(),
            *Care(store, clock).routes(),
            *Counter(store, clock).routes(),
            *Promotions(store, clock).routes(),
            *Town(clock).routes(),
            *self._orders.routes(),
            *self._handset.routes(),
            *Messages(store, clock, self._handset, self._prepay_hub).routes(),
            *self._prepay_hub.routes(),
            *self._faults.routes(),
            *Levers(store, clock).routes(),
            *Effects(store, self._faults).routes(),
        ]

    async def _on_startup(self, app: web.Application) -> None:
        self._handset.start()
        self._orders.resume()

    async def _on_shutdown(self, app: web.Application) -> None:
        self._handset.stop()
