"""What the bench of the desk found, as a table, and whether its gates held (shared figures: docs, "The desk")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from bot.bench.chatter import EVERY
from bot.bench.desk import Found
from bot.bench.report import Gate
from bot.bench.shifts import QUEUED, SERVED, WAITING, Shift

DROP = 0.10


def gates(found: Sequence[Found]) -> Iterator[Gate]:
    idle, *shifts = found
    for one in shifts:
        drop = one.dropped(idle)
        yield Gate(f"{_name(one.shift)}: less time for its own customers", f"{drop:.1%}", f"≤ {DROP:.0%}", drop <= DROP)


def told(found: Sequence[Found]) -> str:
    idle, *shifts = found
    lines = [
        "The bot's own customers all at once, each waits for his answer before he writes again; with an idle desk, and",
        f"with a full one: every page is open, {WAITING} wait in the queue, and every {EVERY * 1000:.0f} ms",
        f"somebody writes on either side ({SERVED} of those served and {QUEUED} of those who wait have clients).",
        "These clients and the pages have a process of their own; the bot's own customers share one with chat server",
        "and operator. Rounds take turns. Silent: the share of a core that the bot takes while its own customers write",
        "nothing. Time for: messages per second of a bot with a core of its own, its work for the desk done first.",
        "Answered: here, where Redis, web desk, both those processes and whatever else runs share the machine with it.",
        "",
        f"{'median of rounds':<26}{'CPU µs per message':>20}{'silent':>9}{'time for':>10}{'answered':>10}",
    ]
    for one in found:
        figures = f"{median(one.cpu):>20.0f}{median(one.silent):>9.1%}{median(one.capacity):>10.0f}"
        lines.append(f"{_name(one.shift):<26}{figures}{median(one.rate):>10.0f}")
    lines.append("")
    for gate in gates(found):
        lines.append(f"{gate.what:<60}{gate.found:<10}{gate.bound:<10}{'ok' if gate.held else 'MISSED'}")
    for one in shifts:
        waits = sorted(one.waits)
        p50, p95 = (waits[len(waits) * share // 100] * 1000 for share in (50, 95))
        shares = [full / bare for full, bare in zip(one.rate, idle.rate, strict=True)]
        lines.append(
            f"{_name(one.shift)}: CPU per message, the desk's work counted to it{'':<5}{one.dearer(idle):+.0%}"
        )
        slower = f"{-one.slower(idle):+.0%} ({min(shares) - 1:+.0%}…{max(shares) - 1:+.0%} by rounds)"
        lines.append(f"{_name(one.shift)}: answered in a second on this machine{'':<9}{slower}")
        lines.append(f"{_name(one.shift)}: a line is on the page after{'':<18}{p50:.0f} ms (p50), {p95:.0f} ms (p95)")
    return "\n".join(lines)


def _name(shift: Shift) -> str:
    return f"{shift.staff} staff with {shift.each} each" if shift.staff else "idle desk"
