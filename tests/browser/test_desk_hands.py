"""What the desk's pages do under somebody's hands: where keys are, where lines stand, what is left behind."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from bot import handoff
from tests.browser.chromium import another, chromium
from tests.browser.crowd import crowd
from tests.browser.test_demo import demo
from tests.browser.test_desk import busy, clean, click, enter, write

KEYS = "[...document.querySelectorAll('#lines > li[data-key]')].map((li) => li.dataset.key)"
HERE = "document.activeElement.id"


async def test_the_team_is_led_by_key(tmp_path: Path) -> None:
    """Every two seconds Tab began anew at the top of the page, and a click across it was lost."""
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        await enter(tab, facts, 0)
        await busy(tab)
        first, second = [await many.claimed(n, "1207", 10) for n in range(2)]
        seat = await many.desk.seat("1207")
        assert seat
        await many.desk.sit(replace(seat, until=await many.desk.now() + 600_000))
        await enter(tab, facts, 1)
        await tab.open(facts["desk"]["url"] + "team")
        take = f"document.querySelector('#t-{first.number}')"
        await tab.until(take)
        await asyncio.sleep(2.5)  # drawn once
        await tab.run(f"{take}.focus(); window.was = {take}")
        await asyncio.sleep(4.5)
        assert await tab.run(f"{take} === window.was"), "nothing has changed but the time"
        await many.says(first, "好的", who="staff/1207")
        await tab.until(f"{take} !== window.was")
        assert await tab.run(HERE) == f"t-{first.number}"
        for kind in ("keyDown", "keyUp"):
            await tab.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        assert await tab.run(HERE) == f"w-{second.number}"

        await tab.run(f"window.was = {take}; was.dispatchEvent(new PointerEvent('pointerdown', {{bubbles: true}}))")
        await many.says(second, "好的", who="staff/1207")
        await asyncio.sleep(2.5)
        assert await tab.run(f"{take} === window.was"), "the click would be lost"
        await tab.run("was.dispatchEvent(new PointerEvent('pointerup', {bubbles: true}))")
        await tab.until(f"{take} !== window.was")

        await tab.run(f"window.was = {take}; was.focus(); was.click()")
        await tab.until("document.querySelector('#ask-seize').open")
        await many.says(first, "在吗")
        await asyncio.sleep(2.5)
        await click(tab, "#ask-seize [data-act=close]")
        assert await tab.run(HERE) == f"t-{first.number}"
        await tab.until(f"{take} !== window.was")
        clean(tab, facts)


async def test_a_line_that_comes_late_stands_where_it_belongs(tmp_path: Path) -> None:
    """It stood below the answer to it until the page was loaded anew."""
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        await enter(tab, facts, 0)
        await busy(tab)
        case = await many.claimed(1, "1207", 60)
        for n in range(10):  # 9 and 10 are compared as numbers
            await many.says(case, f"第{n}句")
        await tab.open(facts["desk"]["url"] + f"?s={case.number}")
        await tab.until(f"{KEYS}.length >= 12")
        keys = await tab.run(KEYS)
        for place in (-1, 3, -3, 1):
            line = f"document.getElementById('l{keys[place]}')"
            told = f"session: {case.number}, key: '{keys[place]}', kind: 'customer', behind: 0, html: window.html"
            await tab.run(f"window.html = {line}.outerHTML; {line}.remove(); addLine({{{told}}})")
            assert await tab.run(KEYS) == keys
        behind = int(keys[4].split("-")[0])
        last = max(n for n, key in enumerate(keys) if key.startswith(f"{behind}-"))
        for key, after in (("f1-1", behind), ("f1-2", 0)):  # what only he was told of that line, and of none
            html = f'<li id="l{key}" data-key="{key}" class="line desk"><p>通过</p></li>'
            await tab.run(
                f"addLine({{session: {case.number}, key: '{key}', kind: 'desk', behind: {after}, html: `{html}`}})"
            )
        assert await tab.run(KEYS) == [*keys[: last + 1], "f1-1", *keys[last + 1 :], "f1-2"]
        clean(tab, facts)


async def test_what_was_not_sent_is_for_nobody_who_comes_to_this_screen(tmp_path: Path) -> None:
    """A draft outlives reloads and log-ins that ran out; it was there for the next one at a shared machine, too."""
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        for where in ("desk", "lock", "another"):
            await enter(tab, facts, 0)
            await busy(tab)
            if where == "desk":
                case = await many.claimed(1, "1207", 30)
            await tab.open(facts["desk"]["url"] + f"?s={case.number}")
            await tab.until("document.querySelector('#box')")
            await tab.run("document.querySelector('#box').focus()")
            await tab.type("还没有发出的话")
            await tab.until("sessionStorage.getItem('drafts').includes('还没有发出的话')")
            if where == "another":
                await enter(tab, facts, 1)
            else:
                if where == "lock":
                    await tab.run("document.querySelector('form[action=\"/lock\"] button').click()")
                    await tab.until("document.body?.innerText.includes('屏幕已锁定')")
                    assert "还没有发出的话" in await tab.run("sessionStorage.getItem('drafts')")
                await tab.run("document.querySelector('form[action=\"/logout\"] button').click()")
                await tab.until("document.querySelector('input[name=password]')")
            assert await tab.run("sessionStorage.getItem('drafts')") is None, where


async def test_what_is_typed_does_what_the_button_does_and_what_lies_over_the_page_goes_away(tmp_path: Path) -> None:
    """A session ended by `#结` stayed on the page as one that had been taken away; the menu covered the card."""
    async with demo(tmp_path) as facts, chromium() as tab, crowd(tmp_path) as many:
        await enter(tab, facts, 0)
        await busy(tab)
        cases = [await many.claimed(n, "1207", 60 - n) for n in range(3)]
        here = "document.querySelector('#talk').dataset.session"
        for number, line, then in (
            (cases[0].number, "#挂 5", cases[0].number),
            (cases[0].number, "#结 1", cases[1].number),
            (cases[1].number, "#还", cases[2].number),
        ):
            await tab.until("document.querySelector('#mine [data-row]')")
            if not await tab.run(f"document.querySelector('#talk')?.dataset.session === '{number}'"):
                await click(tab, f"#mine [data-row='{number}']")
            await tab.until(f"document.querySelector('#talk')?.dataset.session === '{number}'")
            await write(tab, line)
            await tab.until(f"{here} === '{then}'")
            if line == "#挂 5":
                held = f"document.querySelector('#mine [data-row=\"{number}\"]')"
                await tab.until(f"{held}.dataset.state === 'hold'")
                left, right = (f"{held}.querySelector('{one}').getBoundingClientRect().left" for one in ("b", ".asked"))
                assert await tab.run(f"{left} < {right}"), "the number stands first"
                await tab.until("document.querySelector('#talk').dataset.state === 'hold'")  # drawn anew by then

        await click(tab, ".menu summary")
        await tab.until("document.querySelector('.menu').open")
        for kind in ("keyDown", "keyUp"):
            await tab.call("Input.dispatchKeyEvent", type=kind, key="Escape", code="Escape", windowsVirtualKeyCode=27)
        assert await tab.run("!document.querySelector('.menu').open && document.activeElement.tagName") == "SUMMARY"
        await click(tab, ".menu summary")
        await tab.run("document.querySelector('#lines').click()")
        assert not await tab.run("document.querySelector('.menu').open")

        await tab.look(390, 844)
        await tab.run("document.querySelector('#news').textContent = document.body.dataset.offline")
        assert await tab.run("document.querySelector('#news').getBoundingClientRect().height > 10"), "on a phone, too"
        clean(tab, facts)


async def test_what_is_typed_in_one_tab_is_safe_from_the_other(tmp_path: Path) -> None:
    """A canned reply that was chosen and not yet sent was gone as soon as the session changed in the other tab."""
    async with demo(tmp_path) as facts, chromium() as one, crowd(tmp_path) as many:
        await enter(one, facts, 0)
        await busy(one)
        case = await many.claimed(1, "1207", 30)
        box = "document.querySelector('#box')"
        async with another(one) as two:
            for tab in (one, two):
                await tab.open(facts["desk"]["url"] + f"?s={case.number}")
                await tab.until(box)
            await two.run(f"{box}.focus()")
            await two.type("第二个页面写到一半")
            await write(one, "第一个页面说的话")
            await two.until("document.querySelector('#lines').innerText.includes('第一个页面说的话')")
            assert await two.run(f"{box}.value") == "第二个页面写到一半"
            assert await one.run(f"{box}.value") == ""
            for typed in ("第二个页面写到一半", "您好，请问有什么可以帮您？"):
                if typed.startswith("您好"):  # a canned one, by its first letters
                    await two.run(f"{box}.focus(); {box}.select()")
                    await two.type("/nhqw")
                    await two.until("!document.querySelector('#picks').hidden")
                    await two.press_enter()
                    assert await two.run(f"{box}.value") == typed
                await write(one, "#挂 5")
                await two.until("document.querySelector('#talk').dataset.state === 'hold'")
                await two.until(f"{box}?.value === {typed!r}")
                held = await many.desk.case(case.number)
                assert held
                change = handoff.resume(held, await many.desk.now())
                assert change
                await many.desk.move(change)
                await two.until("document.querySelector('#talk').dataset.state === 'active'")
                await two.until(f"{box}?.value === {typed!r}")
            await two.open(facts["desk"]["url"] + f"?s={case.number}")
            await two.until(f"{box}?.value === {typed!r}")
            await two.until("performance.getEntriesByType('resource').some((one) => one.name.includes('/after?'))")
            assert await one.run(f"{box}.value") == ""
            await write(one, "#结 1")
            await two.until("document.querySelector('#talk.over')")
            assert await two.run(f"{box}.value") == typed, "it can still be copied"
            clean(one, facts)
            clean(two, facts)
