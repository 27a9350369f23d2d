"""The bench itself, short: every line is answered as expected on both chat servers. Of its gates those are held here
that a busy machine does not move: function calls and memory."""

import pytest

from bot.bench.ground import Server
from bot.bench.report import CALLS, MEMORY
from bot.bench.rounds import ROWS
from bot.bench.run import bench


@pytest.mark.parametrize("server", list(Server))
async def test_the_bench_runs(server: Server) -> None:
    first, result = await bench(1, 128, (ROWS[0], ROWS[0]), server=server)
    for one in (first, result):
        assert one.idle_memory <= MEMORY
        assert one.calls <= CALLS
        assert one.confirmations < 1.0
        assert 0 < one.share < 1
        assert min(one.alone, one.alone_echo, one.first_reply, one.idle_memory) > 0
