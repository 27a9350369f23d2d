"""What each side of a managed stream has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.xmpp.sm import MODULO, WINDOW, Counts


def begun() -> Counts:
    counts = Counts()
    counts.begin("id")
    return counts


def test_only_what_is_done_in_order_is_handled() -> None:
    counts = begun()
    first, second, third = (counts.arrived() for _ in range(3))
    second.done()
    third.done()
    assert (counts.handled, counts.pending) == (0, 3)
    first.done()
    assert (counts.handled, counts.pending) == (3, 0)


@given(st.permutations(range(8)))
def test_the_count_is_that_of_the_longest_finished_beginning(order: list[int]) -> None:
    counts = begun()
    slots = [counts.arrived() for _ in range(8)]
    finished: set[int] = set()
    for n in order:
        slots[n].done()
        finished.add(n)
        assert counts.handled == next((n for n in range(8) if n not in finished), 8)


def test_after_a_cut_late_work_is_not_counted_twice() -> None:
    counts = begun()
    late = counts.arrived()
    counts.cut()
    again = counts.arrived()
    late.done()
    assert counts.handled == 0
    again.done()
    assert counts.handled == 1


def test_catching_up_is_told_once_it_happens() -> None:
    told: list[int] = []
    counts = Counts(lambda: told.append(counts.handled))
    counts.begin("id")
    first, second = counts.arrived(), counts.arrived()
    second.done()
    assert told == []
    first.done()
    assert told == [2]


def test_acknowledged_answers_are_confirmed_in_order() -> None:
    counts = begun()
    for n in range(4):
        counts.send(f"<m{n}/>", (n + 1, f"r{n}") if n != 1 else None)
    assert counts.due() == ["<m0/>", "<m1/>", "<m2/>", "<m3/>"]
    assert counts.acked(2) == [(1, "r0")]
    assert counts.acked(2) == []
    assert counts.acked(4) == [(3, "r2"), (4, "r3")]


@pytest.mark.parametrize("h", [3, 99, MODULO - 1])
def test_a_number_that_cannot_be_confirms_nothing(h: int) -> None:
    counts = begun()
    counts.send("<m/>", (1, "r"))
    counts.send("<m/>", (2, "r"))
    assert counts.acked(h) == []
    assert counts.unconfirmed == 2


def test_after_a_cut_the_unconfirmed_goes_first() -> None:
    counts = begun()
    counts.send("<old/>", (1, "old"))
    counts.send("<lost/>", (1, "lost"))
    assert counts.due() == ["<old/>", "<lost/>"]
    counts.cut()
    counts.send("<new/>", (1, "new"))
    assert counts.acked(1) == [(1, "old")]
    assert counts.due() == ["<lost/>", "<new/>"]


def test_an_answer_that_waits_is_not_queued_again() -> None:
    counts = begun()
    counts.send("<m/>", (1, "r"))
    counts.send("<m/>", (1, "r"))
    assert counts.due() == ["<m/>"]
    counts.acked(1)
    counts.send("<m/>", (1, "r"))
    assert counts.due() == ["<m/>"]


def test_no_more_than_a_window_is_under_way() -> None:
    counts = begun()
    line = "x" * 1000
    for n in range(30):
        counts.send(line, (1, str(n)))
    assert len(counts.due()) == WINDOW // 1000
    assert counts.due() == []
    assert counts.waiting
    counts.acked(5)
    assert len(counts.due()) == 5
    counts.acked(17)
    assert len(counts.due()) == 12
    counts.acked(29)
    assert len(counts.due()) == 1
    assert not counts.waiting


def test_the_window_counts_bytes_and_one_large_stanza_passes() -> None:
    counts = begun()
    for n in range(3):
        counts.send("费" * WINDOW, (1, str(n)))
    assert len(counts.due()) == 1


def test_in_a_new_session_the_unconfirmed_answers_go_first() -> None:
    """They are older than what is answered from now on; presence and typing of the old session are over."""
    counts = begun()
    counts.arrived().done()
    counts.send("<typing/>", None)
    for n in range(2):
        counts.send(f"<m{n}/>", (1, f"r{n}"))
    counts.due()
    counts.begin("other")
    counts.first("<presence/>")
    counts.send("<m2/>", (1, "r2"))
    counts.send("<m1/>", (1, "r1"))  # the outbox again
    assert counts.handled == 0
    assert counts.due() == ["<presence/>", "<m0/>", "<m1/>", "<m2/>"]
    assert counts.acked(3) == [(1, "r0"), (1, "r1")]


def test_without_management_a_new_session_starts_from_nothing() -> None:
    counts = begun()
    counts.send("<m/>", (1, "r"))
    counts.begin("", managed=False)
    assert (counts.handled, counts.unconfirmed, counts.due()) == (0, 0, [])
    counts.send("<m/>", (1, "r"))
    assert counts.acked(1) == [(1, "r")]


def test_numbers_wrap() -> None:
    counts = begun()
    counts.handled = MODULO - 1
    counts.arrived().done()
    assert counts.handled == 0
