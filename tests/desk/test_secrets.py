"""Under a human a code goes neither way: not asked for in two lines, not told in parts."""

from __future__ import annotations

import re

from tests.desk.test_races import A, has, served
from tests.support.office import Office


async def test_what_was_named_before_is_not_asked_for_in_the_next_line(office: Office) -> None:
    number = await served(office)
    await office.types(A, "您收到验证码了吗？", session=number)
    await office.say(1, "收到了")
    assert has(await office.types(A, "请发给我", session=number), "已拦下")
    assert not has(office.read(1), "请发给我")
    await office.types(A, "我发一张账单给您看", session=number)
    await office.say(1, "好的，还有一张截图")
    await office.types(A, "好的，您稍等", session=number)
    await office.types(A, "您也有账单吗？", session=number)
    await office.types(A, "请发给我", session=number)
    assert has(office.read(1), "请发给我")


async def test_an_awaited_code_in_parts_or_in_words_is_not_read(office: Office) -> None:
    number = await served(office)
    await office.types(A, "#办 彩铃", session=number)
    await office.say(1, "246810")
    await office.say(1, "确认")
    code = office.code(1)
    said = (code[:3], code[3:], " ".join(code[:2]), "、".join(code), f"前三位{code[:3]}，后三位{code[3:]}")
    words = "".join("零一二三四五六七八九"[int(digit)] for digit in code)
    for text in (*said, words, " ".join(words)):
        await office.say(1, text)
    sent = 2 + len(said)
    log = await office.at_work.errands.sessions.journal(office.where(1))
    written = [line.text for one in log for line in one.lines if line.who == "customer"][-sent:]
    assert "前三位***，后三位***" in written
    for text in (*written, *office.told(A)[-sent:]):
        assert not re.search(r"[\d零一二三四五六七八九]", text.replace("三位", "")), text
    await office.say(1, code)
    assert has(office.told(A), "［验证码已提交］通过")


async def test_a_card_that_staff_ask_for_is_not_said_by_the_customer(office: Office) -> None:
    """［业务卡片］ stood there as his line, and a refused one as a customer who waits."""
    number = await served(office)
    for wish in ("不存在的东西", "彩铃"):
        await office.types(A, f"#办 {wish}", session=number)
    log = await office.at_work.errands.sessions.journal(office.where(1))
    assert [line.who for one in log for line in one.lines if line.text == "［业务卡片］"] == [f"staff/{A}"] * 2


async def test_how_satisfied_he_is_is_no_part_of_a_password(office: Office) -> None:
    """The password of a card that was not answered is still awaited when 5 answers 请评价."""
    number = await served(office)
    await office.types(A, "#办 彩铃", session=number)
    await office.types(A, "#结 1", session=number)
    assert has(await office.say(1, "5"), "谢谢您的评价")
    log = await office.at_work.errands.sessions.journal(office.where(1))
    assert [line.text for one in log for line in one.lines if line.who == "customer"][-1] == "5"
