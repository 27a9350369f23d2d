"""Talk at a full desk: customers and staff write, and now and then somebody in the queue asks the bot something."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence

from bot.adapters.sandbox.world import BOT
from bot.bench.load import Customer
from bot.bench.pages import Page
from bot.desk.model import Case

EVERY = 0.1  # seconds: then a customer writes to staff, and a member of staff to a customer, if nothing else is said
ASKING = 5  # so many times as seldom somebody who waits writes
LATE = 3.0  # seconds; a line that is not on the page by then is lost


class Chatter:
    """`served` have a client, as have those who wait; `pages` by 工号."""

    def __init__(
        self,
        served: Sequence[tuple[Case, Customer]],
        waiting: Sequence[Customer],
        pages: Mapping[str, Page],
        seed: int,
        every: float,
    ) -> None:
        self._served = served
        self._waiting = waiting
        self._pages = pages
        self._dice = random.Random(seed)
        self._name = f"line {seed}-"
        self._every = every
        self._said: dict[str, tuple[str, float]] = {}

    async def run(self) -> None:
        """Until cancelled; BenchError when a line of staff came back."""
        n = 0
        async with asyncio.TaskGroup() as answers:
            while True:
                n += 1
                self._writes(n)
                case, _ = self._dice.choice(self._served)
                answers.create_task(self._pages[case.staff].says(case.number, f"answer {n}."))
                if n % ASKING == 0:
                    self._dice.choice(self._waiting).tell(BOT, "你好")
                await asyncio.sleep(self._every)

    def _writes(self, n: int) -> None:
        place = self._dice.randrange(len(self._served))
        case, customer = self._served[place]
        text = f"{self._name}{n} of {place}."
        self._said[text] = (case.staff, time.monotonic())
        customer.tell(BOT, text)

    @property
    def count(self) -> int:
        """Lines of customers to staff, so far."""
        return len(self._said)

    @property
    def served(self) -> list[Case]:
        """Those whose customers write."""
        return [case for case, _ in self._served]

    def said_by(self, case: Case) -> list[tuple[str, float]]:
        """Its customer's lines, and when he wrote them (time.monotonic())."""
        end = f" of {self.served.index(case)}."
        return [(text, at) for text, (_, at) in self._said.items() if text.endswith(end)]

    def waits(self, since: float = 0) -> list[float]:
        """Seconds from the customer's client to the page, infinite for a line that is lost.

        `since` (time.monotonic()): of what was said from then on.
        """
        judged = time.monotonic() - LATE
        said = [(text, staff, at) for text, (staff, at) in self._said.items() if since <= at < judged]
        return [self._pages[staff].seen.get(text, float("inf")) - at for text, staff, at in said]
