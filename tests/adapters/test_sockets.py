"""A peer that has vanished is noticed: on the sockets themselves, because nobody can unplug a cable of loopback."""

from __future__ import annotations

import asyncio
import socket

from bot.adapters.sockets import deaf_after


async def test_what_is_never_acknowledged_ends_the_connection() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        deaf_after(writer.transport, 30)
        raw = writer.get_extra_info("socket")
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
        writer.close()
        await writer.wait_closed()


async def test_what_is_no_tcp_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    _, writer = await asyncio.open_connection(sock=ours)
    deaf_after(writer.transport, 30)
    deaf_after(None, 30)
    writer.close()
    theirs.close()
