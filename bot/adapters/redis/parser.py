"""redis-py's parser, from which the answers that are there already are taken without its layers."""

from __future__ import annotations

from typing import Any

from redis.asyncio.connection import AbstractConnection, DefaultParser
from redis.exceptions import ConnectionError


class Parser(DefaultParser):  # type: ignore[misc, valid-type]  # whichever it is: that of hiredis, as we depend on it
    """Belongs to one connection, whose `read_response` waits for the first answer of a batch."""

    def on_connect(self, connection: AbstractConnection) -> None:
        super().on_connect(connection)
        self._nothing = self._reader.gets()  # what stands for an answer that is not there yet

    def rest(self, most: int) -> list[Any]:
        """Answers that have arrived behind the last one, errors of Redis among them as they are."""
        answers: list[Any] = []
        gets, nothing = self._reader.gets, self._nothing
        while len(answers) < most and (answer := gets()) is not nothing:
            if isinstance(answer, ConnectionError):
                raise answer
            answers.append(answer)
        return answers
