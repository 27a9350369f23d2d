"""All that can happen to customers, and all that must not be found afterwards in whatever was written."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.adapters.redis.link import Link
from bot.adapters.sandbox.operator import paths
from tests.e2e.hall import FAST, Hall, Maker, prepared
from tests.e2e.traces import files, traces
from tests.grounds.client import Talker

ROOT = Path(__file__).parents[2]
MARKER = "紫荆路翡翠湖畔"  # stands in everything that is written by hand
WRONG_PASSWORDS = ("314159", "271828")
WRONG_CODES = ("161803", "141421")
NEW_PASSWORDS = ("739158", "402967")
LIMITS = {**FAST, "sms_cooldown": 1}
AMOUNT = re.compile(r"\d{1,6}\.\d\d(?=元)")


@dataclass
class Life:
    """One customer's whole conversation, and all of it that nobody else may read."""

    hall: Hall
    talker: Talker
    secrets: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    @property
    def number(self) -> str:
        return self.talker.jid.partition("@")[0]

    async def say(self, *lines: str) -> None:
        for line in lines:
            self.lines.add(line)
            await self.talker.say(line, within=15)

    async def code(self, before: int = 0) -> str:
        """That of the newest SMS, which is not one of the first `before`."""
        texts = await self.hall.sms(self.number)
        assert len(texts) > before
        self.lines |= set(texts)
        code = await self.hall.code(self.number)
        self.secrets.add(code)
        return code

    def words(self) -> set[str]:
        """Secrets, texts of both sides line by line, amounts, number and JID."""
        told = [*self.lines, *self.talker.heard()]
        lines = {row.strip() for text in told for row in text.splitlines()}
        texts = {line for line in lines if len(line) >= 6 or (len(line) >= 3 and not line.isascii())}
        amounts = {amount for text in told for amount in AMOUNT.findall(text) if len(amount) >= 5}
        secret = {*self.secrets, self.hall.password(self.number), *WRONG_PASSWORDS, *WRONG_CODES}
        secret |= {self.hall.ground.accounts[self.number], self.hall.ground.secret}
        return texts | amounts | secret | {self.number, self.talker.jid, MARKER}


async def by_text(life: Life) -> None:
    """Log-in, bills, an operation, a ticket, and words that mean nothing."""
    await life.say("你好", "查话费", *WRONG_PASSWORDS, life.hall.password(life.number))
    await life.say("上个月呢", "查余额", "缴费记录", "积分", "积分记录", "本机号码", "已开业务")
    await life.say("开通彩铃", "确认")
    code = await life.code()
    await life.say(*WRONG_CODES, f"我住{MARKER}，验证码没看清", code, "0000", "办理记录")
    await life.say(f"阿巴{MARKER}阿巴", f"{MARKER}八十八号怎么走", "人工", f"账单寄错了，地址是{MARKER}88号")
    await life.say("重说", "退出")


async def by_forms(life: Life) -> None:
    """The same by commands; a form that is stale, one with nonsense in it."""
    talker, hall = life.talker, life.hall
    form = await talker.execute("bill.query")
    for secret in (MARKER, *WRONG_PASSWORDS, hall.password(life.number)):
        stale, form = form, await talker.submit(form, {"password": secret})
    await talker.submit(stale, {"password": WRONG_PASSWORDS[0]})
    form = await talker.execute("points.redeem")
    form = await talker.submit(form, {"choice": "1"})
    form = await talker.submit(form, {"quantity": "1"})
    form = await talker.submit(form, {"confirm": "确认"})
    form = await talker.submit(form, {"code": WRONG_CODES[0]})
    await talker.submit(form, {"code": await life.code()})
    form = await talker.execute("handoff")
    await talker.submit(form, {"text": f"请寄到{MARKER}"})


async def renewed(life: Life) -> None:
    """The service password, set anew twice: by a code alone, and by whoever is logged in."""
    hall = life.hall
    for words, secret, password in (("忘记密码", NEW_PASSWORDS[0], ""), ("改密码", *reversed(NEW_PASSWORDS))):
        life.secrets.add(secret)
        before = len(await hall.sms(life.number))
        await life.say(words, *([password] if password else []), "Geheim77", secret, WRONG_PASSWORDS[0], secret, secret)
        await life.say("确认", WRONG_CODES[0])
        await life.say(await life.code(before), "重说")
        await asyncio.sleep(1)
    assert [effect["kind"] for effect in await hall.effects(life.number)] == ["password", "password"]
    form = await life.talker.execute("password.reset")
    for name in ("secret", "again"):
        form = await life.talker.submit(form, {name: NEW_PASSWORDS[0]})
    await life.talker.submit(form, {"confirm": "取消"})


