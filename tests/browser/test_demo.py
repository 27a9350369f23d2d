"""The demo as a new user sees it: Converse.js beside the handset, the whole conversation with its code."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.browser.chromium import Tab, chromium

SHOTS = Path(__file__).parents[2] / "build/demo"
INPUT = "document.querySelector('.chat-textarea')"
CHAT = "document.querySelector('converse-chat-content, .chat-content').innerText"
INBOX = "document.getElementById('inbox').innerText"


@asynccontextmanager
async def demo(data: Path) -> AsyncIterator[dict[str, Any]]:
    """`hallbot demo --json`, stopped as Ctrl-C does; nothing may be left running."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--json",
        "--data",
        str(data),
        "--web-port",
        "0",
        "--xmpp-port",
        "0",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    facts: dict[str, Any] = {}
    try:
        facts = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        yield facts
    finally:
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 5) == 0
        for pid in facts.get("pids", {}).values():
            assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def say(tab: Tab, text: str, answered: str) -> None:
    """Type a line as a person does; wait until the chat shows what is expected behind it."""
    await tab.until(f"{INPUT} && !{INPUT}.disabled")
    before = len(await tab.run(CHAT))
    await tab.run(f"{INPUT}.focus()")
    await tab.type(text)
    await tab.press_enter()
    await tab.until(f"new RegExp({json.dumps(answered)}).test({CHAT}.slice({max(before - 40, 0)}))")
    await asyncio.sleep(0.9)  # as fast as a person, slower than the limit of one line a second


async def test_the_whole_conversation(tmp_path: Path) -> None:
    async with demo(tmp_path) as facts, chromium() as tab:
        who = facts["subscribers"][0]
        await tab.look(1280, 720)
        await tab.open(facts["web"])
        await say(tab, "你好", "网上营业厅")
        await say(tab, "查话费", "客服密码")
        await say(tab, who["service_password"], "登录成功")
        await say(tab, "上个月呢", "账单")
        await say(tab, "开通彩铃", "确认吗")
        await say(tab, "确认", "验证码")
        await tab.until(f"/\\d{{6}}/.test({INBOX})")
        await tab.screenshot(SHOTS / "code.png")
        found = re.search(r"】(\d{6})", await tab.run(INBOX)) or re.search(r"(\d{6})", await tab.run(INBOX))
        assert found
        await say(tab, found[1], "办理成功")
        await tab.screenshot(SHOTS / "done.png")
        await say(tab, "0000", "彩铃")
        assert [
            url for url in tab.requests if not url.startswith((facts["web"], "data:", "blob:", "ws://127.0.0.1"))
        ] == []
        await tab.look(390, 844)
        await tab.screenshot(SHOTS / "phone.png")
