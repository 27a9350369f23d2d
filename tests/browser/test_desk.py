"""The web desk as its people use it: a customer, a member of staff and a team leader, each in a browser of his own."""

import asyncio
import os
import re
import signal
import time
from pathlib import Path
from typing import Any

from bot import handoff
from bot.admin import records_of
from bot.staff import Member
from tests.adapters.records.staff_contract import code
from tests.browser.chromium import Tab, chromium
from tests.browser.crowd import WORDS, crowd
from tests.browser.test_demo import CHAT, demo, say

SHOTS = Path(__file__).parents[2] / "build/desk"
TO = "document.querySelector('#ask-transfer .to')"
LINES = "document.querySelector('#lines').innerText"
HEARS = (  # what is added to where a screen reader listens
    "window.heard = []; new MutationObserver((all) => { for (const one of all) for (const p of one.addedNodes)"
    " window.heard.push(p.textContent); }).observe(document.querySelector('#offered'), { childList: true })"
)

TALK = (
    ("staff/1207", "查到了：11月3日开通了“手机报”，3元/月。", 90),
    ("customer", "不是我开的，给我退了吧", 55),
    ("note/1207", "客户称未开通手机报，需核实渠道", 50),
    ("staff/1207", "好的，我发一张退订卡片给您，您自己确认即可，不用告诉我验证码。", 30),
)


async def enter(tab: Tab, facts: dict[str, Any], who: int) -> None:
    await tab.look(1280, 720)
    await tab.open(facts["desk"]["url"] + "language?to=zh")
    await tab.open(facts["desk"]["staff"][who]["link"])
    await tab.until("document.querySelector('#side .status')")


async def click(tab: Tab, what: str) -> None:
    await tab.until(f"document.querySelector({what!r})")
    await tab.run(f"document.querySelector({what!r}).click()")


async def free(tab: Tab) -> None:
    await click(tab, ".status .free")
    await tab.until("document.querySelector('.status .free[aria-pressed=true]')")


async def busy(tab: Tab) -> None:
    """At work, and offered nobody."""
    await click(tab, ".status .busy")
    await tab.until("document.querySelector('.status .busy[aria-pressed=true]')")


async def write(tab: Tab, text: str) -> None:
    """Into the box, with Enter, as a person does."""
    await tab.run("document.querySelector('#box').focus()")
    await tab.type(text)
    await tab.press_enter()


async def fill(tab: Tab, dialog: str, *texts: str) -> None:
    await click(tab, f"[data-ask={dialog}]")
    await tab.until(f"document.querySelector('#ask-{dialog}').open")
    for n, text in enumerate(texts):
        await tab.run(f"document.querySelectorAll('#ask-{dialog} input')[{n}].focus()")
        await tab.type(text)
    await tab.run(f"document.querySelector('#ask-{dialog} .primary').click()")


async def watch(leader: Tab, facts: dict[str, Any], why: str) -> None:
    await leader.open(facts["desk"]["url"] + "team")
    await click(leader, "[data-ask=watch]")
    await leader.run("document.querySelector('#ask-watch input').focus()")
    await leader.type(why)
    await leader.run("document.querySelector('#ask-watch .primary').click()")
    await leader.until(f"document.querySelector('#lines') && {LINES}.includes('账单')")
    await leader.until("document.readyState === 'complete' && document.querySelector('#side .watching')")


def clean(tab: Tab, facts: dict[str, Any]) -> None:
    """Nothing of another host was asked for, and the browser had nothing to complain about."""
    ours = (facts["desk"]["url"], "data:", "blob:")
    assert [url for url in tab.requests if not url.startswith(ours)] == []
    assert tab.complaints == []


