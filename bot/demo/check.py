"""`hallbot demo --check`: one conversation with a code over XMPP, played by an XMPP client, without a browser."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any
from uuid import uuid4

import aiohttp
from slixmpp import ClientXMPP
from slixmpp.stanza import Message

from bot.adapters.sandbox.world import HOST
from bot.talk import Player, TalkError, parse

AT_ONCE, EVERY = 8, 1.05  # lines, then seconds from one to the next: a little slower than the hall takes them
BEGIN = """
> 退出
> 你好
< *网上营业厅*
> 查话费
< *客服密码*
> {password}
< *登录成功*
< *元*
> 上个月呢
< *账单*元*
> 0000
< *开通*
"""
CHANGE = """
> {verb}彩铃
< {verb}*
< *确认吗*
> 确认
< *验证码*
sms: *{code}*彩铃*
> {code}
< *办理成功*{verb}彩铃*
< *流水号*
> 办理记录
< *{verb}彩铃*成功*
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
        self._due = 0.0
        self._client: Any = ClientXMPP(  # slixmpp is half typed
            f"{subscriber['jid']}/check-{uuid4().hex[:6]}",
            subscriber["password"],
            plugin_config={"feature_mechanisms": {"unencrypted_scram": True}},
        )
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
        try:
            await asyncio.wait_for(self._ready.wait(), 10)
        except TimeoutError:
            raise TalkError("the test subscriber could not log in within 10 s") from None

    async def close(self) -> None:
        await self._client.disconnect(wait=1)
        if self._client._run_out_filters:  # slixmpp starts this task and never ends it
            self._client._run_out_filters.cancel()

    async def say(self, text: str) -> list[str]:
        """The same line again under the same id when no answer comes for 5 s: the hall answers it once.

        A line that came too fast was not taken: it is said again when the hall takes one a second.
        """
        await self._pace()
        id = uuid4().hex
        for _ in range(4):
            message = self._client.make_message(mto=self._facts["xmpp"]["bot"], mbody=text, mtype="chat")
            message["id"] = id
            message.send()
            try:
                answer = await asyncio.wait_for(self._answers.get(), 5)
            except TimeoutError:
                continue
            if "太快" not in answer and "too fast" not in answer:
                return [answer]
            await asyncio.sleep(1.1)
        raise TalkError(f"no answer within 20 s, {len(text)} characters were sent")

    async def _pace(self) -> None:
        now = time.monotonic()
        self._due = max(self._due, now - AT_ONCE * EVERY) + EVERY
        await asyncio.sleep(self._due - now)

    async def sms(self) -> list[str]:
        return [sms["text"] for sms in await _inbox(self._facts, self.number)][-1:]

    async def pushes(self) -> list[str]:
        raise TalkError("a check waits for nothing unasked")

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def state(self) -> str:
        raise TalkError("a check cannot look inside")

    async def ledger(self) -> str:
        raise TalkError("a check cannot look inside")


async def check(facts: dict[str, Any]) -> list[str]:
    """The transcript, with its 流水号 and without secrets. TalkError when the hall said something else."""
    stage = CheckStage(facts, await _whose(facts))
    await stage.open()
    try:
        begin = Player(parse("check", BEGIN), stage)
        await begin.play()
        verb = "退订" if "已经开通" in "".join(await stage.say("开通彩铃")) else "开通"
        await stage.say("取消")
        change = Player(parse("check", CHANGE.replace("{verb}", verb)), stage)
        await change.play()
    finally:
        await stage.close()
    return begin.transcript + change.transcript


async def _whose(facts: dict[str, Any]) -> dict[str, str]:
    """Whoever got the fewest SMS: a number is sent 5 in an hour at the most."""
    people: list[dict[str, str]] = facts["subscribers"]
    counts = [len(await _inbox(facts, who["number"])) for who in people]
    return people[counts.index(min(counts))]


async def _inbox(facts: dict[str, Any], number: str) -> list[dict[str, str]]:
    async with aiohttp.ClientSession() as http, http.get(f"{facts['handset']}/{number}.json") as answer:
        found: list[dict[str, str]] = await answer.json()
        return found


def serial_of(transcript: list[str]) -> str:
    found = re.search(r"H\d{6}-[0-9A-Z]{6}", "\n".join(transcript))
    return found[0] if found else ""
