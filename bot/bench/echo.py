"""The ceiling of the library: a slixmpp component that answers every message with its own text, nothing else."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

from slixmpp import ComponentXMPP
from slixmpp.stanza import Message

from bot.child import ready, until_told


class Echo(ComponentXMPP):
    def __init__(self, jid: str, secret: str, port: int) -> None:
        super().__init__(jid, secret, "127.0.0.1", port)  # type: ignore[no-untyped-call]  # slixmpp is half typed
        self.add_event_handler("message", self._heard)
        self.connected_now = asyncio.Event()
        self.add_event_handler("session_start", lambda _: self.connected_now.set())

    def _heard(self, message: Message) -> None:
        if message["type"] in {"chat", "normal"} and message["body"]:
            answer: Any = message
            answer.reply(message["body"]).send()


async def main(jid: str, port: int) -> None:
    """The secret is the first line of standard input, so that no list of processes shows it."""
    logging.basicConfig(level=logging.WARNING)
    echo = Echo(jid, sys.stdin.readline().strip(), port)
    echo.connect("127.0.0.1", port)
    await asyncio.wait_for(echo.connected_now.wait(), 10)
    ready(ready=True)
    await until_told(with_parent=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