async def test_customer_staff_and_leader(tmp_path: Path) -> None:
    async with demo(tmp_path) as facts, chromium() as customer, chromium() as staff, chromium() as leader:
        who = facts["subscribers"][0]
        await enter(staff, facts, 0)
        await free(staff)
        await customer.look(1280, 720)
        await customer.open(facts["web"])
        await say(customer, "查话费", "客服密码")
        await say(customer, who["service_password"], "登录成功")
        await staff.run(HEARS)
        await say(customer, "转人工", "正在为您转接人工")
        await staff.until("document.querySelector('[data-offer]')")
        await busy(staff)  # the sidebar is drawn anew
        await free(staff)
        heard = await staff.run("window.heard")
        assert len(heard) == 1, heard
        assert heard[0].startswith(f"新会话，尾号 {who['number'][-4:]}，")
        await staff.screenshot(SHOTS / "offer.png")
        await staff.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'F2', bubbles: true}))")
        await staff.until("document.querySelector('#say')")
        assert await staff.run("document.querySelector('#offered').innerText") == ""
        await customer.until(f"{CHAT}.includes('工号 1207 为您服务')")
        assert who["service_password"] not in await staff.run(LINES)

        await say(customer, "<img src=x onerror='document.title=1'><b>粗</b>", "粗")
        await staff.until(f"{LINES}.includes('<b>粗</b>')")
        assert await staff.run("document.querySelectorAll('#lines img, #lines b').length") == 0
        await say(customer, "上个月怎么多扣了二十？", "二十")
        await staff.until(f"{LINES}.includes('怎么多扣了二十')")
        begun = time.monotonic()
        await write(staff, "您好，我帮您看一下账单。")
        await customer.until(f"{CHAT}.includes('我帮您看一下账单')")
        assert time.monotonic() - begun < 3

        await write(staff, "请把验证码发给我")  # stopped before it leaves, and given back
        await staff.until("document.querySelector('#box').value.includes('验证码')")
        assert "请把验证码" not in await customer.run(CHAT)
        await staff.until("document.querySelector('.line.answer button[data-do=验]')")  # the way that is allowed
        await staff.run("document.querySelector('#box').value = ''")

        await staff.look(390, 844)  # on a phone the customer's card is one touch away
        await click(staff, "button.about")
        await staff.until("document.querySelector('#info').getBoundingClientRect().width > 380")
        await staff.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))")
        await staff.until("document.querySelector('#info').getBoundingClientRect().width === 0")
        await staff.look(1280, 720)
        await fill(staff, "draft", "彩铃")
        await customer.until(f"{CHAT}.includes('确认吗')")
        await say(customer, "确认", "验证码")
        await customer.until("/\\d{6}/.test(document.getElementById('inbox').innerText)")
        found = re.search(r"】(\d{6})", await customer.run("document.getElementById('inbox').innerText"))
        assert found
        await say(customer, found[1], "办理成功")
        await staff.until(f"{LINES}.includes('［验证码］')")
        assert found[1] not in await staff.run("document.body.innerText")
        await staff.screenshot(SHOTS / "talk.png")

        await enter(leader, facts, 1)
        await free(leader)
        await click(staff, "[data-ask=transfer]")
        await staff.until("document.querySelector('#ask-transfer').open")
        assert "赵敏 1299 空闲 空位 5" in " ".join((await staff.run(f"{TO}.innerText")).split())
        await staff.screenshot(SHOTS / "transfer.png")
        await staff.run(f"{TO}.querySelector('[value=\"1299\"]').click()")
        await staff.run("document.querySelector('#ask-transfer input[maxlength]').focus()")
        await staff.type("您更熟")
        await staff.run("document.querySelector('#ask-transfer .primary').click()")
        await leader.until("document.querySelector('[data-offer]')")
        assert "1207：您更熟" in await leader.run("document.querySelector('[data-offer]').innerText")
        await staff.until("document.querySelector('#notes').innerText.includes('转接 1299：您更熟')")
        await click(leader, "[data-offer] [data-do=拒]")
        await leader.until("!document.querySelector('[data-offer]')")
        await watch(leader, facts, "质检抽查")
        await click(leader, "#talk [data-do=监]")
        await leader.until("document.querySelector('#side') && !document.querySelector('#side .watching, #lines')")
        await watch(leader, facts, "再看一下")
        assert "131.28" not in await leader.run(LINES)  # what the bill says is for who serves the customer
        await fill(leader, "whisper", "可以减免")
        await staff.until(f"{LINES}.includes('可以减免')")
        assert "可以减免" not in await customer.run(CHAT)
        await staff.run("document.querySelector('#box').focus()")
        await staff.type("我正打到一半")
        await fill(leader, "seize", "客户要求")
        await customer.until(f"{CHAT}.includes('工号 1299 接着为您服务')")
        await staff.until("document.querySelector('#talk.over')")
        await staff.press_enter()
        await staff.until("document.querySelector('#box')?.value.includes('我正打到一半')")
        assert "我正打到一半" not in await customer.run(CHAT)

        await leader.until("document.querySelector('#say')")
        await write(leader, "问题已经处理好了。")
        await customer.until(f"{CHAT}.includes('问题已经处理好了')")
        await click(leader, "[data-ask=wrap]")
        key = "new KeyboardEvent('keydown', {key: '2', bubbles: true})"
        await leader.run(f"document.querySelector('#ask-wrap input[type=radio]').dispatchEvent({key})")
        await leader.until("document.querySelector('#ask-wrap input[value=\"2\"]').checked")
        await leader.run("document.querySelector('#ask-wrap .primary').click()")
        await customer.until(f"{CHAT}.includes('请评价工号 1299')")
        await say(customer, "5", "谢谢")
        await leader.open(facts["desk"]["url"] + "audit")
        assert "质检抽查" in await leader.run("document.body.innerText")
        for tab in (staff, leader):
            clean(tab, facts)


