"""What the bench says about figures: which gates hold, and which are missed."""

from bot.bench.report import gates, told
from bot.bench.rounds import ROWS, Result


def _result(echo: float = 60.0, hall: float = 120.0, alone: float = 0.002) -> Result:
    result = Result(ROWS[0], echo=[echo] * 3, hall=[hall] * 3, rate=[3000.0] * 3)
    result.calls, result.confirmations = 2.0, 0.3
    result.alone, result.alone_echo = alone, 0.001
    result.first_reply, result.idle_memory, result.memory = 1.2, 120.0, 150.0
    return result


def test_all_gates_hold() -> None:
    assert [gate.what for gate in gates([_result()]) if not gate.held] == []
    assert "MISSED" not in told([_result()])


def test_a_share_is_the_median_of_rounds_that_stood_side_by_side() -> None:
    result = _result()
    result.echo, result.hall = [60.0, 600.0, 60.0], [120.0, 1200.0, 60.0]  # one round in a busy moment, one lucky
    assert result.share == 0.5


def test_each_gate_can_be_missed() -> None:
    slow = _result(hall=200.0, alone=0.0035)
    slow.calls, slow.first_reply, slow.idle_memory = 2.1, 2.5, 141.0
    missed = [gate.what for gate in gates([slow]) if not gate.held]
    assert missed == [
        "query, exact word, warm cache",
        "function calls per message",
        "one customer alone waits (p50)",
        "cold start to first reply",
        "idle memory",
    ]
    assert told([slow]).count("MISSED") == len(missed)
