"""What was said, as staff read it in a line each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.model import Logged
from bot.desk.text import marks, seen_by_others

_NAMES = {
    "zh": {"customer": "客户", "bot": "机器人", "desk": "系统", "note": "备注", "staff": "工号"},
    "en": {"customer": "Customer", "bot": "Bot", "desk": "Desk", "note": "Note ", "staff": "Staff "},
}


def transcript(log: Sequence[Logged], lang: str = "zh", cap: int = 1500, *, others: bool = False) -> str:
    """`客户：查话费`, a line each, the newest last; what does not fit is left out at the beginning.

    `others`: for who does not serve this customer.
    """
    colon = ": " if lang == "en" else "："
    said = [seen_by_others(line) if others else line for entry in log for line in entry.lines]
    lines = [f"{named(line.who, lang)}{colon}{_short(marks(line.words(lang), lang))}" for line in said]
    kept: list[str] = []
    for line in reversed(lines):
        if sum(map(len, kept)) + len(line) > cap:
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def named(who: str, lang: str = "zh") -> str:
    kind, _, staff = who.partition("/")
    return f"{_NAMES[lang][kind]}{staff}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 120 else f"{flat[:119]}…"