async def test_forty_at_a_glance_by_key_and_after_a_crash(tmp_path: Path) -> None:
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        await enter(tab, facts, 0)
        await free(tab)
        await busy(tab)
        await many.roomy("1207", 40)
        cases = [await many.claimed(n, "1207", 400 - n * 5) for n in range(40)]
        for n, case in enumerate(cases):
            await many.says(case, "您好，我帮您看一下。", 190 - n, "staff/1207")
            if n % 4 == 1 and n != 5:
                await many.says(case, WORDS[n % 7], 10 + (n * 37) % 85)
        for who, text, ago in TALK:  # the one that is looked at
            await many.says(cases[5], text, ago, who)
        for n in range(40, 48):
            await many.ask(n, (49 - n) * 19)
        await tab.until("document.querySelectorAll('#mine .tiles .row, #mine.tiles .row').length === 40")
        bottom = await tab.run("document.querySelector('#mine').getBoundingClientRect().bottom")
        assert bottom <= 720, "all forty are seen without scrolling"
        await tab.run("document.querySelectorAll('#mine .row')[5].click()")
        await tab.until("document.querySelector('#say')")
        await tab.screenshot(SHOTS / "forty.png")

        keys = "document.dispatchEvent(new KeyboardEvent('keydown', {key: %r, ctrlKey: true, bubbles: true}))"
        here = "document.querySelector('#talk').dataset.session"
        await tab.run(keys % "ArrowDown")
        await tab.until(f"{here} === '{cases[6].number}'")
        await tab.run(keys % "j")
        owed = "[...document.querySelectorAll('#mine .row')].filter(r => r.dataset.owed !== '0')"
        least = f"Math.min(...{owed}.map(r => r.dataset.owed))"
        await tab.until(f"Number(document.querySelector('.row[aria-current]').dataset.owed) === {least}")

        await tab.run("document.querySelector('#box').focus()")
        await tab.type("一段还没有发出的话")
        number = await tab.run(here)
        mine = next(case for case in cases if str(case.number) == number)
        before = facts["pids"]["desk"]
        os.kill(before, signal.SIGKILL)
        await many.says(mine, "断线时说的话")
        await tab.until("document.querySelector('#news').innerText !== ''", 10)
        await tab.until("document.querySelector('#news').innerText === ''", 20)
        await tab.until(f"{LINES}.includes('断线时说的话')")
        assert "一段还没有发出的话" in await tab.run("document.querySelector('#box').value")
        await tab.open(facts["desk"]["url"] + f"?s={number}")
        await tab.until("document.querySelector('#box').value.includes('一段还没有发出的话')")
        for width, height, scheme, name in ((1280, 720, "dark", "dark"), (390, 844, "light", "phone")):
            await tab.look(width, height, scheme)
            await asyncio.sleep(0.3)
            wide = await tab.run("document.documentElement.scrollWidth")
            assert wide <= width, "nothing is wider than the window"
            await tab.screenshot(SHOTS / f"{name}.png")


