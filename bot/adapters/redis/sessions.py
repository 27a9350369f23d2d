"""Inbox, session and outbox of every conversation in Redis: `accept`, `commit`, and what the sweeper finds."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import msgspec
import structlog

from bot.adapters.redis.claims import Claims
from bot.adapters.redis.handed import Answer, Reader, Unreadable
from bot.adapters.redis.keys import Keys, Names, partition_keys
from bot.adapters.redis.link import Link, Part, together
from bot.adapters.redis.pace import DEFAULT_PACE, Pace, library
from bot.adapters.redis.sealed import Box
from bot.adapters.redis.start import check_instance, check_policy, fix_partitions
from bot.adapters.redis.sweep import Sweeper
from bot.desk.model import Logged, Spoken
from bot.errors import Conflict, Unavailable
from bot.model import Message, Outgoing, Session
from bot.ports import Accepted, DeliveryRef, Owner, Seal, Settled, Swept, Taken, Turn, partition

log = structlog.get_logger(__name__)
Heard = Callable[[str, int, Sequence[Spoken], str], None]  # conversation, sequence number, lines, number or ""
NOBODY = ("", "")
MOST_IDS = 1000  # in one call: Lua's unpack has a limit
_form = msgspec.msgpack.Encoder().encode


def no_offset() -> int:
    return 0


class RedisSessions:
    """Sessions. `key` ≥ 32 bytes hides JIDs; `instance` names this process for ever; `offset` in ms moves the clock.

    `heard` is told what was said, once it counts; it must return at once.
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
        heard: Heard | None = None,
    ) -> None:
        self._link = link
        self._box = Box(seal)
        self._names = Names(key, partitions)
        self._instance = check_instance(instance)
        self._offset = offset
        self._heard = heard
        self._library = library(pace)
        self._claims = Claims(link, self._library, instance, offset, every=beat)
        self._sweeper = Sweeper(link, self._library, instance, partitions, offset)
        self._reader = Reader(self._box, self._claims)
        self._heart: asyncio.Task[None] | None = None
        self._keys = lru_cache(maxsize=4096)(self._keys_of_jid)
        self._known = lru_cache(maxsize=4096)(keys_of_conversation)
        self.unreadable = 0

    async def start(self) -> None:
        """ConfigError when this Redis must not be used, Unavailable when it is away."""
        await check_policy(self._link)
        await fix_partitions(self._link, self._names.partitions)
        await self._link.load(self._library)
        args = (self._offset(), self._instance, self._claims.boot)
        pairs = [partition_keys(p)[:2] for p in range(1, self._names.partitions + 1)]
        await asyncio.gather(*(self._link.call(self._library, "hello", pair, *args) for pair in pairs))
        await self.was_deaf()
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
        claim = self._claims.accepting(message.sender, own)
        call: asyncio.Future[Answer] = self._link.call(
            self._library,
            "accept",
            keys.five,
            self._offset(),
            claim,
            sealed,
            names.mark(b"id", own.encode()) if own else b"",
            names.mark(b"id", message.replaces.encode()) if message.replaces else b"",
            "1" if message.staff else "",
            *names.marks(message, body),
            read=self._reading(keys, message),
        )
        try:
            answer = await call
        except Unavailable:
            if own:
                self._claims.unanswered(message.sender, own, claim)
            raise
        if answer.handed:
            turn = await self._turn(keys, answer)
            return Accepted(Taken.YOURS, turn) if turn else Accepted(Taken.DONE)
        taken, _, tell = answer.word.partition(" ")
        return Accepted(Taken(taken), tell=bool(tell))

    async def commit(self, turn: Turn, session: Session, replies: Sequence[Outgoing]) -> Turn | None:
        return (await self.settle(turn, session, replies)).next

    async def settle(
        self,
        turn: Turn,
        session: Session,
        replies: Sequence[Outgoing],
        *,
        spoken: Sequence[Spoken] = (),
        owner: Owner | None = None,
    ) -> Settled:
        """`commit` that also tells whether the replies may be sent (owner and epoch still matched)."""
        keys = self._known(turn.conversation)
        try:
            answer: Answer = await self._link.call(
                self._library,
                "commit",
                keys.all,
                self._offset(),
                turn.claim,
                turn.entry,
                turn.version,
                turn.owner,
                turn.epoch,
                later=partial(self._committed, keys, session, spoken, owner, replies),
                read=self._reading(keys),
            )
        except Exception:  # unless the caller tries again in time, the claim runs out
            self._claims.forget(turn.conversation, turn.claim)
            raise
        sent = not answer.suppressed
        if self._heard and spoken and sent and answer.word != "conflict":
            account = session.account
            self._heard(turn.conversation, turn.seq, spoken, account.number if account else "")
        if answer.handed:
            return Settled(await self._turn(keys, answer), sent)
        self._claims.forget(turn.conversation, turn.claim)
        if answer.word == "conflict":
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
        await self._link.call(self._library, "give_back", keys.five, self._offset(), turn.claim)

    async def renew(self) -> None:
        """What the heart does every `beat` seconds: keep the claims of turns that are being worked."""
        await self._claims.renew()

    # --- the outbox --------------------------------------------------------------------------------------------

    async def append(self, conversation: str, replies: Sequence[Outgoing], *, spoken: Sequence[Spoken] = ()) -> str:
        if not replies:
            return "bot"
        keys = self._known(conversation)
        args = (self._offset(), self._box.put_lines(spoken, keys.log), *self._sealed(keys, replies))
        owner, seq = await self._link.call(self._library, "append", keys.all, *args)
        self._note(conversation, seq, spoken)
        return bytes(owner).decode()

    async def speak(
        self,
        conversation: str,
        owner: Owner | None,
        id: str,
        spoken: Sequence[Spoken],
        replies: Sequence[Outgoing] = (),
    ) -> int | None:
        keys = self._known(conversation)
        args = (self._names.mark(b"spoken", id.encode()), self._box.put_lines(spoken, keys.log))
        seq: int | None = await self._link.call(
            self._library, "speak", keys.all, self._offset(), *(owner or NOBODY), *args, *self._sealed(keys, replies)
        )
        self._note(conversation, seq, spoken)
        return seq

    async def own(
        self, conversation: str, owner: Owner, spoken: Sequence[Spoken] = (), replies: Sequence[Outgoing] = ()
    ) -> int | None:
        keys = self._known(conversation)
        lines = self._box.put_lines(spoken, keys.log)
        seq: int | None = await self._link.call(
            self._library, "own", keys.all, self._offset(), *owner, lines, *self._sealed(keys, replies)
        )
        self._note(conversation, seq, spoken)
        return seq

    def _note(self, conversation: str, seq: int | None, spoken: Sequence[Spoken]) -> None:
        if self._heard and seq and spoken:
            self._heard(conversation, seq, spoken, "")

    async def journal(self, conversation: str, after: int = 0, limit: int = 60) -> list[Logged]:
        keys = self._known(conversation)
        flat = await self._link.command("ZRANGE", keys.journal, f"({after}", "+inf", "BYSCORE", "WITHSCORES")
        pairs = [(int(float(score)), sealed) for sealed, score in zip(flat[::2], flat[1::2], strict=True)]
        return [Logged(seq, self._box.lines(sealed, keys.log)) for seq, sealed in pairs[-limit:]]

    async def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        groups: dict[int, list[str]] = defaultdict(list)
        for p, id in refs:
            if 1 <= p <= self._names.partitions:
                groups[p].append(id)
        await together(
            [
                self._link.call(self._library, "delivered", partition_keys(p)[2:], *ids[i : i + MOST_IDS])
                for p, ids in groups.items()
                for i in range(0, len(ids), MOST_IDS)
            ]
        )

    async def glance(self, conversation: str) -> Session:
        keys = self._known(conversation)
        sealed, last = await self._link.command("HMGET", keys.state, "d", "a")
        session, _ = self._box.session(sealed or b"", keys.session)
        return msgspec.structs.replace(session, last_at=int(last or 0))

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

    async def was_deaf(self) -> None:
        """Nobody told this process what was put into outboxes until now: the next sweep finds it, however new."""
        seconds, micros = await self._link.command("TIME")
        self._sweeper.since = int(seconds) * 1000 + int(micros) // 1000 + self._offset()

    def answers_for(self, conversation: str) -> bool:
        """Does this process send what others have put into the outbox of that conversation?"""
        return self._sweeper.answers_for(partition(conversation))

    async def outgoing(self, conversation: str, id: str) -> Outgoing | None:
        """A reply that waits in the outbox; None when it was delivered."""
        p = partition(conversation)
        raw: bytes | None = await self._link.command("HGET", partition_keys(p)[2], id)
        return self._box.reply(raw.partition(b" ")[2], f"{{c{p}}}:outbox:reply", id) if raw else None

    async def _take_up(self, keys: Keys) -> Turn | None:
        try:
            return await self._took(keys, "", "", "take")
        except Unavailable:  # the others that were taken must not be lost with it
            return None

    async def _take(self, turn: Turn, what: str) -> Turn | None:
        keys = self._known(turn.conversation)
        try:
            taken = await self._took(keys, turn.claim, turn.entry, what)
        except Exception:  # whether it is ours is not known: it must not be renewed with nobody at work
            self._claims.forget(turn.conversation, turn.claim)
            raise
        if taken is None:
            self._claims.forget(turn.conversation, turn.claim)
        return taken

    async def _took(self, keys: Keys, old: str, entry: str, what: str) -> Turn | None:
        args = (self._offset(), self._claims.new(), old, entry, what)
        return await self._turn(
            keys, await self._link.call(self._library, "take", keys.five, *args, read=self._reading(keys))
        )

    async def _drop_reply(self, p: int, id: str) -> None:
        self.unreadable += 1
        log.warning("redis.reply_unreadable", partition=p)
        await self.delivered([(p, id)])

    # --- reading and writing -----------------------------------------------------------------------------------

    def _reading(self, keys: Keys, message: Message | None = None) -> Callable[[bytes], Answer]:
        return partial(self._reader.answer, keys, message)

    async def _turn(self, keys: Keys, answer: Answer) -> Turn | None:
        """What was handed out; an entry that nobody can open makes room for the next."""
        handed = answer.handed
        if not isinstance(handed, Unreadable):
            return handed
        self.unreadable += 1
        log.warning("redis.entry_unreadable", conversation=keys.conversation, entry=handed.entry)
        return await self._took(keys, handed.claim, handed.entry, "drop")

    def _committed(
        self, keys: Keys, session: Session, spoken: Sequence[Spoken], owner: Owner | None, replies: Sequence[Outgoing]
    ) -> tuple[Part, ...]:
        return (
            self._box.put_session(session, keys.session),
            self._box.put_lines(spoken, keys.log),
            *(owner or NOBODY),
            *self._sealed(keys, replies),
        )

    def _sealed(self, keys: Keys, replies: Sequence[Outgoing]) -> list[str | bytes]:
        """id, mark, sealed of each reply in a row. The id is an HMAC of ours: it is its own mark."""
        flat: list[str | bytes] = []
        for reply in replies:
            flat += (reply.id, reply.id, self._box.put_reply(reply, keys.outbox))
        return flat

    def _keys_of_jid(self, bare: str) -> Keys:
        partition, name = self._names.hidden("jid", bare)
        return self._known(f"{partition}-{name}")


def keys_of_conversation(conversation: str) -> Keys:
    return Keys(partition(conversation), conversation)
