"""What holds at the desk whatever customers, staff, clients, the clock and a power cut do, in any order."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.adapters.watch import configure
from bot.config import Config
from bot.desk.model import OPEN, Case
from bot.wiring import Words
from tests.support.office import Office

EXAMPLES = int(os.environ.get("HALLBOT_EXAMPLES", "60"))
STAFF = ("1207", "1208", "1299")
CUSTOMERS = (1, 2, 3, 4)
LINES = ("查积分", "人工", "人工", "转人工", "0", "结束", "5", "手机丢了", "气死我了", "你会什么", "留言")
COMMANDS = (
    "#接",
    "#接",
    "#接",
    "#拒",
    "#结 1",
    "#还",
    "#转 1208",
    "#转 1299 忙",
    "#转 账务",
    "#挂 1",
    "#闲",
    "#忙",
    "#下班",
    "#小休 午餐",
    "#语言 英文",
)
FUSE = st.one_of(st.just(0), st.integers(1, 20))  # half of the time nobody pulls the plug
SESSION = st.integers(0, 9)
OF_STAFF = ("您好，工号", "工号 ", "请稍等约", "正在为您转给", "已转回自助", "感谢您的咨询")


class Desk(RuleBasedStateMachine):
    config: Config
    words: Words

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.office: Office = None  # type: ignore[assignment]
        self.asked: dict[str, int] = {}  # unique lines of customers -> who wrote them
        self.epochs: Counter[int] = Counter()
        self.n = 0

    def do(self, work: Callable[[], Awaitable[Any]], fuse: int) -> None:
        """One thing happens; with `fuse` the process dies at that port call, and another one is started."""

        async def both() -> None:
            office = self.office
            office.fuse = fuse
            try:
                await work()
            except BaseException as error:
                if not office.dead or isinstance(error, AssertionError):
                    raise
            if office.dead:
                await office.restart()
            office.fuse = 0
            await office.wait(2.1)  # what a killed process owed is done by another one
            await office.quiet()

        self.loop.run_until_complete(both())

    @initialize()
    def opens(self) -> None:
        self.office = Office(self.config, self.words)
        self.do(lambda: self.office.sit(*STAFF), 0)
        for who in CUSTOMERS[:2]:
            self.do(lambda who=who: self.office.say(who, "人工"), 0)  # type: ignore[misc]
            self.do(lambda: self.office.types("1207", "#接"), 0)

    def _session(self, n: int) -> int:
        """One that there is, mostly an open one."""
        numbers = [case.number for case in self._cases() if case.state in OPEN] or [0]
        return numbers[n % len(numbers)] if n < 8 else n - 7

    def teardown(self) -> None:
        try:
            self._everybody_gets_back()
        finally:
            self.loop.close()

    # --- what happens -------------------------------------------------------------------------------------------

    @rule(who=st.sampled_from(CUSTOMERS), text=st.sampled_from(LINES), fuse=FUSE)
    def customer_says(self, who: int, text: str, fuse: int) -> None:
        self.do(lambda: self.office.say(who, text), fuse)

    @rule(who=st.sampled_from(CUSTOMERS), fuse=FUSE)
    def customer_asks(self, who: int, fuse: int) -> None:
        self.n += 1
        text = f"那个{self.n}号的事情呢"
        self.asked[text] = who
        self.do(lambda: self.office.say(who, text), fuse)

    @rule(who=st.sampled_from(STAFF), text=st.sampled_from(COMMANDS), session=SESSION, fuse=FUSE)
    def staff_commands(self, who: str, text: str, session: int, fuse: int) -> None:
        self.do(lambda: self.office.types(who, text, self._session(session)), fuse)

    @rule(who=st.sampled_from(STAFF), session=SESSION, fuse=FUSE)
    def staff_writes(self, who: str, session: int, fuse: int) -> None:
        self.n += 1
        self.do(lambda: self.office.types(who, f"话{self.n}由{who}", self._session(session)), fuse)

    @rule(session=SESSION, what=st.sampled_from("监夺插"), fuse=FUSE)
    def leader(self, session: int, what: str, fuse: int) -> None:
        self.do(lambda: self.office.types("1299", f"#{what} {self._session(session)} 看看"), fuse)

    @rule(who=st.sampled_from(STAFF), show=st.sampled_from(("", "", "dnd", "away", None)), fuse=FUSE)
    def staff_shows(self, who: str, show: str | None, fuse: int) -> None:
        self.do(lambda: self.office.sit(who, show=show), fuse)

    @rule(who=st.sampled_from(CUSTOMERS), there=st.booleans(), fuse=FUSE)
    def customer_comes_or_goes(self, who: int, there: bool, fuse: int) -> None:
        self.do(lambda: self.office.at_work.presences.customer(self.office.jid(who), there), fuse)

    @rule(seconds=st.sampled_from((1, 5, 21, 46, 70, 130, 610)), fuse=FUSE)
    def time_passes(self, seconds: int, fuse: int) -> None:
        self.do(lambda: self.office.wait(seconds), fuse)

    # --- what holds ---------------------------------------------------------------------------------------------

    def _cases(self) -> list[Case]:
        return list(self.office.desk._cases.values())

    @invariant()
    def there_is_one_owner(self) -> None:
        """The desk and the conversation say the same, and an epoch never goes back."""
        if self.office is None:
            return
        for who in CUSTOMERS:
            owner = self.office.owner(who)
            open_ = [c for c in self._cases() if c.conversation == self.office.where(who) and c.state in OPEN]
            assert len(open_) <= 1
            if open_:
                assert owner == (open_[0].owner, open_[0].epoch)
            else:
                assert owner.name == "bot" or owner.name.startswith("closed/")
            assert owner.epoch >= self.epochs[who]
            self.epochs[who] = owner.epoch

    @invariant()
    def loads_add_up_and_nobody_has_more_than_he_can(self) -> None:
        if self.office is None:
            return
        for seat in self.loop.run_until_complete(self.office.desk.seats()):
            assert seat.holds == {case.number for case in self._cases() if seat.staff in case.holders}
            assert len(seat.holds) <= seat.capacity

    @invariant()
    def only_the_owner_speaks(self) -> None:
        if self.office is None:
            return
        for who in CUSTOMERS:
            for owner, out in self.office.store.said[self.office.where(who)]:
                name = owner.name.partition("/")[0]
                if "由" in out.text and out.text.startswith("话"):
                    assert out.text.endswith(f"由{name}")
                elif name in STAFF:
                    assert out.text.startswith(OF_STAFF), out.text

    @invariant()
    def every_line_of_a_customer_reached_somebody_once(self) -> None:
        """The bot answered it, or the member of staff whose customer he was has read it."""
        if self.office is None:
            return
        told = {staff: Counter(self.office.told(staff)) for staff in STAFF}
        for text, who in self.asked.items():
            log = self.loop.run_until_complete(self.office.store.journal(self.office.where(who), limit=10_000))
            if text not in self.office.store.accepted:
                continue  # it was killed before it had it: his client says it again
            entries = [one for one in log if ("customer", text) in {(line.who, line.text) for line in one.lines}]
            assert len(entries) == 1
            answered = any(line.who == "bot" for line in entries[0].lines)
            readers = [staff for staff, lines in told.items() if lines[text]]
            assert answered != bool(readers) or not readers
            assert answered or readers
            assert all(told[staff][text] == 1 for staff in readers)

    @invariant()
    def one_question_per_session(self) -> None:
        if self.office is None:
            return
        for who in CUSTOMERS:
            asked = sum("请评价工号" in text for text in self.office.read(who))
            ended = sum(c.conversation == self.office.where(who) and c.served_at > 0 for c in self._cases())
            assert asked <= ended

    def _everybody_gets_back(self) -> None:
        if self.office is None:
            return
        for who in CUSTOMERS:
            for _ in range(2):
                owner = self.office.owner(who).name.partition("/")[0]
                text = {"bot": "", "queue": "0", "closed": "你好"}.get(owner, "结束")
                if text:
                    self.do(lambda who=who, text=text: self.office.say(who, text), 0)  # type: ignore[misc]
            assert self.office.owner(who).name == "bot"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_invariants_of_the_desk_hold_whatever_happens_and_wherever_it_is_killed(
    config: Config, words: Words
) -> None:
    configure(logging.CRITICAL)
    machine = type("Machine", (Desk,), {"config": config, "words": words})
    run_state_machine_as_test(machine, settings=settings(max_examples=EXAMPLES, stateful_step_count=25, deadline=None))
