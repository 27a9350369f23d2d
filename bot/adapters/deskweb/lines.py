"""What was said in a conversation as staff see it: which of it, in which order. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from zlib import crc32

from bot.desk.model import HUMAN, Case, Logged, Spoken, Where
from bot.desk.text import marks, seen_by_others
from bot.model import Ms

LATE = 10  # entries: a line that is being worked while others are said is written down behind them, at its own place
LEAD_IN: Ms = 1_800_000  # what was said to the bot before somebody asked for a human belongs to his session
SHOWN = 60  # lines of a conversation that are at hand; older ones come from the database


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation as staff see it."""

    key: str  # where it stands: `41-0`; when, and which, of an aside: `f1795750051000-77`
    spoken: Spoken

    @property
    def seq(self) -> int:
        return int(self.key.split("-")[0].lstrip("fp"))

    @property
    def at(self) -> Ms:
        return self.spoken.at

    @property
    def kind(self) -> str:
        return self.spoken.who.partition("/")[0]

    @property
    def staff(self) -> str:
        return self.spoken.who.partition("/")[2]

    def words(self, lang: str) -> str:
        return marks(self.spoken.words(lang), lang)


@dataclass(slots=True)
class Talk:
    """What is at hand of one conversation."""

    conversation: str
    seq: int = 0  # the highest that was read
    count: int = 0  # grows by each entry that is read; told by it, a page knows what is new
    entries: dict[int, list[Line]] = field(default_factory=dict)  # by number, in the order in which they were read
    lines: list[Line] = field(default_factory=list)  # in the order in which they stand

    def add(self, logged: Sequence[Logged]) -> None:
        fresh = {one.seq: lines_of(one) for one in logged if one.seq not in self.entries}
        if not fresh:
            return
        self.entries = dict([*self.entries.items(), *fresh.items()][-4 * SHOWN :])
        self.seq, self.count = max(self.seq, *fresh), self.count + len(fresh)
        self.lines = [line for seq in sorted(self.entries) for line in self.entries[seq]]

    def since(self, count: int) -> list[Line]:
        """What was read after so many entries, wherever it stands."""
        fresh = list(self.entries.values())[-(self.count - count) :] if self.count > count else []
        return [line for lines in fresh for line in lines]

    def owed(self, asked: Ms, taken: Ms) -> Ms:
        """Since when a line of the customer waits for a human, at the earliest since `taken`; 0 = he has his answer."""
        waits: Ms = 0
        for line in self.lines:
            if line.at < asked:
                continue
            if line.kind == "customer":
                waits = waits or max(line.at, taken)
            elif line.kind in ("staff", "bot"):  # the bot answers codes and cards
                waits = 0
        return waits


def begin(case: Case) -> Ms:
    return case.at - LEAD_IN


def readable(lines: Iterable[Line], case: Case, me: str) -> Iterator[Line]:
    """As `me` may read them: in the wrap-up the customer talks to the bot again, or to others, and that is theirs.

    The bills of sessions before it are for who serves him.
    """
    for line in lines:
        if case.state is Where.WRAPUP and line.at > case.since and line.kind != "note":
            continue
        his = case.staff == me and (case.state in HUMAN or line.at >= begin(case))
        yield line if his else hidden(line)


def last(talk: Talk, case: Case, me: str) -> Line | None:
    return next((line for line in readable(reversed(talk.lines), case, me) if line.kind != "note"), None)


def hidden(line: Line) -> Line:
    """As somebody reads it who does not serve the customer."""
    return Line(line.key, seen_by_others(line.spoken))


def in_order(said: Sequence[Line], asides: Sequence[Line]) -> list[Line]:
    """What was said, and what only one of the staff was told: each behind the line that it is about, else by time.

    What belongs before all of it comes with the earlier lines.
    """
    place = {line.seq: n for n, line in enumerate(said)}
    times = list(accumulate((line.at for line in said), max))
    placed = [(n, line) for n, line in enumerate(said)]
    placed += [(place.get(line.spoken.behind, bisect_right(times, line.at) - 1), line) for line in asides]
    return [line for n, line in sorted(placed, key=lambda one: one[0]) if n >= 0]


def aside(spoken: Spoken) -> Line:
    """The same line in both journals that it lies in."""
    return Line(f"f{spoken.at}-{crc32(spoken.text.encode())}", spoken)


def lines_of(logged: Logged, front: str = "") -> list[Line]:
    return [Line(f"{front}{logged.seq}-{n}", spoken) for n, spoken in enumerate(logged.lines)]


def first_of(lines: Sequence[Line]) -> int:
    """The entry that a page begins with; 0 = it shows nothing."""
    return lines[0].seq if lines else 0
