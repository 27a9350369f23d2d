"""`hallbot demo`: start, say `ready`, wait for Ctrl-C, stop."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

from bot.adapters.sandbox.ports import Ports
from bot.adapters.watch import configure
from bot.child import until_told
from bot.demo.check import check as play_check
from bot.demo.check import serial_of
from bot.demo.folder import Folder
from bot.demo.supervisor import Demo
from bot.errors import ConfigError
from bot.talk import TalkError
from bot.words import BRANDS


async def show(data: Path, ports: Ports, *, check: bool, as_json: bool, bots: int, desk: int = 0) -> int:
    folder = Folder(data)
    configure(logging.INFO, folder.logs / "demo.log")
    if check:
        ports, desk = Ports(), 0  # nobody but the check connects: any free ones
    with folder.lock():
        demo = Demo(folder, ports, bots, desk)
        told = asyncio.ensure_future(until_told(with_parent=False))  # Ctrl-C counts from the first moment on
        work = asyncio.ensure_future(_run(demo, check=check, as_json=as_json))
        both: set[asyncio.Future[Any]] = {told, work}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return work.result() if work.done() else 0
        finally:
            for task in (told, work):
                task.cancel()
            await asyncio.gather(told, work, return_exceptions=True)
            await demo.stop()


async def _run(demo: Demo, *, check: bool, as_json: bool) -> int:
    await demo.start()
    if check:
        return await _checked(demo.facts())
    _say(demo.facts(), as_json)
    raise ConfigError(await demo.failed)  # it works until it is told to stop, or cannot go on


async def _checked(facts: dict[str, Any]) -> int:
    begun = time.perf_counter()
    try:
        transcript = await play_check(facts)
    except (TalkError, TimeoutError) as error:
        print(f"hallbot: the check failed: {error or 'no answer in time'}", file=sys.stderr)
        return 1
    print("\n".join(transcript))
    print(f"ok: 流水号 {serial_of(transcript)}, {time.perf_counter() - begun:.1f} s")
    return 0


def _say(facts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(facts, ensure_ascii=False), flush=True)
        return
    who = facts["subscribers"][0]
    print(f"ready {facts['web']}", flush=True)
    print(
        f"ready {who['jid']} password {who['password']} number {who['number']} ({BRANDS[who['brand']]}) "
        f"客服密码 {who['service_password']} server {facts['xmpp']['host']}:{facts['xmpp']['port']}",
        flush=True,
    )
    for one in facts["desk"]["staff"]:
        print(f"ready {one['link']} desk, 工号 {one['number']} {one['name']} ({one['role']})", flush=True)
    print("Ctrl-C stops everything.", flush=True)
