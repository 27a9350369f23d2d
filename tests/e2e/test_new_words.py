"""`hallbot run` reads new words at work: at SIGHUP, and when a file changed; what is wrong changes nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import yaml

from bot.child import Child
from tests.e2e.hall import prepared

ASKED = "小移同学请报数"


def lines_of(log: Path) -> list[str]:
    return log.read_text("utf-8").splitlines()


async def said(log: Path, word: str, patience: float = 60.0) -> str:
    """The first log line with `word`."""
    async with asyncio.timeout(patience):
        while True:
            if found := [line for line in lines_of(log) if word in line]:
                return found[0]
            await asyncio.sleep(0.1)


async def test_new_words_are_read_at_work(tmp_path: Path) -> None:
    async with prepared(tmp_path / "hall", time=None) as hall:
        file, log = hall.folder / "bot.yaml", hall.folder / "bot.log"
        phrases = hall.folder / "words" / "phrases.txt"
        phrases.parent.mkdir()
        phrases.write_text("# ours\nbill.query | 月底那笔\n", encoding="utf-8")
        file.write_text(
            yaml.safe_dump(yaml.safe_load(file.read_text("utf-8")) | {"wording": "words"}, allow_unicode=True), "utf-8"
        )
        bot = Child("the bot", ["run", str(file), "--with-parent"], log)
        await bot.start(60.0)
        try:
            async with hall.talker(hall.fresh(), quiet=0.05) as customer:
                await customer.say("你好")
                [answer] = await customer.say(ASKED)
                assert "不是真人" not in answer
                phrases.write_text(f"bot_challenge | {ASKED}\n", encoding="utf-8")
                os.kill(bot.pid, signal.SIGHUP)
                await said(log, "wording_read")
                [answer] = await customer.say(ASKED)
                assert "不是真人" in answer
                phrases.write_text("bot_chalenge | 报数\n", encoding="utf-8")
                refused = await said(log, "wording_refused")
                assert "phrases.txt:1: there is no intent 'bot_chalenge', did you mean 'bot_challenge'?" in refused
                [answer] = await customer.say(ASKED)
                assert "不是真人" in answer
        finally:
            await bot.stop(15.0)
