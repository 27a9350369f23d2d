"""Pictures where people would rather look: in Converse.js beside the numbers, and the cashier's page on a phone."""

import asyncio
import re
from pathlib import Path

from tests.browser.chromium import Tab, chromium
from tests.browser.test_demo import CHAT, INBOX, demo, say

SHOTS = Path(__file__).parents[2] / "build/pictures"
PICTURES = "[...document.querySelectorAll('.chat-msg__media img, .chat-msg img.chat-image')]"
DRAWN = f"{PICTURES}.filter(i => i.complete && i.naturalWidth === 720).length"


def downloaded(folder: Path) -> str:
    return "".join(file.read_text("utf-8") for file in folder.glob("*.csv"))


async def asked_for(tab: Tab) -> str:
    """A 详单, with the code from the phone; the address of its file."""
    await say(tab, "上个月通话详单", "验证码已用短信")
    await tab.until(f"/】\\d{{6}}/.test({INBOX})")
    code = re.search(r"】(\d{6})", await tab.run(INBOX))
    assert code
    await say(tab, code[1], "文件（5分钟）")
    link = re.search(r"文件（5分钟）：(http://127\.0\.0\.1:\d+/f/[\w-]{43})", await tab.run(CHAT))
    assert link
    return link[1]


async def clicked_for(tab: Tab, link: str, folder: Path) -> None:
    """The page with the button, and the file that a browser really gets."""
    await tab.open(link)
    await tab.screenshot(SHOTS / "detail-page.png")
    await tab.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    await tab.run("document.querySelector('button').click()")
    for _ in range(100):
        await asyncio.sleep(0.1)
        if text := downloaded(folder):
            break
    assert text.startswith("\ufeff时间,类型,对方")
    assert tab.complaints == []


async def test_charts_are_shown_and_a_payment_is_made(tmp_path: Path) -> None:
    async with demo(tmp_path) as facts, chromium() as tab:
        who = facts["subscribers"][0]
        await tab.look(1280, 900)
        await tab.open(facts["web"])
        await say(tab, "近半年账单", "客服密码")
        await say(tab, who["service_password"], "月均")
        await tab.until(f"{DRAWN} === 1")
        await tab.screenshot(SHOTS / "chat-trend.png")
        await say(tab, "套餐余量", "套餐余量（")
        await tab.until(f"{DRAWN} === 2")
        await say(tab, "积分记录", "积分记录：")
        await tab.until(f"{DRAWN} === 3")
        await tab.screenshot(SHOTS / "chat-rings.png")
        assert tab.complaints == []
        await tab.look(390, 844)
        await tab.screenshot(SHOTS / "phone-points.png")
        link = await asked_for(tab)
        await say(tab, "充50", "确认吗")
        await say(tab, "确认", "/cashier/")
        said = await tab.run(CHAT)
        found = re.search(r"http://127\.0\.0\.1:\d+/cashier/[\w-]+", said)
        assert found
        (tmp_path / "files").mkdir()
        await clicked_for(tab, link, tmp_path / "files")
        await tab.open(found[0])
        await tab.screenshot(SHOTS / "cashier.png")
        await tab.run("document.querySelector('button[value=pay]').click()")
        await tab.until("document.body?.innerText.includes('支付成功')")
        await tab.screenshot(SHOTS / "cashier-paid.png")
        await tab.open(facts["web"])
        await tab.until("document.querySelector('.chat-textarea')")
        await tab.until(f"{CHAT}.includes('本机充值50元已到账')")
        await asyncio.sleep(1.5)  # nothing is told twice
        assert (await tab.run(CHAT)).count("本机充值50元已到账") == 1
