"""What a bench found, as a table, and what of it misses its gate (shared figures: docs, "Speed and scale")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bot.bench.rounds import CUSTOMERS, Result
from bot.intents.recent import LINES as RECENT

CALLS = 2.0
SLOWER = 3.0  # times the wait for the echo, one customer alone
FIRST_REPLY = 2.0  # seconds
MEMORY = 140.0  # MB


@dataclass(frozen=True, slots=True)
class Gate:
    what: str
    found: str
    bound: str
    held: bool


def gates(results: Sequence[Result]) -> Iterator[Gate]:
    for result in results:
        row, share = result.row, result.share
        if row.must is not None:
            yield Gate(row.name, f"{share:.0%} of echo", f"≥ {row.must:.0%}, aim {row.aim:.0%}", share >= row.must)
    calls = max(result.calls for result in results)
    yield Gate("function calls per message", f"{calls:.2f}", f"≤ {CALLS:.0f}", calls <= CALLS)
    first = results[0]
    slower = first.alone / first.alone_echo
    waits = f"{first.alone * 1000:.1f} ms, {slower:.1f} × echo"
    yield Gate("one customer alone waits (p50)", waits, f"≤ {SLOWER:.0f} ×", slower <= SLOWER)
    # The better one: a start is short, and the machine is shared. The very first one after an installation also learns.
    start = min(result.first_reply for result in results)
    yield Gate("cold start to first reply", f"{start:.2f} s", f"≤ {FIRST_REPLY:.0f} s", start <= FIRST_REPLY)
    memory = min(result.idle_memory for result in results)
    yield Gate("idle memory", f"{memory:.0f} MB", f"≤ {MEMORY:.0f} MB", memory <= MEMORY)


def told(results: Sequence[Result]) -> str:
    lines = [
        f"{CUSTOMERS} customers at once, each waits for his answer before he writes again. CPU of the bot process per",
        "message (user and system, all threads), in rounds that take turns with a slixmpp component which only echoes,",
        "on the same chat server. Redis, operator and chat server have processes of their own and are not counted.",
        "On: sealed sessions, inbox and outbox in Redis, confirmed delivery, journal, transcripts, log, metrics; and",
        f"the memory of how the last {RECENT:,} short lines were understood, which knows those of the first two rows:",
        "the last row shows what their wishes cost in words that nobody said before.",
        "Off: typing notes, receipts. Other work on the machine costs the hall more than the echo: it has more to lose",
        "from the processor's caches.",
        "",
        f"{'CPU µs per message, median of rounds':<40}{'bare echo':>10}{'hallbot':>10}{'rounds':>14}{'msg/s':>8}",
    ]
    for result in results:
        shares = [echo / hall for echo, hall in zip(result.echo, result.hall, strict=True)]
        spread = f"{min(shares):.0%}…{max(shares):.0%}"
        figures = f"{median(result.echo):>10.0f}{median(result.hall):>10.0f}{spread:>14}{median(result.rate):>8.0f}"
        lines.append(f"{result.row.name:<40}{figures}")
    lines.append("")
    for gate in gates(results):
        lines.append(f"{gate.what:<40}{gate.found:<24}{gate.bound:<20}{'ok' if gate.held else 'MISSED'}")
    confirmations = max(result.confirmations for result in results)
    lines.append(f"{'confirmations per message':<40}{confirmations:.2f}")
    lines.append(f"{'memory after the rounds':<40}{max(result.memory for result in results):.0f} MB")
    starts = " and ".join(f"{result.first_reply:.2f} s, {result.idle_memory:.0f} MB" for result in results)
    lines.append(f"{'starts, idle memory':<40}{starts}")
    return "\n".join(lines)
