"""Writes docs/functions.md: every function by brand and language, with the talk file that shows it.

`python scripts/functions.py` after a talk or a function was added; tests/test_functions.py notices when it was not.
`python scripts/functions.py tours` writes the tours anew: every function of a brand, once, by its name.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from pathlib import Path

from bot.adapters.watch import LogWatch
from bot.config import Config, load
from bot.model import Brand
from bot.paths import shipped
from bot.stage import MemoryStage, Own, stage_for
from bot.talk import Player, Talk, read
from bot.wiring import Words

ROOT = Path(__file__).parents[1]
TALKS = ROOT / "tests" / "talks"
PAGE = ROOT / "docs" / "functions.md"
LANGS = ("zh", "en")
TIME = "2026-05-10 12:00"
BRANDS = {Brand.GOTONE: "全球通", Brand.MZONE: "动感地带", Brand.EASYOWN: "神州行", Brand.GROUP: "集团"}
TALK = ("greet", "thanks", "bye", "help", "repeat", "back", "cancel", "bot_challenge")  # of every brand, too
Shown = dict[tuple[str, Brand, str], list[str]]  # intent, brand, language → talk files, a tour last


def talks() -> list[Path]:
    return [*sorted(TALKS.glob("*.talk")), *sorted((TALKS / "tour").glob("*.talk"))]


class Ear(LogWatch):
    """Hears which function answers."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def turn(self, conversation: str, intent: str, outcome: str, seconds: float) -> None:
        if intent and outcome.partition("/")[0] not in ("gate", "error"):
            self.heard.append(intent)


async def shown(config: Config, words: Words) -> Shown:
    """Which talk has which function answered, in which brand and language: found by playing all of them."""
    found: Shown = defaultdict(list)
    for path in talks():
        talk, ear, name = read(path), Ear(), str(path.relative_to(TALKS))
        stage = stage_for(config, talk, words, Own(watch=ear))
        player = Player(talk, stage)
        player.names |= {"password": stage.password, "number": stage.number}
        for line in talk.lines:
            await player.line(line)
            lang = stage.hall.sessions.session(stage.jid).lang
            for intent in ear.heard:
                files = found[intent, stage.hall.hall.lines[stage.number].account.brand, lang]
                files += [name] if name not in files else []
            ear.heard.clear()
    return found


def functions(brand: Brand, words: Words) -> list[str]:
    return [*TALK, *words.menus.brands[brand].functions()]


def page(found: Shown, words: Words) -> str:
    """The table, one row per function, two links per brand that has it."""
    rows = ["# Functions", "", *INTRODUCTION, ""]
    rows += [f"| function | 中文 | English | {' | '.join(BRANDS.values())} |", "|" + "---|" * (3 + len(BRANDS))]
    every = dict.fromkeys(name for brand in Brand for name in functions(brand, words))
    for name in every:
        intent = words.catalogue[name]
        cells = [_cell(found, name, brand) if name in functions(brand, words) else "–" for brand in BRANDS]
        rows.append(f"| `{name}` | {intent.title} | {intent.english} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


INTRODUCTION = (
    "Every function of the hall by brand and language, with a conversation that shows it: a file under `tests/talks`,",
    "played in memory and over a chat server by the tests. 全球通 GoTone, 动感地带 M-Zone, 神州行 Easyown, 集团 Group.",
    "Written by `python scripts/functions.py`, checked by `tests/test_functions.py`.",
)


def _cell(found: Shown, name: str, brand: Brand) -> str:
    return ", ".join(_link(found.get((name, brand, lang), []), lang) for lang in LANGS)


def _link(files: list[str], lang: str) -> str:
    return f"[{lang}](../tests/talks/{files[0]})" if files else f"{lang} –"


# --- tours ----------------------------------------------------------------------------------------------------------


async def tour(config: Config, words: Words, brand: Brand, lang: str) -> str:
    """Says the name of every function of a brand, and what comes first of each answer."""
    head = [
        "# Every function of the brand, once, by its name.",
        f"brand: {brand.value}",
        f"lang: {lang}",
        f"time: {TIME}",
    ]
    stage = stage_for(config, Talk("tour", {"brand": brand.value, "lang": lang, "time": TIME}, ()), words)
    tongue = words.tongues[lang]
    lines: list[str] = []
    await _say(stage, tongue.says("登录", "Log in"), lines)
    await _say(stage, stage.password, lines)
    last = ("logout", "bye")
    for name in (*(n for n in functions(brand, words) if n not in (*last, "login")), *last):
        await _say(stage, words.catalogue[name].called(tongue), lines)
        if await stage.state() != "idle":
            await _say(stage, tongue.says("取消", "cancel"), lines, quiet=True)
    return "\n".join([*head, *lines]) + "\n"


async def _say(stage: MemoryStage, text: str, lines: list[str], *, quiet: bool = False) -> None:
    answers = await stage.say(text)
    lines.append(f"> {'{password}' if text == stage.password else text}")
    if answers and not quiet:
        figures = re.sub(r"https?://\S+|[\d.:/-]*\d[\d.:/-]*", "*", answers[0].splitlines()[0])
        lines.append("< " + re.sub(r"\*+", "*", figures))


async def tours(config: Config, words: Words) -> None:
    (TALKS / "tour").mkdir(exist_ok=True)
    for brand in Brand:
        for lang in LANGS:
            file = TALKS / "tour" / f"{brand.value}.{lang}.talk"
            file.write_text(await tour(config, words, brand, lang), "utf-8")


async def main(what: list[str]) -> None:
    config = load(shipped("bot.yaml"))
    words = Words.of(config)
    if what == ["tours"]:
        await tours(config, words)
    PAGE.write_text(page(await shown(config, words), words), "utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
