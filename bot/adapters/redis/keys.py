"""Names of keys: a JID or a number appears only as its HMAC, every key of a family in one slot."""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache
from hashlib import blake2b, sha256

from bot.errors import ConfigError
from bot.model import Message

LEAST = 32  # bytes
MARK = 12  # bytes: 2^48 messages of one sender in a day before two would be taken for one


class Names:
    """`key` ≥ 32 bytes. `partitions` is fixed at the first start."""

    def __init__(self, key: bytes, partitions: int) -> None:
        if len(key) < LEAST:
            raise ConfigError(f"the key for names in Redis is shorter than {LEAST} bytes")
        if not 1 <= partitions <= 256:
            raise ConfigError("partitions must be 1 to 256")
        self._key = bytes(key)
        self._marks = blake2b(key=sha256(b"mark" + self._key).digest(), digest_size=MARK)
        self.partitions = partitions

    def __repr__(self) -> str:
        return f"Names({self.partitions} partitions)"

    def hidden(self, kind: str, value: str) -> tuple[int, str]:
        """(partition, base32 of the HMAC)."""
        digest = hmac.digest(self._key, f"{kind}\0{value}".encode(), "sha256")
        name = base64.b32encode(digest[:15]).decode().lower()
        return 1 + int.from_bytes(digest[-4:], "big") % self.partitions, name

    def mark(self, *parts: bytes) -> bytes:
        """A keyed hash: what was marked cannot be found by trying (a body may be a code)."""
        mark = self._marks.copy()
        mark.update(b"".join([b"%d:%b" % (len(part), part) for part in parts]))
        return mark.digest()

    def marks(self, message: Message, body: bytes) -> list[bytes]:
        """How a message is known again: its stanza-id, or the sender's own id together with the body."""
        found = []
        if message.stanza_id:
            found.append(self.mark(b"stanza", message.stanza_id.encode()))
        own = message.origin_id or message.id
        if own:
            found.append(self.mark(b"own", own.encode(), body))
        return found


class Keys:
    """The keys of one conversation, and what its sealed texts are bound to."""

    __slots__ = (
        "all",
        "conversation",
        "five",
        "held",
        "inbox",
        "journal",
        "log",
        "outbox",
        "partition",
        "session",
        "state",
    )

    def __init__(self, partition: int, conversation: str) -> None:
        front = f"{{c{partition}}}"
        self.partition = partition
        self.conversation = conversation
        names = ("meta", "waiting", f"s:{conversation}", f"i:{conversation}", f"n:{conversation}", "outbox", "unsure")
        keys = [f"{front}:{name}".encode() for name in (*names, f"x:{conversation}", f"j:{conversation}")]
        self.state = keys[2]
        self.held = keys[7]
        self.journal = keys[8]
        self.five = tuple(keys[:5])
        self.all = tuple(keys)
        self.session = f"{front}:s:{conversation}:session"
        self.inbox = f"{front}:i:{conversation}:message"
        self.outbox = f"{front}:outbox:reply"
        self.log = f"{front}:j:{conversation}:lines"


@lru_cache(maxsize=256)
def partition_keys(partition: int) -> tuple[bytes, bytes, bytes, bytes]:
    """meta, waiting, outbox, unsure."""
    meta, waiting, outbox, unsure = (f"{{c{partition}}}:{n}".encode() for n in ("meta", "waiting", "outbox", "unsure"))
    return meta, waiting, outbox, unsure
