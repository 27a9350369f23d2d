"""All talks, pure: the hall in memory, on a virtual clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config
from bot.stage import play
from bot.talk import read
from bot.wiring import Words

TALKS = sorted((Path(__file__).parent / "talks").rglob("*.talk"))


def test_there_are_talks() -> None:
    assert len(TALKS) >= 12


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_a_talk(path: Path, config: Config, words: Words) -> None:
    player = await play(config, read(path), words)
    assert player.transcript
    assert not any(player.stage.password in line for line in player.transcript)
