"""A bounded memory."""

from bot.adapters.xmpp.recent import Recent


def test_a_bounded_memory_forgets_the_longest_unseen() -> None:
    recent = Recent(2)
    assert recent.add("a")
    assert recent.add("b")
    assert not recent.add("a")
    assert recent.add("c")
    assert list(recent) == ["a", "c"]
    recent.discard("a")
    recent.discard("x")
    assert "a" not in recent
