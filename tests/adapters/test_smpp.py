"""SMS over SMPP, against smpp34's gateway: an implementation that has nothing in common with ours."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
import smpp34

from bot.adapters.smpp import SmppSettings, SmppSms
from bot.errors import ConfigError, Unavailable

NUMBER = "13800138000"
BIND_TRANSCEIVER_RESP, DELIVER_SM = 0x80000009, 0x5
PAYLOAD, QUEUE_FULL = 0x0424, 0x14  # SMPP 3.4, 5.3.2.32 and 5.1.3
CODE = "【示例移动】123456，用于办理“彩铃”(5元/月)，3分钟内有效。"
ENGLISH = '[Example Mobile] 012345 is your code for "ring-back tone" (5 yuan/month), valid 3 minutes.'
LONG = "【示例移动】" + "验" * 128


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def text_of(sms: smpp34.SubmitSmEvent) -> str:
    payload = [t.value for t in sms.tlvs if t.tag == PAYLOAD]
    raw = payload[0] if payload else sms.short_message
    if sms.data_coding == 8:
        return raw.decode("utf-16-be")
    return raw.decode("ascii").replace("\x1b<", "[").replace("\x1b>", "]")  # GSM 03.38


@dataclass
class Gateway:
    """Answers as `mood` says: ok, full, silent."""

    port: int
    mood: str = "ok"
    inbox: list[smpp34.SubmitSmEvent] = field(default_factory=list)
    held: list[smpp34.SubmitSmEvent] = field(default_factory=list)

    async def serve(self, server: smpp34.Server) -> None:
        while True:
            event = await server.next()
            if not isinstance(event, smpp34.SubmitSmEvent):
                continue
            if self.mood == "silent":
                self.held.append(event)
            elif self.mood == "full":
                event.reject(QUEUE_FULL)
            else:
                self.inbox.append(event)
                event.accept(f"m{len(self.inbox)}")

    @property
    def texts(self) -> list[str]:
        return [text_of(sms) for sms in self.inbox]


@asynccontextmanager
async def serving(gateway: Gateway) -> AsyncIterator[Gateway]:
    server = smpp34.Server(host="127.0.0.1", port=gateway.port, system_id="SMSC")
    await server.start()
    task = asyncio.create_task(gateway.serve(server))
    try:
        yield gateway
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.stop()


@asynccontextmanager
async def client(port: int, total: float = 3) -> AsyncIterator[SmppSms]:
    sms = SmppSms(SmppSettings("127.0.0.1", port, "hall", "secret12", "10086", total=total))
    await sms.start()
    try:
        yield sms
    finally:
        await sms.close()


@pytest.mark.parametrize("text", [CODE, ENGLISH, LONG], ids=["chinese", "english", "long"])
async def test_it_arrives_as_it_was_written_once_however_often_it_is_sent(text: str) -> None:
    async with serving(Gateway(free_port())) as gateway, client(gateway.port) as sms:
        for _ in range(3):
            await sms.send("challenge-1", NUMBER, text)
        await sms.send("challenge-2", NUMBER, text + "2")
        assert gateway.texts == [text, text + "2"]
        assert {(one.source_addr, one.destination_addr) for one in gateway.inbox} == {("10086", f"86{NUMBER}")}


async def test_the_same_sms_asked_for_twice_at_once_leaves_once() -> None:
    async with serving(Gateway(free_port())) as gateway, client(gateway.port) as sms:
        await asyncio.gather(*(sms.send("challenge-1", NUMBER, CODE) for _ in range(8)))
        assert gateway.texts == [CODE]


async def test_what_the_gateway_does_not_take_is_away_and_the_same_id_goes_again() -> None:
    async with serving(Gateway(free_port(), "full")) as gateway, client(gateway.port) as sms:
        with pytest.raises(Unavailable, match=r"^sms is away$"):
            await sms.send("challenge-1", NUMBER, CODE)
        gateway.mood = "ok"
        await sms.send("challenge-1", NUMBER, CODE)
        assert gateway.texts == [CODE]


async def test_a_gateway_that_does_not_answer_is_away() -> None:
    async with serving(Gateway(free_port(), "silent")) as gateway, client(gateway.port, total=0.5) as sms:
        with pytest.raises(Unavailable):
            await sms.send("challenge-1", NUMBER, CODE)
        gateway.mood = "ok"
        await sms.send("challenge-1", NUMBER, CODE)
        assert gateway.texts == [CODE]


async def test_nobody_there_nothing_is_sent_later() -> None:
    gateway = Gateway(free_port())
    async with client(gateway.port) as sms:
        with pytest.raises(Unavailable):
            await sms.send("challenge-1", NUMBER, CODE)
        async with serving(gateway):
            for _ in range(50):
                try:
                    await sms.send("challenge-2", NUMBER, ENGLISH)
                    break
                except Unavailable:
                    continue
            assert gateway.texts == [ENGLISH]


def pdu(command: int, status: int, number: int, body: bytes) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command, status, number) + body


@asynccontextmanager
async def babbling(port: int, said: bytes) -> AsyncIterator[asyncio.Event]:
    """A gateway that lets everybody in and says `said`. Set when somebody came back."""
    bound: list[bytes] = []
    back = asyncio.Event()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length, _, _, number = struct.unpack(">IIII", await reader.readexactly(16))
        bound.append(await reader.readexactly(length - 16))
        if len(bound) > 1:
            back.set()
        writer.write(pdu(BIND_TRANSCEIVER_RESP, 0, number, b"SMSC\0") + said)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(meet, "127.0.0.1", port):
        yield back


@pytest.mark.parametrize("body", [b"\0\1", b"\0" * 9], ids=["in an address", "before the text"])
async def test_a_pdu_cut_short_does_not_end_sms_for_good(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    gateway = Gateway(free_port())
    async with client(gateway.port) as sms:
        async with babbling(gateway.port, pdu(DELIVER_SM, 0, 1, body)) as back, asyncio.timeout(20):
            await back.wait()
        async with serving(gateway), asyncio.timeout(20):
            while not gateway.texts:
                with suppress(Unavailable):
                    await sms.send("challenge-1", NUMBER, CODE)
    assert gateway.texts == [CODE]
    assert "the SMS gateway sent what cannot be read (error): connecting again" in caplog.messages


async def test_an_error_the_library_does_not_foresee_is_told_and_another_session_begins(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with client(70_000), asyncio.timeout(20):  # no port at all: OverflowError
        while len(caplog.messages) < 2:  # noqa: ASYNC110  # a log has no event
            await asyncio.sleep(0.05)
    assert set(caplog.messages) == {"the connection to the SMS gateway fell over (OverflowError): another is opened"}


def test_the_password_is_not_shown_and_must_fit_the_protocol() -> None:
    assert "secret12" not in repr(SmppSettings("h", 1, "hall", "secret12", "10086"))
    with pytest.raises(ConfigError, match="at most 8"):
        SmppSettings("h", 1, "hall", "much too long", "10086")
