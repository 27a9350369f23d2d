"""A whole 详单 as CSV that spreadsheets open as it is meant: with a BOM, and no cell that is a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from bot.model import Detail, Export
from bot.ports import Hall
from bot.words import KINDS, yuan

PAGE = 200
MOST = 5000  # records; nobody has more in a month
BOM = "﻿"
_HEADS = {
    "zh": ("时间", "类型", "对方", "时长（秒）", "条数", "流量（KB）", "地点", "费用（元）"),
    "en": ("time", "kind", "other party", "seconds", "messages", "KB", "place", "charge (yuan)"),
}


async def records(hall: Hall, export: Export) -> list[Detail]:
    """All of them, page by page. Unavailable, Refused."""
    found: list[Detail] = []
    while len(found) < MOST:
        page = await hall.details(export.account, export.month, export.kind, len(found), PAGE)
        found += page.items
        if not page.items or len(found) >= page.total:
            break
    return found


def written(export: Export, found: Iterable[Detail]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    lang = "en" if export.lang.startswith("en") else "zh"
    writer.writerow(_HEADS[lang])
    for one in found:
        size = {"sms": ("", one.size, ""), "data": ("", "", one.size)}.get(one.kind, (one.size, "", ""))
        kind = KINDS.get(one.kind, one.kind) if lang == "zh" else one.kind
        row = (f"{one.at:%Y-%m-%d %H:%M:%S}", kind, one.peer, *size, one.place, yuan(one.amount))
        writer.writerow([harmless(str(cell)) for cell in row])
    return (BOM + text.getvalue()).encode()


def harmless(cell: str) -> str:
    """What a spreadsheet would calculate is shown instead; numbers stay numbers."""
    risky = cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    return f"'{cell}" if risky and not cell.lstrip("-").replace(".", "", 1).isdecimal() else cell


def file_name(export: Export) -> str:
    """Says what it is, and not whose."""
    return f"{export.month}-{export.kind}.csv"
