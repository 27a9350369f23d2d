"""SMS over SMPP 3.4, with aiosmpplib: an SMS counts as sent when the gateway answered that it took it.

SMPP itself is in the clear: reach the gateway over a private line or a tunnel. It knows no idempotency key either:
what this process handed over is known by its id, and of a restart in between the same text may arrive twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from aiosmpplib import ESME, NPI, TON, AbstractHook, BindMode, OptionalParam, PhoneNumber, SubmitSm, SubmitSmResp
from aiosmpplib.protocol import SmppMessage
from aiosmpplib.state import SmppCommandStatus, SmppSessionState

from bot.adapters.sms import Gateway
from bot.errors import ConfigError, Unavailable

log = logging.getLogger(__name__)
REFERENCE = 0x0204  # user_message_reference: gateways that look for repetitions find them by it
KEPT = 10_000  # ids of accepted SMS
BINDING = 2.0  # seconds that an SMS waits for a connection that is just coming up
FELL_OVER = 1.0  # seconds before the next try, when the gateway sent what the library cannot read
BOUND = (SmppSessionState.BOUND_TX, SmppSessionState.BOUND_TRX)


@dataclass(frozen=True, slots=True)
class SmppSettings:
    """`source`: the sender that phones show, a short code such as 10086. Times in seconds."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    source: str
    total: float = 10
    enquire: float = 30  # between signs of life

    def __post_init__(self) -> None:
        if not 0 < len(self.system_id) <= 15 or not 0 < len(self.password) <= 8:
            said = "sms: SMPP takes a system_id of at most 15 characters and a password of at most 8"
            raise ConfigError(said, ("sms", "password"))


class SmppSms(Gateway):
    """`start()` before the first SMS, `close()` at the end; a lost connection is opened again with a back-off."""

    def __init__(self, settings: SmppSettings) -> None:
        self._settings = settings
        self._told = _Told()
        self._esme: _Session | None = None
        self._running: asyncio.Task[None] | None = None
        self._closing = False

    async def start(self) -> None:
        self._esme = self._session()
        self._running = asyncio.create_task(self._run(self._esme))

    async def _run(self, session: _Session) -> None:
        """One session after the other: the library gives up at errors it does not foresee."""
        while not self._closing:  # a cancellation alone may be lost: wait_for of Python 3.11 drops some
            try:
                await session.start()
                return  # it was stopped
            except Exception as error:  # only its type: texts of errors may show PDUs, and so codes
                log.warning("the connection to the SMS gateway fell over (%s): another is opened", type(error).__name__)
            await session.hang_up()
            await asyncio.sleep(FELL_OVER)
            self._esme = session = self._session()

    def _session(self) -> _Session:
        settings = self._settings
        return _Session(
            settings.host,
            settings.port,
            settings.system_id,
            settings.password,
            bind_mode=BindMode.TRANSCEIVER,
            enquire_link_interval=float(settings.enquire),
            hook=self._told,
            log_level=logging.CRITICAL + 1,  # it writes whole PDUs, and so codes
            log_handler=logging.NullHandler(),
        )

    async def close(self) -> None:
        self._closing = True
        if self._esme is None or self._running is None:
            return
        await asyncio.wait([asyncio.create_task(self._esme.stop()), self._running], timeout=3)
        self._running.cancel()
        await asyncio.wait([self._running], timeout=3)
        await self._esme.hang_up()

    async def send(self, id: str, to: str, text: str) -> None:
        """Asked for again while it is on its way, the same answer is waited for; what was taken is not sent again."""
        if id in self._told.taken:
            return
        answer = self._told.waiting.get(id)
        if answer is None:
            answer = self._told.expect(id)
            await self._leave(id, to, text)
        try:
            await asyncio.wait_for(asyncio.shield(answer), self._settings.total)
        except (TimeoutError, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and not answer.cancelled():
                raise  # it is this turn that ends
            self._told.forget(id)
            raise Unavailable("sms") from None

    async def _leave(self, id: str, to: str, text: str) -> None:
        try:
            await self._connected()
        except Unavailable:
            self._told.forget(id)
            raise
        await self._hand_over(id, to, text)

    async def _connected(self) -> None:
        """What is handed over without a connection would leave whenever there is one, after the code has expired."""
        for _ in range(20):
            if self._esme and self._esme.session_state in BOUND:
                return
            await asyncio.sleep(BINDING / 20)
        raise Unavailable("sms")

    async def _hand_over(self, id: str, to: str, text: str) -> None:
        assert self._esme
        await self._esme.broker.enqueue(
            SubmitSm(
                short_message=text,
                source=PhoneNumber(self._settings.source),
                destination=PhoneNumber(f"86{to}", TON.INTERNATIONAL, NPI.ISDN),
                registered_delivery=0,
                optional_params=[OptionalParam(REFERENCE, crc32(id.encode()) & 0xFFFF)],
                log_id=id,
            )
        )


class _Session(ESME):  # type: ignore[misc]  # the library is not typed
    """The library leaves its sockets to the garbage collector, one per connection."""

    _mine: asyncio.StreamWriter | None = None

    async def _end_task(self, task: asyncio.Task[Any]) -> None:
        """A PDU cut short raises struct.error, which the library does not foresee: it left its other tasks behind."""
        try:
            await super()._end_task(task)
        except Exception as error:
            log.warning("the SMS gateway sent what cannot be read (%s): connecting again", type(error).__name__)
            await asyncio.sleep(FELL_OVER)

    async def connect(self) -> None:
        await self.hang_up()
        try:
            await super().connect()
        finally:
            self._mine = self._writer

    async def hang_up(self) -> None:
        writer, self._mine = self._mine, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


class _Told(AbstractHook):  # type: ignore[misc]  # the library is not typed
    """What the gateway answered, by the id of the SMS."""

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[None]] = {}
        self.taken: OrderedDict[str, None] = OrderedDict()

    def expect(self, id: str) -> asyncio.Future[None]:
        return self.waiting.setdefault(id, asyncio.get_running_loop().create_future())

    def forget(self, id: str) -> None:
        answer = self.waiting.pop(id, None)
        if answer is not None and not answer.done():
            answer.cancel()

    async def sending(self, smpp_message: SmppMessage, pdu: bytes, client_id: str) -> None:
        """Nothing is known yet."""

    async def received(self, smpp_message: SmppMessage | None, pdu: bytes, client_id: str) -> None:
        if not isinstance(smpp_message, SubmitSmResp):
            return
        if smpp_message.command_status == SmppCommandStatus.ESME_ROK:
            self._took(smpp_message.log_id)
        else:
            self._refused(smpp_message.log_id)

    async def send_error(self, smpp_message: SmppMessage, error: Exception, client_id: str) -> None:
        if isinstance(smpp_message, SubmitSm):
            self._refused(smpp_message.log_id)

    def _took(self, id: str) -> None:
        self.taken[id] = None
        if len(self.taken) > KEPT:
            self.taken.popitem(last=False)
        answer = self.waiting.pop(id, None)
        if answer is not None and not answer.done():
            answer.set_result(None)

    def _refused(self, id: str) -> None:
        answer = self.waiting.pop(id, None)
        if answer is not None and not answer.done():
            answer.set_exception(Unavailable("sms"))
