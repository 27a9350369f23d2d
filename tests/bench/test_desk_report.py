"""What the bench of the desk says: what a full desk takes from the bot, and whether that is too much."""

import pytest

from bot.bench.desk import IDLE, Found
from bot.bench.desk_report import gates, told
from bot.bench.shifts import SHIFTS, Shift

SETTLED = 0.4e-3  # seconds per message in which the last confirmations come


def _found(shift: Shift, silent: float, rate: float, message: float) -> Found:
    """`message`: seconds of CPU that one message costs beside what the desk takes."""
    took = 1 / rate + SETTLED
    cpu = (message + silent * took) * 1e6
    return Found(shift, rate=[rate] * 3, cpu=[cpu] * 3, took=[took] * 3, silent=[silent] * 3, waits=[0.02] * 100)


def _idle() -> Found:
    return _found(IDLE, 0.02, 1000.0, 300e-6)


def _full(silent: float, rate: float = 900.0, message: float = 300e-6) -> Found:
    return _found(SHIFTS[0], silent, rate, message)


def test_what_the_desk_takes_is_counted_once_however_few_messages_share_it() -> None:
    for rate in (100.0, 900.0, 3000.0):
        assert _full(0.05, rate).dropped(_idle()) == pytest.approx(1 - 0.95 / 0.98)


def test_dearer_messages_count_too() -> None:
    assert _full(0.02, message=400e-6).dropped(_idle()) == pytest.approx(0.25)


def test_the_gate_holds_up_to_a_tenth() -> None:
    assert [gate.held for gate in gates([_idle(), _full(0.05), _full(0.2)])] == [True, False]
    assert told([_idle(), _full(0.05), _full(0.2)]).count("MISSED") == 1


def test_the_rate_on_this_machine_is_told_beside_it() -> None:
    assert "-10% (-10%…-10% by rounds)" in told([_idle(), _full(0.05)])


def test_with_the_work_of_the_desk_counted_to_the_messages_they_are_dearer_by_all_of_it() -> None:
    idle = _found(IDLE, 0.0, 1000.0, 250e-6)
    assert _full(0.02, 1000.0, 250e-6).dearer(idle) == pytest.approx(0.02 * (1e-3 + SETTLED) / 250e-6)
    assert "CPU per message, the desk's work counted to it" in told([idle, _full(0.05)])
