"""A road that says back what it hears: real journal, duplicates and outbox, but in memory."""

import asyncio
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256

from bot.model import Field as FormField
from bot.model import Form, Kind, Message, Outgoing
from bot.ports import DeliveryRef, Wire, partition

FORM = Form(title="登录", instructions="请输入服务密码", fields=(FormField("password", "服务密码", "text-private"),))


class EchoRoad:
    """Answers each message once, in order, and sends again what nobody confirmed, always under the same id."""

    def __init__(self, *, sweep: float | None = None, reply: Callable[[Message], str] | None = None) -> None:
        self.wire: Wire | None = None
        self.heard: list[Message] = []
        self.again = self.refused = 0
        self.confirmed: Counter[str] = Counter()
        self.outbox: dict[DeliveryRef, Outgoing] = {}
        self.accepting = True
        self.broken = False
        self._seen: set[tuple[str, ...]] = set()
        self._reply = reply or (lambda message: message.text)
        self._sweep = sweep
        self._sweeper: asyncio.Task[None] | None = None

    async def receive(self, message: Message) -> bool:
        if self.broken:
            raise RuntimeError("a bug in the road")
        if not self.accepting:
            self.refused += 1
            return False
        keys = _keys(message)
        known = bool(keys & self._seen)
        self._seen |= keys
        if known:
            self.again += 1
            return True
        self.heard.append(message)
        await asyncio.sleep(0)
        out = self._answer(message)
        self.outbox[partition(out.conversation), out.id] = out
        assert self.wire is not None
        self.wire.typing(message.full, message.to)
        self.wire.send(out)
        return True

    async def serve(self, message: Message, told: Callable[[bool], None]) -> None:
        told(await self.receive(message))

    def delivered(self, refs: Sequence[DeliveryRef]) -> None:
        for ref in refs:
            self.confirmed[ref[1]] += 1
            self.outbox.pop(ref, None)

    def _answer(self, message: Message) -> Outgoing:
        conversation = f"{sum(message.sender.encode()) % 256 + 1}-{_name(message.sender)}"
        id_ = f"r{_name(message.sender, message.id, message.text)}-1"
        form = FORM if message.kind is Kind.FORM and message.form and message.form.action == "execute" else None
        return Outgoing(
            id=id_,
            conversation=conversation,
            to=message.full,
            sender=message.to,
            text=self._reply(message),
            kind=message.kind,
            secret="密码" in message.text,
            command=message.form,
            form=form,
            session="s1" if message.form else "",
        )

    def start(self) -> None:
        if self._sweep is not None:
            self._sweeper = asyncio.create_task(self._sweep_on(self._sweep))

    async def stop(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)

    async def _sweep_on(self, every: float) -> None:
        while True:
            before = set(self.outbox)
            await asyncio.sleep(every)
            assert self.wire is not None
            for ref, out in list(self.outbox.items()):
                if ref in before:
                    self.wire.send(out)


def _keys(message: Message) -> set[tuple[str, ...]]:
    """By what a message is known again (contracts.md, Ids)."""
    body = sha256(message.text.encode()).hexdigest()
    keys = {(message.sender, "stanza", message.stanza_id)} if message.stanza_id else set()
    named: set[tuple[str, ...]] = {(message.sender, id_, body) for id_ in (message.id, message.origin_id) if id_}
    return named | keys


def _name(*parts: str) -> str:
    return b32encode(sha256("\0".join(parts).encode()).digest()).decode()[:20]
