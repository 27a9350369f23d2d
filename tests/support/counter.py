"""One customer at a hall in memory, and the ways to bring the conversation to each of its states."""

from __future__ import annotations

from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS
from bot.config import Config
from bot.model import Brand, Entry, FormAnswer, Kind, Outgoing, Session, State
from bot.ports import Minting
from bot.stage import MemoryStage, Own, VirtualClock
from bot.wiring import Words
from tests.support.moody import MoodyHall, MoodySms
from tests.support.samples import AT

ROADS: dict[str, tuple[str, ...]] = {  # what is typed to come to a state, after log-in unless it says otherwise
    "idle": (),
    "choosing": ("0000",),
    "asked_slot": ("开通业务",),
    "asked_several": ("退订",),
    "asked_quantity": ("积分兑换", "1"),
    "asked_text": ("人工",),
    "asked_password": ("查话费",),  # without log-in
    "confirming": ("开通彩铃",),
    "asked_code": ("开通彩铃", "确认"),
}
KINDS = {"asked_several": "asked_slot", "asked_quantity": "asked_slot", "asked_text": "asked_slot"}


class Counter(MemoryStage):
    """`tell` types a line and gives the answers as one text."""

    def __init__(
        self,
        config: Config,
        words: Words,
        *,
        number: str = NUMBERS[Brand.GOTONE],
        lang: str = "",
        mint: Minting | None = None,
    ) -> None:
        self.operator, self.gateway = MoodyHall(), MoodySms()
        own = Own(self.operator, self.gateway, mint)
        super().__init__(config, number, clock=VirtualClock(AT), words=words, lang=lang, own=own)

    async def tell(self, *lines: str, weak: bool = False) -> str:
        """The answer to the last of these."""
        answers: list[Outgoing] = []
        for line in lines:
            answers = await self.deliver(replace(self.message(line), weak=weak))
        return "\n".join(answer.text for answer in answers)

    async def sign_in(self) -> str:
        return await self.tell("登录", self.password)

    async def reach(self, name: str) -> None:
        """Bring the conversation to the state of ROADS."""
        if name != "asked_password":
            await self.sign_in()
        await self.tell(*ROADS[name])
        assert await self.state() == KINDS.get(name, name)

    async def code(self) -> str:
        """The code of the newest SMS."""
        texts = self.gateway.inbox[self.number]
        return texts[-1].partition("】")[2][:6]

    async def order(self, words: str = "开通彩铃") -> str:
        """From the wish to the receipt."""
        await self.tell(words, "确认")
        return await self.tell(await self.code())

    @property
    def session(self) -> Session:
        return self.hall.sessions.session(self.jid)

    @property
    def stands(self) -> State:
        return self.session.state

    @property
    def rows(self) -> list[Entry]:
        return list(self.hall.ledger.rows.values())

    @property
    def states(self) -> list[str]:
        return [row.state.value for row in self.rows]

    def trace(self) -> tuple[object, ...]:
        """All that a message may change: where it stands, who is logged in, what was drafted, sent and done."""
        here = self.session
        held = (here.state, here.login_at, here.draft, here.sms_at, here.account)
        return (*held, self.states, dict(self.gateway.inbox), dict(self.operator.effects), dict(self.operator.tickets))

    async def submit(self, answer: FormAnswer) -> Outgoing:
        """A command form (XEP-0050) of this customer, and its answer."""
        outs = await self.deliver(replace(self.message(""), kind=Kind.FORM, form=answer))
        assert len(outs) == 1
        return outs[0]
