"""Inbox, session and outbox of every conversation in Redis: `accept`, `commit`, and what the sweeper finds."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec
import structlog

from bot.adapters.redis.claims import Claims
from bot.adapters.redis.keys import Keys, Names, partition_keys
from bot.adapters.redis.link import Link
from bot.adapters.redis.pace import DEFAULT_PACE, Pace, library
from bot.adapters.redis.resp import packed
from bot.adapters.redis.sealed import Box
from bot.adapters.redis.start import check_instance, check_policy, fix_partitions
from bot.adapters.redis.sweep import Sweeper
from bot.errors import Conflict, Unavailable
from bot.model import Message, Outgoing, Session
from bot.ports import Accepted, DeliveryRef, Seal, Settled, Swept, Taken, Turn, partition

log = structlog.get_logger(__name__)
MOST_IDS = 1000  # in one call: Lua's unpack has a limit
_form = msgspec.msgpack.Encoder().encode


def no_offset() -> int:
    return 0


class RedisSessions:
    """Sessions. `key` ≥ 32 bytes hides JIDs; `instance` names this process for ever; `offset` in ms moves the clock.

    `unreadable` counts entries and replies that were dropped because nobody can open them any more.
    """

    def __init__(
        self,
        link: Link,
        seal: Seal,
        *,
        key: bytes,
        instance: str,
        partitions: int = 256,
        pace: Pace = DEFAULT_PACE,
        offset: Callable[[], int] = no_offset,
        beat: float = 3.0,
    ) -> None:
        self._link = link
        self._box = Box(seal)
        self._names = Names(key, partitions)
        self._instance = check_instance(instance)
        self._offset = offset
        self._library = library(pace)
        self._claims = Claims(link, self._library, instance, offset, every=beat)
        self._sweeper = Sweeper(link, self._library, instance, partitions, offset)
        self._heart: asyncio.Task[None] | None = None
        self._keys = lru_cache(maxsize=4096)(self._keys_of_jid)
        self._known = lru_cache(maxsize=4096)(keys_of_conversation)
        self.unreadable = 0

    async def start(self) -> None:
        """ConfigError when this Redis must not be used, Unavailable when it is away."""
        await check_policy(self._link)
        await fix_partitions(self._link, self._names.partitions)
        await self._link.load(self._library)
        args = (self._now(), self._instance.encode(), self._claims.boot.encode())
        pairs = [partition_keys(p)[:2] for p in range(1, self._names.partitions + 1)]
        await asyncio.gather(*(self._link.call(self._library, "hello", packed(*pair), *args) for pair in pairs))
        self._heart = asyncio.create_task(self._claims.beat())

    async def close(self) -> None:
        """The link stays open: it may be shared."""
        heart, self._heart = self._heart, None
        if heart is not None:
            heart.cancel()
            await asyncio.gather(heart, return_exceptions=True)
            with contextlib.suppress(Unavailable):
                await self._sweeper.leave()

    # --- the road ----------------------------------------------------------------------------------------------

    def conversation(self, bare: str) -> str:
        return self._keys(bare).conversation

    async def accept(self, message: Message) -> Accepted:
        keys, names = self._keys(message.sender), self._names
        sealed = self._box.put_message(message, keys.inbox)
        body = message.text.encode() if message.form is None else _form((message.text, message.form))
        own = message.id or message.origin_id
        raw = await self._link.call(
            self._library,
            "accept",
            keys.five,
            self._now(),
            self._claims.new().encode(),
            sealed,
            names.mark(b"id", own.encode()) if own else b"",
            names.mark(b"id", message.replaces.encode()) if message.replaces else b"",
            *names.marks(message, body),
        )
        if raw.startswith(b"yours"):
            turn = await self._turn(keys, raw, message)
            return Accepted(Taken.YOURS, turn) if turn else Accepted(Taken.DONE)
        taken, _, tell = raw.decode().partition(" ")
        return Accepted(Taken(taken), tell=bool(tell))

    async def commit(self, turn: Turn, session: Session, replies: Sequence[Outgoing]) -> Turn | None:
        return (await self.settle(turn, session, replies)).next

    async def settle(self, turn: Turn, session: Session, replies: Sequence[Outgoing]) -> Settled:
        """`commit` that also tells whether the replies may be sent (owner and epoch still matched)."""
        keys = self._known(turn.conversation)
        head = (turn.claim, turn.entry, str(turn.version), turn.owner, str(turn.epoch))
        sealed = self._box.put_session(session, keys.session)
        try:
            raw: bytes = await self._link.call(
                self._library,
                "commit",
                keys.all,
                self._now(),
                *(part.encode() for part in head),
                sealed,
                *self._sealed(keys, replies),
            )
        except Unavailable:  # unless the caller tries again in time, the claim runs out
            self._claims.forget(turn.conversation, turn.claim)
            raise
        sent = not raw.startswith(b"suppressed ")
        raw = raw.removeprefix(b"suppressed ")
        if raw.startswith(b"yours"):
            return Settled(await self._turn(keys, raw), sent)
        self._claims.forget(turn.conversation, turn.claim)
        if raw == b"conflict":
            raise Conflict("the conversation moved on")
        return Settled(None, sent)

    async def again(self, turn: Turn) -> Turn | None:
        return await self._take(turn, "again")

    async def failed(self, turn: Turn) -> Turn | None:
        """Working it raised an exception: the same turn with one attempt more, None when another has it."""
        return await self._take(turn, "failed")

    async def set_aside(self, turn: Turn) -> None:
        self._claims.forget(turn.conversation, turn.claim)
        keys = self._known(turn.conversation)
        await self._link.call(self._library, "give_back", keys.five, self._now(), turn.claim.encode())

    async def renew(self) -> None:
        """What the heart does every `beat` seconds: keep the claims of turns that are being worked."""
        await self._claims.renew()

    # --- the outbox --------------------------------------------------------------------------------------------

    async def append(self, conversation: str, replies: Sequence[Outgoing]) -> None:
        if replies:
            keys = self._known(conversation)
            await self._link.call(self._library, "append", keys.all, self._now(), *self._sealed(keys, replies))

    async def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        groups: dict[int, list[bytes]] = defaultdict(list)
        for p, id in refs:
            if 1 <= p <= self._names.partitions:
                groups[p].append(id.encode())
        await asyncio.gather(
            *(
                self._link.call(self._library, "delivered", packed(*partition_keys(p)[2:]), *ids[i : i + MOST_IDS])
                for p, ids in groups.items()
                for i in range(0, len(ids), MOST_IDS)
            )
        )

    async def hand_over(self, conversation: str, owner: str) -> int:
        """Somebody else speaks from now on; the epoch that his replies must carry."""
        keys = self._known(conversation)
        epoch: int = await self._link.call(self._library, "hand_over", keys.five, owner.encode())
        return epoch

    async def suppressed(self, conversation: str) -> list[Outgoing]:
        """What the bot would have said after somebody else took over, oldest first."""
        keys = self._known(conversation)
        raws: list[bytes] = await self._link.command("LRANGE", keys.held, 0, -1)
        parts = [raw.partition(b" ") for raw in reversed(raws)]
        replies = [self._box.reply(sealed, keys.outbox, id.decode()) for id, _, sealed in parts]
        return [reply for reply in replies if reply is not None]

    # --- what others left behind -------------------------------------------------------------------------------

    async def sweep(self) -> Swept:
        peeked = await self._sweeper.peek()
        if not peeked:
            return Swept()
        waiting = [self._known(name) for names, _ in peeked.values() for name in names]
        taken = await asyncio.gather(*(self._take_up(keys) for keys in waiting))
        resend = []
        for p, (_, replies) in peeked.items():
            for id, _, sealed in replies:
                reply = self._box.reply(sealed, f"{{c{p}}}:outbox:reply", id)
                if reply is None:
                    await self._drop_reply(p, id)
                else:
                    resend.append(reply)
        return Swept(tuple(turn for turn in taken if turn), tuple(resend))

    async def _take_up(self, keys: Keys) -> Turn | None:
        try:
            return await self._took(keys, b"", b"", "take")
        except Unavailable:  # the others that were taken must not be lost with it
            return None

    async def _take(self, turn: Turn, what: str) -> Turn | None:
        keys = self._known(turn.conversation)
        taken = await self._took(keys, turn.claim.encode(), turn.entry.encode(), what)
        if taken is None:
            self._claims.forget(turn.conversation, turn.claim)
        return taken

    async def _took(self, keys: Keys, old: bytes, entry: bytes, what: str) -> Turn | None:
        args = (self._now(), self._claims.new().encode(), old, entry, what.encode())
        raw: bytes = await self._link.call(self._library, "take", keys.five, *args)
        return await self._turn(keys, raw) if raw.startswith(b"yours") else None

    async def _drop_reply(self, p: int, id: str) -> None:
        self.unreadable += 1
        log.warning("redis.reply_unreadable", partition=p)
        await self.delivered([(p, id)])

    # --- reading and writing -----------------------------------------------------------------------------------

    async def _turn(self, keys: Keys, raw: bytes, message: Message | None = None) -> Turn | None:
        line, _, rest = raw.partition(b"\n")
        _, entry, previous, attempts, version, owner, epoch, claim, now, size = line.decode().split(" ")
        length = int(size)
        if length or message is None:
            message = self._box.message(rest[:length], keys.inbox)
        self._claims.hold(keys, claim)
        if message is None:
            self.unreadable += 1
            log.warning("redis.entry_unreadable", conversation=keys.conversation, entry=entry)
            return await self._took(keys, claim.encode(), entry.encode(), "drop")
        session, reset = self._box.session(rest[length:], keys.session)
        at = int(entry.partition("-")[0])
        return Turn(
            conversation=keys.conversation,
            entry=entry,
            at=at,
            age=int(now) - at,
            message=message,
            session=session,
            version=int(version),
            owner=owner,
            epoch=int(epoch),
            claim=claim,
            attempts=int(attempts),
            previous_at=int(previous),
            reset=reset,
        )

    def _sealed(self, keys: Keys, replies: Sequence[Outgoing]) -> list[bytes]:
        """id, mark, sealed of each reply in a row."""
        flat: list[bytes] = []
        for reply in replies:
            id = reply.id.encode()
            flat += (id, self._names.mark(b"reply", id), self._box.put_reply(reply, keys.outbox))
        return flat

    def _now(self) -> bytes:
        return b"%d" % self._offset()

    def _keys_of_jid(self, bare: str) -> Keys:
        partition, name = self._names.hidden("jid", bare)
        return self._known(f"{partition}-{name}")


def keys_of_conversation(conversation: str) -> Keys:
    return Keys(partition(conversation), conversation)