async def in_trouble(life: Life) -> None:
    """With an operator, a gateway and a Redis that fail."""
    hall = life.hall
    await life.say("登录")
    for fault in ("error500", "half_json", "big", "down"):
        await hall.fault(**{fault: {"path": "/"}})
        await life.say(hall.password(life.number))
    await hall.fault()
    await life.say(hall.password(life.number))
    await hall.fault(half_json={"path": "/tmf-api"})
    await life.say("查话费", "积分", f"开通{MARKER}")
    await hall.fault(error500={"path": paths.SMS})
    await life.say("开通彩铃", "确认")
    await hall.fault(reset_after={"path": paths.ORDERING, "method": "POST"})
    await asyncio.sleep(1)  # the shortest time between two SMS
    await life.say("取消", "退订来电显示", "确认")
    await life.say(await life.code())


async def hostile(life: Life) -> None:
    """Stanzas that are no conversation, with the same words in them."""
    to, talker = life.talker.to, life.talker
    deep = "<x>" * 900 + MARKER + "</x>" * 900
    command = "<command xmlns='http://jabber.org/protocol/commands' node='login' action='complete'"
    for stanza in (
        f"<message to='{to}' type='chat'><body>{MARKER}<b>314159</b></body></message>",
        f"<message to='{to}' type='chat' id='deep'>{deep}</message>",
        f"<message to='{to}' type='error'><body>{MARKER}</body></message>",
        f"<message to='{MARKER}@{to.partition('@')[2]}' type='chat'><body>314159</body></message>",
        f"<iq to='{to}' type='set' id='{MARKER}'>{command} sessionid='{MARKER}'><x xmlns='jabber:x:data' type='submit'>"
        f"<field var='{MARKER}'><value>314159</value></field></x></command></iq>",
        f"<iq to='{to}' type='get' id='what'><query xmlns='{MARKER}'>314159</query></iq>",
        f"<presence to='{to}'><status>{MARKER}</status></presence>",
    ):
        talker.send_raw(stanza)
    await life.say("你好")


async def redis_pauses(hall: Hall, life: Life) -> None:
    """Long enough that calls are given up: what is held in memory must not be told to the log either."""
    link = Link(hall.redis.url)
    await link.command("CLIENT", "PAUSE", 1500, "ALL")
    await link.close()
    await life.say(f"帮我看看{MARKER}")


@asynccontextmanager
async def process(hall: Hall, *arguments: str) -> AsyncIterator[None]:
    """The bot as a process of its own, its log in logs/bot.log."""
    (hall.folder / "logs").mkdir()
    with (hall.folder / "logs" / "bot.log").open("ab") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    assert child.stdin
    assert child.stdout
    try:
        assert b'"ready": true' in await asyncio.wait_for(child.stdout.readline(), 30)
        yield
        child.stdin.close()
        assert await asyncio.wait_for(child.wait(), 15) == 0
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def at_rest(hall: Hall) -> dict[str, bytes]:
    """All keys and values of Redis as they are, and its own dump of them."""
    link = Link(hall.redis.url)
    await link.command("CONFIG", "SET", "rdbcompression", "no")
    names: Sequence[bytes] = await link.command("KEYS", "*")
    dumps = await asyncio.gather(*(link.command("DUMP", name) for name in names))
    await link.command("SAVE")
    await link.close()
    assert len(names) > 10
    return {f"redis {n}": name + b"\n" + dump for n, (name, dump) in enumerate(zip(names, dumps, strict=True))}


async def lives(hall: Hall) -> tuple[set[str], dict[str, bytes]]:
    """Everything that can happen to customers; what must not be found, and what was at rest in between."""
    async with AsyncExitStack() as stack:
        each: list[Life] = []
        for _ in range(5):
            each.append(Life(hall, await stack.enter_async_context(hall.talker(hall.fresh(), quiet=0.05))))
        await asyncio.gather(by_text(each[0]), by_forms(each[1]), hostile(each[3]), renewed(each[4]))
        await in_trouble(each[2])
        between = await at_rest(hall)
        await redis_pauses(hall, each[0])
        await each[2].code()
        return set().union(*(life.words() for life in each)), between


async def lived(folder: Path, make: Maker, *arguments: str) -> dict[str, bytes]:
    """What was written while a bot process served whole lives; searched. `{folder}` in `arguments` is the hall's."""
    async with prepared(folder, make, aof=True, time=None, patient={"timeout": 1.0}, limits=LIMITS) as hall:
        async with process(hall, *(argument.format(folder=folder) for argument in arguments)):
            words, between = await lives(hall)
            running = files(hall.folder, but=["operator"]) | files(hall.redis.folder)
        hall.redis.stop()
        stopped = files(hall.folder, but=["operator"]) | files(hall.redis.folder)
    assert len(words) > 80
    assert {"ledger.sqlite", "ledger.sqlite-wal", "logs/bot.log"} <= set(running)
    assert any(name.endswith(".aof") for name in running)
    assert any(name.endswith(".rdb") for name in running)
    ours = {"bot.yaml", "xmpp.secret"}  # what the deployment itself wrote there
    for places in (running, between, stopped):
        assert traces(words, {name: held for name, held in places.items() if name not in ours}) == []
    return stopped
