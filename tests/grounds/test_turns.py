"""Counting answers: the judge of "lost" and "doubled" must itself be right."""

from tests.grounds.turns import Turns, stem

STEM = "r" + "ABCDEFGHIJKLMNOPQR23"


def played(*events: str) -> Turns:
    """ ">a" sends line a, "r" hears a reply."""
    turns = Turns()
    for event in events:
        if event.startswith(">"):
            turns.sent(event[1:])
        else:
            turns.got(event)
    return turns


def test_replies_of_one_turn_share_their_stem() -> None:
    assert stem(f"{STEM}-1") == stem(f"{STEM}-12") == STEM
    assert stem("anything else-1") == "anything else-1"


def test_several_messages_of_one_turn_are_one_answer() -> None:
    turns = played(">a", f"{STEM}-1", f"{STEM}-2")
    assert (turns.unanswered, turns.doubled, turns.again) == ([], 0, 0)


def test_the_same_id_again_is_counted_apart() -> None:
    turns = played(">a", "x", "x", "x")
    assert (turns.unanswered, turns.doubled, turns.again) == ([], 0, 2)


def test_two_ids_for_one_line_are_doubled() -> None:
    turns = played(">a", "x", "y", ">b", "z")
    assert (turns.unanswered, turns.doubled) == ([], 1)


def test_answers_follow_the_order_of_the_lines() -> None:
    turns = played(">a", ">b", ">c", "x", "y")
    assert [turn.stems for turn in turns.turns] == [["x"], ["y"], []]
    assert turns.unanswered == ["c"]


def test_a_line_without_answer_is_lost() -> None:
    assert played(">a", ">b").unanswered == ["a", "b"]


def test_what_nobody_asked_for_is_no_answer() -> None:
    turns = played("welcome", ">a", "x")
    assert (turns.unasked, turns.unanswered, turns.doubled) == (["welcome"], [], 0)


def test_a_line_said_again_with_its_id_is_no_new_line() -> None:
    assert len(played(">a", ">a").turns) == 1


def test_only_the_first_message_of_a_turn_is_its_answer() -> None:
    turns = Turns()
    turns.sent("a")
    assert turns.got(f"{STEM}-1")
    assert not turns.got(f"{STEM}-2")
