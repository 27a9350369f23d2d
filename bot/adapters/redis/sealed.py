"""What rests in Redis: messages, sessions and replies as msgpack, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct as Packed

import msgspec

from bot.desk.model import Spoken
from bot.model import SCHEMA, Message, Outgoing, Session
from bot.ports import Seal

# The schema stands in front: a field that is left out because it has its default tells no version.
_schema = Packed(">H")
_FRONT = _schema.pack(SCHEMA)
_encode = msgspec.msgpack.Encoder(decimal_format="string").encode
_message = msgspec.msgpack.Decoder(Message)
_session = msgspec.msgpack.Decoder(Session)
_outgoing = msgspec.msgpack.Decoder(Outgoing)
_spoken = msgspec.msgpack.Decoder(tuple[Spoken, ...])


class Box:
    """`about` is the name of the key and the kind of text; it is bound by the seal."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def put_message(self, message: Message, about: str) -> bytes:
        return self._seal.seal(_encode(message), about)

    def message(self, sealed: bytes, about: str) -> Message | None:
        """None: nobody can read it any more."""
        try:
            return _message.decode(self._seal.open(sealed, about))
        except ValueError:  # msgspec's errors are ValueErrors too
            return None

    def put_session(self, session: Session, about: str) -> bytes:
        return self._seal.seal(_schema.pack(session.schema) + _encode(session), about)

    def session(self, sealed: bytes, about: str) -> tuple[Session, bool]:
        """(session, it had to start over)."""
        if not sealed:
            return Session(), False
        try:
            clear = self._seal.open(sealed, about)
            if clear.startswith(_FRONT):
                return _session.decode(clear[len(_FRONT) :]), False
        except ValueError:
            pass
        return Session(), True

    def put_reply(self, reply: Outgoing, about: str) -> bytes:
        return self._seal.seal(_encode(reply), about + ":" + reply.id)

    def reply(self, sealed: bytes, about: str, id: str) -> Outgoing | None:
        try:
            return _outgoing.decode(self._seal.open(sealed, about + ":" + id))
        except ValueError:
            return None

    def put_lines(self, lines: Sequence[Spoken], about: str) -> bytes:
        """Nothing when nothing was said."""
        return self._seal.seal(_encode(lines), about) if lines else b""

    def lines(self, sealed: bytes, about: str) -> tuple[Spoken, ...]:
        """Nothing when nobody can read it any more."""
        try:
            return _spoken.decode(self._seal.open(sealed, about))
        except ValueError:
            return ()
