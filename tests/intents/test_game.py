"""1A2B: marks, points, a whole game, and what digits mean while one is on."""

from __future__ import annotations

import pytest

from bot.adapters.memory.hall import NUMBERS
from bot.config import Config
from bot.dialog import Ask, Command, Leave, Match, Remind, advance
from bot.gate import MINUTE, Limits, age
from bot.intents.game import GUESSES, marks, points_for
from bot.model import Brand, Idle, Playing, Score
from bot.wiring import Words
from tests.support.counter import Counter
from tests.support.samples import AT, session


@pytest.mark.parametrize(
    ("secret", "guess", "found"),
    [
        ("1234", "1234", (4, 0)),
        ("1234", "4321", (0, 4)),
        ("1234", "5678", (0, 0)),
        ("0123", "0321", (2, 2)),
        ("9081", "9810", (1, 3)),
    ],
)
def test_marks(secret: str, guess: str, found: tuple[int, int]) -> None:
    assert marks(secret, guess) == found


def test_points() -> None:
    assert [points_for(n) for n in (1, 2, 10, 11)] == [100, 90, 10, 10]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("1234", Ask),
        ("1 2 3 4", Ask),
        ("１２３４", Ask),
        ("1", Ask),
        ("246810", Ask),
        ("0", Command),
        ("退出", Leave),
        ("不玩了", Leave),
        ("取消", Leave),
        ("人工", Command),
        ("帮助", Command),
        ("查话费", Match),
        ("?!", Remind),
    ],
)
def test_what_is_said_in_a_game(text: str, step: type) -> None:
    assert isinstance(advance(session(Playing("1234", at=AT)), text, AT, Limits()), step)


def test_a_game_outlives_the_log_in_and_not_ten_minutes() -> None:
    playing = session(Playing("1234", at=AT))
    assert isinstance(age(playing, AT + 6 * MINUTE, Limits()).session.state, Playing)
    gone = age(playing, AT + 11 * MINUTE, Limits())
    assert isinstance(gone.session.state, Idle)
    assert "note/expired" in gone.notes
    assert "1234" not in repr(playing.state)


async def playing(config: Config, words: Words) -> tuple[Counter, str]:
    counter = Counter(config, words, number=NUMBERS[Brand.MZONE])
    await counter.tell("玩游戏")
    assert isinstance(counter.stands, Playing)
    return counter, counter.stands.secret


async def test_a_game_is_won_and_the_best_is_kept(config: Config, words: Words) -> None:
    counter, secret = await playing(config, words)
    wrong = next(n for n in ("0123", "4567", "8901") if n != secret)
    assert "还剩9次" in await counter.tell(wrong)
    assert "用了2次，得90分" in await counter.tell(secret)
    assert counter.session.score == Score(90, 2, 1)
    await counter.tell("再来一局")
    assert isinstance(counter.stands, Playing)
    assert "新纪录" in await counter.tell(counter.stands.secret)
    assert counter.session.score == Score(190, 1, 2)


async def test_a_game_is_lost_after_the_last_guess(config: Config, words: Words) -> None:
    counter, secret = await playing(config, words)
    wrong = next(n for n in ("0123", "4567") if n != secret)
    for _ in range(GUESSES - 1):
        assert "还剩" in await counter.tell(wrong)
    assert f"答案是{secret}" in await counter.tell(wrong)
    assert isinstance(counter.stands, Idle)
    assert counter.session.score == Score()


async def test_games_differ(config: Config, words: Words) -> None:
    counter, _ = await playing(config, words)
    secrets = set()
    for _ in range(8):
        await counter.tell("退出", "玩游戏")
        assert isinstance(counter.stands, Playing)
        secrets.add(counter.stands.secret)
    assert len(secrets) > 5
    assert all(len(set(secret)) == 4 for secret in secrets)