async def test_the_page_takes_nothing_from_under_a_hand(tmp_path: Path) -> None:
    """A note, a dialog, a key's place, a click: others change the session and the sidebar meanwhile."""
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        await enter(tab, facts, 0)
        await busy(tab)
        cases = [await many.claimed(n, "1207", 30) for n in range(2)]
        first, second = (case.number for case in cases)
        here = "document.querySelector('#talk').dataset"
        for number in (first, second):
            await click(tab, f"#mine [data-row='{number}']")
            await tab.until(f"{here}.session === '{number}' && document.querySelector('#note')")
            if number == first:
                await tab.run("document.querySelector('#note').focus()")
                await tab.type("写到一半的备注")
        await click(tab, f"#mine [data-row='{first}']")
        await tab.until("document.querySelector('#note')?.value === '写到一半的备注'")

        await click(tab, "[data-ask=ticket]")
        await tab.run("document.querySelector('#ask-ticket input').focus()")
        await tab.type("写到一半的工单")
        case = await many.desk.case(first)
        assert case
        change = handoff.hold(case, 5, await many.desk.now())
        assert change
        await many.desk.move(change)
        await tab.until(f"document.querySelector('[data-row=\"{first}\"]').dataset.state === 'hold'")
        assert await tab.run("document.querySelector('#ask-ticket input').value") == "写到一半的工单"
        await click(tab, "#ask-ticket [data-act=close]")
        await tab.until(f"{here}.state === 'hold'")
        assert await tab.run("document.querySelector('#note').value") == "写到一半的备注"
        await tab.run("document.querySelector('#note').form.requestSubmit()")
        await tab.until("document.querySelector('#notes').innerText.includes('写到一半的备注')")
        await click(tab, f"#mine [data-row='{second}']")
        await tab.until(f"{here}.session === '{second}'")
        await click(tab, f"#mine [data-row='{first}']")
        await tab.until(f"{here}.session === '{first}' && document.querySelector('#note').value === ''")

        await tab.run("document.querySelector('.status .break').focus()")
        drawn = "document.querySelector('.status .break')"
        await tab.run(f"window.was = {drawn}")
        await many.says(cases[1], "在吗")
        await tab.until(f"{drawn} !== window.was")
        assert await tab.run(f"document.activeElement === {drawn}")
        await tab.run(f"window.was = {drawn}; was.dispatchEvent(new PointerEvent('pointerdown', {{bubbles: true}}))")
        await many.says(cases[1], "还在吗")
        await asyncio.sleep(1.5)
        assert await tab.run(f"{drawn} === window.was")
        await tab.run("was.dispatchEvent(new PointerEvent('pointerup', {bubbles: true}))")
        await tab.until(f"{drawn} !== window.was")

        await tab.run("htmx.ajax('GET', '/s/999?again', {target: '#work'})")  # it ended while the page asked for it
        assert await tab.run(f"{here}.session") == str(first)
        assert not await tab.run("document.querySelector('#toasts').innerText.includes(document.body.dataset.away)")
        await tab.run("visit('999')")  # somebody asked for it
        await tab.until("document.querySelector('#toasts').innerText.includes('没有这个会话')")
        assert await tab.run(f"{here}.session") == str(first)


async def test_what_may_have_been_sent_is_said_once_after_a_reload_and_another_log_in(tmp_path: Path) -> None:
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        await enter(tab, facts, 0)
        await busy(tab)
        case = await many.claimed(1, "1207", 30)
        await click(tab, "#mine .row")
        await tab.until("document.querySelector('#say')")
        # it arrives, its answer breaks off
        await tab.run(
            "(() => { const go = fetch; window.fetch = async (...of) => { const real = await go(...of);"
            " if (!of[0].endsWith('/say')) return real; window.fetch = go;"
            " return new Response('[{', { status: 200 }); }; })()"
        )
        await write(tab, "只说一次")
        await tab.until("document.querySelector('#box').value === '只说一次'")
        await tab.open(facts["desk"]["url"] + f"?s={case.number}")
        await tab.until("document.querySelector('#box')?.value === '只说一次'")
        await tab.run("document.querySelector('#box').focus()")
        await tab.press_enter()
        await tab.until("document.querySelector('#box').value === ''")
        log = await many.sessions.journal(case.conversation)
        assert [line.text for one in log for line in one.lines].count("只说一次") == 1

        # the same account logs in anew in another tab: this page has the mark of the log-in before
        await tab.run("document.body.dataset.form = 'of another log-in'")
        await write(tab, "换了登录")
        await tab.until("document.body && document.body.dataset.form !== 'of another log-in'")
        await tab.until("document.querySelector('#box')?.value === '换了登录'")
        await tab.run("document.querySelector('#box').focus()")
        await tab.press_enter()
        await tab.until(f"{LINES}.includes('换了登录') && document.querySelector('#box').value === ''")


