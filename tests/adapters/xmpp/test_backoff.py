"""How long to wait."""

from bot.adapters.xmpp.backoff import Backoff


def test_back_off_grows_to_a_minute_and_starts_over() -> None:
    backoff = Backoff()
    assert backoff.next(100) <= 0.5
    for ceiling in (1, 2, 4, 8, 16, 32, 60, 60):
        assert ceiling / 2 <= backoff.next(0) <= ceiling
    assert backoff.next(0.5) >= 30
    assert backoff.next(5) <= 0.5
