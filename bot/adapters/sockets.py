"""Connections whose other end has vanished without a word."""

from __future__ import annotations

import asyncio
import socket


def deaf_after(transport: asyncio.BaseTransport | None, seconds: int) -> None:
    """A peer that acknowledges nothing of what was sent for so long is gone; else Linux waits a quarter of an hour.

    Nothing is done for what is no TCP, or where the system has no TCP_USER_TIMEOUT (RFC 5482).
    """
    raw = transport.get_extra_info("socket") if transport else None
    if raw is not None and raw.family in (socket.AF_INET, socket.AF_INET6) and hasattr(socket, "TCP_USER_TIMEOUT"):
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
