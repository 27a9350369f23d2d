"""`hallbot demo --check`: one conversation with a code over XMPP, played by an XMPP client, without a browser."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import uuid4

import aiohttp
from slixmpp import ClientXMPP
from slixmpp.stanza import Message

from bot.adapters.sandbox.world import HOST
from bot.talk import Player, Talk, TalkError, parse

TALK = """
> 你好
< *网上营业厅*
> 查话费
< *客服密码*
> {password}
< *登录成功*
< *元*
> 上个月呢
< *账单*元*
> 开通彩铃
< *资费*元/月*
< *确认吗*
> 确认
< *验证码*
sms: *{code}*
> {code}
< *办理成功*
< *流水号*
> 0000
< *彩铃*
> 退出
< *已退出*
"""


class CheckStage:
    """Implements `talk.Stage` over XMPP and the handset."""

    def __init__(self, facts: dict[str, Any], subscriber: dict[str, str]) -> None:
        self.number = subscriber["number"]
        self.password = subscriber["service_password"]
        self._facts = facts
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self._seen: set[str] = set()
        self._client = ClientXMPP(f"{subscriber['jid']}/check-{uuid4().hex[:6]}", subscriber["password"])
        self._client.enable_direct_tls = False  # loopback, and the sandbox's certificate is self-made
        self._client.enable_starttls = False
        self._client.enable_plaintext = True
        self._client.add_event_handler("message", self._heard)
        self._ready = asyncio.Event()
        self._client.add_event_handler("session_start", self._started)

    def _started(self, _: object) -> None:
        self._client.send_presence()
        self._ready.set()

    def _heard(self, message: Message) -> None:
        if message["type"] in {"chat", "normal"} and message["body"] and message["id"] not in self._seen:
            self._seen.add(message["id"])
            self._answers.put_nowait(message["body"])

    async def open(self) -> None:
        self._client.connect(HOST, self._facts["xmpp"]["port"])
        await asyncio.wait_for(self._ready.wait(), 10)

    async def close(self) -> None:
        await self._client.disconnect()

    async def say(self, text: str) -> list[str]:
        """The same line again under the same id when no answer comes for 5 s: the hall answers it once."""
        id = uuid4().hex
        for _ in range(4):
            message = self._client.make_message(mto=self._facts["xmpp"]["bot"], mbody=text, mtype="chat")
            message["id"] = id
            message.send()
            try:
                return [await asyncio.wait_for(self._answers.get(), 5)]
            except TimeoutError:
                continue
        raise TalkError(f"no answer within 20 s, {len(text)} characters were sent")

    async def sms(self) -> list[str]:
        async with aiohttp.ClientSession() as http, http.get(f"{self._facts['handset']}/{self.number}.json") as answer:
            return [sms["text"] for sms in await answer.json()][-1:]

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def state(self) -> str:
        raise TalkError("a check cannot look inside")

    async def ledger(self) -> str:
        raise TalkError("a check cannot look inside")


async def check(facts: dict[str, Any]) -> list[str]:
    """The transcript, with its 流水号 and without secrets. TalkError when the hall said something else."""
    talk: Talk = parse("check", TALK)
    stage = CheckStage(facts, _whose(facts["subscribers"]))
    await stage.open()
    try:
        player = Player(talk, stage)
        await player.play()
    finally:
        await stage.close()
    return player.transcript


def _whose(subscribers: list[dict[str, str]]) -> dict[str, str]:
    return next(s for s in subscribers if s["brand"] == "gotone")


def serial_of(transcript: list[str]) -> str:
    found = re.search(r"H\d{6}-[0-9A-Z]{6}", "\n".join(transcript))
    return found[0] if found else ""
