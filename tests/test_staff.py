"""How often one may be wrong at the desk's doors, and who is kept out by whom."""

from __future__ import annotations

import pytest

from bot.adapters.xmpp.jids import address
from bot.model import Ms
from bot.staff import LOCK, LONGEST, Doors, Screen, Tries, jid_of, lock_for, passed, screen, tried

NOW: Ms = 1_795_000_000_000
NONE, FOUR, OPEN_AGAIN, LOCKED = Tries(), Tries(4), Tries(5, NOW), Tries(6, NOW + 1)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("gh1207@im.example", "gh1207@im.example"),
        (" GH1207@IM.Example/desk ", "gh1207@im.example"),
        ("ｇｈ1207@im.example", "gh1207@im.example"),
        ("Straße@im.example", "strasse@im.example"),
        ("", ""),
    ],
)
def test_a_jid_is_kept_as_servers_stamp_it(text: str, wanted: str) -> None:
    assert jid_of(text) == wanted
    if wanted:
        known = address(text.strip())
        assert known
        assert known.bare == wanted


@pytest.mark.parametrize("text", ["im.example", "a@@b", "@im.example", "a@", "a b@im.example", "a@im.example@x", "/x"])
def test_what_is_no_jid_of_a_person(text: str) -> None:
    with pytest.raises(ValueError, match="must be the address of an account"):
        jid_of(text)


@pytest.mark.parametrize(
    ("doors", "then"),
    [
        (Doors(NONE), Doors(Tries(1))),
        (Doors(FOUR), Doors(Tries(5, NOW + LOCK))),
        (Doors(OPEN_AGAIN), Doors(Tries(6, NOW + 2 * LOCK))),
        (Doors(LOCKED), None),
        (Doors(LOCKED, NONE), Doors(LOCKED, Tries(1))),  # a known browser does not ask how strangers fare
        (Doors(NONE, FOUR), Doors(NONE, Tries(5, NOW + LOCK))),
        (Doors(NONE, LOCKED), None),
        (Doors(LOCKED, LOCKED), None),
        (Doors(LOCKED, OPEN_AGAIN), Doors(LOCKED, Tries(6, NOW + 2 * LOCK))),
    ],
)
def test_a_try_counts_at_the_door_it_is_made(doors: Doors, then: Doors | None) -> None:
    assert tried(doors, NOW) == then


@pytest.mark.parametrize(
    ("doors", "then"),
    [
        (Doors(FOUR), Doors(NONE)),
        (Doors(LOCKED), Doors(NONE)),  # it was the fifth try, and right
        (Doors(FOUR, FOUR), Doors(NONE, NONE)),
        (Doors(OPEN_AGAIN, FOUR), Doors(NONE, NONE)),
        (Doors(LOCKED, FOUR), Doors(LOCKED, NONE)),  # who guesses gets no fresh tries
    ],
)
def test_a_right_log_in_forgives(doors: Doors, then: Doors) -> None:
    assert passed(doors, NOW) == then


@pytest.mark.parametrize(
    ("wrong", "lock"), [(0, 0), (4, 0), (5, LOCK), (6, 2 * LOCK), (11, 64 * LOCK), (12, LONGEST), (9999, LONGEST)]
)
def test_a_lock_doubles_up_to_a_day(wrong: int, lock: Ms) -> None:
    assert lock_for(wrong) == lock


@pytest.mark.parametrize(
    ("wrong", "right", "found"),
    [
        (1, True, Screen.OPEN),
        (1, False, Screen.WRONG),
        (4, False, Screen.WRONG),
        (5, True, Screen.OPEN),
        (5, False, Screen.OVER),
        (6, True, Screen.OVER),
    ],
)
def test_five_tries_at_a_locked_screen(wrong: int, right: bool, found: Screen) -> None:
    assert screen(wrong, right) is found