async def test_figures_are_charts(tmp_path: Path) -> None:
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        await many.history(tmp_path, 180)
        await enter(tab, facts, 1)
        await tab.open(facts["desk"]["url"] + "figures?span=week")
        await tab.until("document.querySelectorAll('.charts svg').length === 4")
        text = await tab.run("document.body.innerText")
        for word in ("首次响应", "处理时长", "20 秒内接入", "放弃", "转接", "自助解决", "真正解决", "满意度", "未听懂"):
            assert word in text
        await tab.screenshot(SHOTS / "figures.png")
        await click(tab, "table.unheard button")  # nothing is chosen yet
        await tab.run("document.querySelector('table.unheard select').value = 'faq'")
        await click(tab, "table.unheard button")
        await tab.until("document.querySelector('table.unheard').innerText.includes('已记下')")
        await tab.look(390, 844, "dark")
        await asyncio.sleep(0.3)
        assert await tab.run("document.documentElement.scrollWidth") <= 390
        await tab.screenshot(SHOTS / "figures-phone.png")
        clean(tab, facts)


async def test_password_code_lock_and_an_expired_log_in(tmp_path: Path) -> None:
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        async with records_of(tmp_path / "bot.yaml") as records:
            new = await records.staff.add(Member("3001", "孙新"))
        url = facts["desk"]["url"]
        await tab.look(1280, 720)
        await tab.open(url + "language?to=zh")
        await submit(tab, number="3001", password="wrong", code="000000")
        await tab.until("document.body?.innerText.includes('没有登录成功')")
        await submit(tab, password=new.password, code=code(new, int(time.time() * 1000)))
        await tab.until("document.querySelector('#side .status')")
        await click(tab, ".status .busy")
        await tab.until("document.querySelector('.status .busy[aria-pressed=true]')")
        await asyncio.sleep(6)  # the bots have seen the new account
        case = await many.claimed(1, "3001", 30)
        await click(tab, "#mine .row")
        await tab.until("document.querySelector('#say')")
        await tab.run("document.querySelector('#box').focus()")
        await tab.type("写到一半就锁屏了")
        await tab.run("document.querySelector('form[action=\"/lock\"] button').click()")
        await tab.until("document.body?.innerText.includes('屏幕已锁定')")
        assert "139****" not in await tab.run("document.body.innerText")
        assert (await many.desk.case(case.number) or case).staff == "3001"  # still his
        await asyncio.sleep(30.5 - time.time() % 30)  # a code counts once: the next one
        await submit(tab, code=code(new, int(time.time() * 1000)))
        await click(tab, "#mine .row")
        await tab.until("document.querySelector('#box')?.value === '写到一半就锁屏了'")
        async with records_of(tmp_path / "bot.yaml") as records:
            await records.staff.log_out_everywhere("3001")
        await tab.press_enter()
        await tab.until("document.querySelector('input[name=password]')", 20)
        link = facts["desk"]["staff"][0]["link"].replace("as=1207", "as=3001")
        await tab.open(link)
        await click(tab, "#mine .row")
        await tab.until("document.querySelector('#box')?.value === '写到一半就锁屏了'")


async def test_sessions_go_on_while_staff_look_at_figures_or_lock_the_screen(tmp_path: Path) -> None:
    """Only the desk's own page held the seat: 45 s of figures, and all customers waited again."""
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        await enter(tab, facts, 0)
        await free(tab)
        case = await many.claimed(1, "1207", 30)
        for path in ("figures", "lock"):
            if path == "lock":
                await tab.run("document.querySelector('form[action=\"/lock\"] button').click()")
                await tab.until("document.body?.innerText.includes('屏幕已锁定')")
            else:
                await tab.open(facts["desk"]["url"] + path)
            await tab.until("document.readyState === 'complete'")
            before = await many.desk.seat("1207")
            await asyncio.sleep(12)
            after = await many.desk.seat("1207")
            assert before
            assert after
            assert after.until > before.until, path
            if path == "figures":
                await many.says(case, "还在吗？")
                await tab.until("document.querySelector('nav a').dataset.news === '1'")
        assert (await many.desk.case(case.number) or case).staff == "1207"
        assert tab.complaints == []


async def submit(tab: Tab, **fields: str) -> None:
    for name, text in fields.items():
        await tab.run(f"document.querySelector('input[name={name}]').value = ''")
        await tab.run(f"document.querySelector('input[name={name}]').focus()")
        await tab.type(text)
    await tab.run("document.querySelector('button.primary').click()")
