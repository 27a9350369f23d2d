"""Words read again at work: swapped when they are good, kept when they are not, and nobody waits."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from bot.errors import ConfigError
from bot.intents.answers import Answers
from bot.intents.base import Catalogue
from bot.intents.match import Matcher
from bot.intents.reload import Reloading


class Told(list[tuple[str, str]]):
    def __call__(self, event: str, about: str) -> None:
        self.append((event, about))


def small(catalogue: Catalogue, *outside: str) -> Matcher:
    """A matcher of few phrases: built in a moment."""
    few = [type(i)(i.name, i.title, i.run, i.says[:2], i.proof, i.changes, i.brands) for i in catalogue]
    return Matcher(Catalogue(few), outside)


async def test_a_good_one_takes_over(catalogue: Catalogue) -> None:
    told, fresh = Told(), small(catalogue, "话费有关的怪话")
    reloading = Reloading(small(catalogue), lambda: fresh, told, ())
    assert await reloading.reload()
    assert reloading("话费有关的怪话").decision == "none"
    assert told == [("wording_read", "the new words are at work")]


async def test_answers_are_read_again_with_the_words(catalogue: Catalogue) -> None:
    old, fresh = small(catalogue), small(catalogue)
    fresh.answers = Answers(old.answers.entries[:1])
    reloading = Reloading(old, lambda: fresh, Told(), ())
    assert reloading.answers() is old.answers
    assert await reloading.reload()
    assert reloading.answers() is fresh.answers


async def test_a_refused_one_leaves_the_old(catalogue: Catalogue) -> None:
    def build() -> Matcher:
        raise ConfigError("lexicon.txt:3: no")

    told, old = Told(), small(catalogue)
    reloading = Reloading(old, build, told, ())
    assert not await reloading.reload()
    assert reloading("查话费") == old("查话费")
    assert told == [("wording_refused", "the old words stay: lexicon.txt:3: no")]


async def test_a_file_that_changed_is_seen_and_nobody_waits_for_it(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "phrases.txt").write_text("a", encoding="utf-8")
    told, longest = Told(), 0.0
    reloading = Reloading(small(catalogue), lambda: small(catalogue), told, (tmp_path,))
    watching = asyncio.create_task(reloading.watch())
    try:
        await asyncio.sleep(0)
        (tmp_path / "phrases.txt").write_text("ab", encoding="utf-8")
        async with asyncio.timeout(60):
            while not told:
                before = asyncio.get_running_loop().time()
                await asyncio.sleep(0.01)
                longest = max(longest, asyncio.get_running_loop().time() - before)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    assert told[0][0] == "wording_read"
    assert longest < 1.0  # while hundreds of phrases were learned, on a machine that does other things too


async def test_being_asked_is_enough(catalogue: Catalogue) -> None:
    told = asyncio.Event()
    reloading = Reloading(small(catalogue), lambda: small(catalogue), lambda *_: told.set(), ())
    watching = asyncio.create_task(reloading.watch())
    reloading.ask()
    await asyncio.wait_for(told.wait(), 60)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
