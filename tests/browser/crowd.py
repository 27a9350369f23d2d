"""Many customers at the desk of a running demo, put there through the same stores, not typed one by one."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec.structs import replace

from bot.admin import records_of
from bot.bench.standing import Standing, standing
from bot.config import load
from bot.desk.model import Card, Case, Spoken, Where

WORDS = (
    "我这个月怎么多扣了二十块钱？",
    "还在吗",
    "好的谢谢",
    "能不能便宜点，我用了八年了",
    "我要投诉，上次说好给我退的",
    "那怎么办理呢",
    "发票抬头开公司的可以吗",
)


class Crowd(Standing):
    """Who says what, and what was said on other days."""

    async def says(self, case: Case, text: str, ago: float = 0, who: str = "customer") -> None:
        at = await self.desk.now() - int(ago * 1000)
        id = f"say-{case.number}-{at}-{text}"
        await self.sessions.speak(case.conversation, None, id, [Spoken(who, text, at, case.number)])
        feed = self.sessions.conversation(f"{case.staff}@desk.im.localhost")
        await self.sessions.speak(feed, None, f"f-{id}", [Spoken(who, text, at, case.number, "copy")])

    async def history(self, data: Path, count: int) -> None:
        """So many sessions of the last days, as they were written down."""
        config = load(data / "bot.yaml")
        dice = random.Random(7)
        now = await self.desk.now()
        async with records_of(data / "bot.yaml") as records:
            for n in range(count):
                at = now - dice.randrange(1, 144 * 3600) * 1000
                at -= (at // 3_600_000 % 24 >= 14) * 10 * 3_600_000  # at night (UTC+8) hardly anybody asks
                waited = int(dice.expovariate(1 / 14_000))
                taken = at + waited if dice.random() > 0.05 else 0
                talk = self.conversation(f"139001{n % 90:05}")
                card = Card(f"c{n}@im.localhost", "hall", number=f"139001{n % 90:05}", tried=("bill.query",))
                case = Case(talk, card, number=10_000 + n, version=9, at=at, served_at=taken, state=Where.CLOSED)
                if taken:
                    stars = dice.choices((0, 5, 4, 3, 2, 1), (40, 38, 12, 5, 3, 2))[0]
                    code = dice.choice(list(config.desk.codes))
                    case = replace(case, staff="1207", code=code, rated=stars)
                    first = Spoken("staff/1207", "您好", taken + dice.randrange(2_000, 21_000), case.number)
                    records.book.heard(talk, 100 + 2 * n, [first])
                records.book.case(replace(case, since=(taken or at) + dice.randrange(60_000, 420_000)))
            for n in range(count * 4):
                at = now - dice.randrange(1, 13 * 24 * 3600) * 1000
                text = dice.choice(("这月咋多扣了", "给我弄个亲情网呗", "hui fu liu liang", "我手机卡废了"))
                lost = dice.random() < 0.07
                asked = Spoken("customer", text if lost else "查话费", at, about="oos" if lost else "bill.query")
                told = Spoken("bot", "…", at, about="talk/oos" if lost else "bill/query")
                records.book.heard(self.conversation(f"139001{n % 300:05}"), 1000 + n, [asked, told])
            await records.book.flush()


@asynccontextmanager
async def crowd(data: Path) -> AsyncIterator[Crowd]:
    async with standing(data) as people:
        yield Crowd(people.sessions, people.desk)


__all__ = ["WORDS", "Crowd", "crowd"]
