"""What is around the words changes nothing: blanks, punctuation, fillers, width; what is denied is not done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intents import judged
from bot.intents.base import Catalogue
from bot.intents.match import Found, Matcher
from bot.intents.text import clean, quiet
from bot.intents.wording import Wording
from tests.intents.operations import CHANGES

Change = Callable[[str], str]


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


def spaced(text: str) -> str:
    return text if any(c.isascii() for c in text) else " ".join(text)


AROUND: dict[str, Change] = {
    "full width": wide,
    "blanks inside": spaced,
    "blanks around": lambda text: f"  \n{text}\t ",
    "bangs": lambda text: f"{text}！！！",
    "dots": lambda text: f"{text}……",
    "quotes": lambda text: f"“{text}”",
    "a face": lambda text: f"{text}😊",
    "please": lambda text: f"请问{text}",
    "hello": lambda text: f"你好，{text}",
    "trouble": lambda text: f"麻烦您{text}",
    "thanks": lambda text: f"{text}，谢谢",
    "breath before": lambda text: f"嗯{text}",
    "breath behind": lambda text: f"{text}啊",
    "laughing": lambda text: f"{text}哈",
    "waves": lambda text: f"{text}~~",
    "nothing to see": "\u200b".join,
    "shouting": str.upper,
}


@pytest.fixture(scope="module")
def messages(catalogue: Catalogue) -> list[str]:
    """Messages that are no phrases: they go through the engine."""
    return [text for text, _ in judged.messages(frozenset(intent.name for intent in catalogue))]


@pytest.mark.parametrize("around", AROUND)
def test_what_is_around_the_words_never_changes_the_intent(around: str, messages: list[str], matcher: Matcher) -> None:
    changed = [text for text in messages[::2] if _other(matcher(text), matcher(AROUND[around](text)))]
    assert changed == []


def _other(before: Found, after: Found) -> bool:
    """Another intent; at the very edge of a bar the decision may move by a hair."""
    if {before.decision, after.decision} == {"act", "none"}:
        return True
    return "none" not in (before.decision, after.decision) and before.intents[0] != after.intents[0]


@given(st.text(max_size=60))
def test_quieting_twice_is_quieting_once(raw: str) -> None:
    text = clean(raw)
    once = quiet(text)
    assert len(once) <= len(text)
    assert bool(once) == bool(text)


DENIALS = ("不要", "别", "不用", "先不", "千万别给我", "我没让你", "不想", "没说要", "别再", "不需要")
DOUBTS = ("谁给我", "什么时候", "如果", "为什么", "怎么会", "是不是已经", "上次", "他们", "听说")


@pytest.fixture(scope="module")
def wishes(catalogue: Catalogue) -> list[tuple[str, str]]:
    """(phrase, intent) of what changes something, said plainly."""
    phrases = (*catalogue.phrases(), *Wording.read(catalogue).phrases)
    return [(say, name) for say, name in phrases if name in CHANGES and "一" <= say[0] <= "龥"]


@settings(max_examples=400)
@given(data=st.data())
def test_a_denied_or_doubted_operation_is_never_acted_on(
    data: st.DataObject, wishes: list[tuple[str, str]], matcher: Matcher
) -> None:
    say, intent = data.draw(st.sampled_from(wishes))
    text = data.draw(st.sampled_from((*DENIALS, *DOUBTS))) + say
    found = matcher(text)
    exact = found.decision == "act" and found.score == 100  # 不用来电显示了 is a wish of its own
    assert exact or found.decision != "act" or found.intents[0] != intent, text
