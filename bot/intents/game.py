"""游戏: 猜数字 (1A2B), played in the chat. Where it stands is in the session, the score too."""

from __future__ import annotations

import hashlib
from random import Random

from msgspec.structs import replace

from bot.intents.base import Call, Intent, said
from bot.model import Answer, Brand, Playing, Proof, Reply, Score

DIGITS = 4
GUESSES = 10


async def play(call: Call) -> Answer:
    """Starts, takes a guess, says how it stands, or ends it, by what was said and whether a game is on."""
    game = call.session.state
    if not isinstance(game, Playing):
        return _begin(call) if call.slots.kind != "over" else Reply("game/none")
    if call.slots.kind == "over":
        return _over(call, game)
    guess, left = call.slots.text, GUESSES - len(game.guesses)
    game = replace(game, at=call.at)
    if not guess:
        return _rules(call, game, left)
    if len(guess) != DIGITS or len(set(guess)) != DIGITS:
        return Reply("game/wrong", guess=guess[:12], left=left, state=game)
    return _guessed(call, replace(game, guesses=(*game.guesses, guess)))


def _begin(call: Call) -> Reply:
    """The same number when the turn is run again: it follows from the turn, which no customer can choose."""
    seed = hashlib.sha256(f"1A2B {call.key}".encode()).digest()
    game = Playing("".join(Random(seed).sample("0123456789", DIGITS)), at=call.at)
    return _rules(call, game, GUESSES)


def _rules(call: Call, game: Playing, left: int) -> Reply:
    return Reply("game/play", left=left, best=call.session.score.best, state=game)


def _over(call: Call, game: Playing) -> Reply:
    return Reply("game/over", answer=game.secret, guesses=len(game.guesses), total=call.session.score.points)


def _guessed(call: Call, game: Playing) -> Reply:
    n, before = len(game.guesses), call.session.score
    if game.guesses[-1] == game.secret:
        points = points_for(n)
        after = Score(before.points + points, min(before.best or n, n), before.won + 1)
        record = n < before.best
        return Reply("game/won", guesses=n, points=points, after=after, record=record, score=after)
    if n >= GUESSES:
        return _over(call, game)
    history = [(guess, *marks(game.secret, guess)) for guess in game.guesses]
    return Reply("game/guess", history=history, left=GUESSES - n, state=game)


def marks(secret: str, guess: str) -> tuple[int, int]:
    """(A, B): digits in their place, digits elsewhere."""
    places = sum(a == b for a, b in zip(secret, guess, strict=True))
    return places, len(set(secret) & set(guess)) - places


def points_for(guesses: int) -> int:
    """100 for the first guess, 10 less for each more, at least 10."""
    return max(110 - 10 * guesses, 10)


INTENTS = (
    Intent(
        "game.play",
        "玩游戏",
        play,
        said(
            "游戏 来个游戏 我要玩游戏 有什么游戏 陪我玩游戏 无聊玩个游戏 小游戏 玩一把 开始游戏 猜数字 "
            "来玩猜数字 猜谜游戏 游戏菜单 再来一局 yx youxi wanyouxi play_a_game game 玩遊戲 整个游戏耍耍 play_again"
        ),
        proof=Proof.OPEN,
        brands=frozenset({Brand.MZONE}),
    ),
)
