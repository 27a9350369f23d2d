"""The bench itself, short: every line is answered as expected on both chat servers. Of its gates those are held here
that a busy machine does not move: function calls and memory."""

import pytest

from bot.bench.ground import Server
from bot.bench.report import CALLS, MEMORY
from bot.bench.rounds import ROWS
from bot.bench.run import bench


@pytest.mark.parametrize("server", list(Server))
async def test_the_bench_runs(server: Server) -> None:
    (result,) = await bench(1, 128, ROWS[:1], server=server)
    assert result.calls <= CALLS
    assert result.idle_memory <= MEMORY
    assert result.confirmations < 1.0
    assert 0 < result.share < 1
    assert min(result.alone, result.alone_echo, result.first_reply, result.idle_memory) > 0
