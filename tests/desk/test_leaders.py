"""What team leaders do over XMPP: with a reason, written down before it is done, and without reading bills."""

from __future__ import annotations

from msgspec.structs import replace

from bot.desk.model import Where
from bot.desk.text import HIDDEN
from bot.errors import Unavailable
from tests.desk.test_races import LEADER, A, has, served
from tests.support.office import Office

Deed = tuple[str, str, str, str]  # staff, what, session, reason


class Audit:
    """Remembers, or is away."""

    def __init__(self, office: Office) -> None:
        self.deeds: list[Deed] = []
        self.away = False
        office.at_work.errands.audited_by(self)

    async def __call__(self, staff: str, what: str, about: str, reason: str, number: str) -> None:
        if self.away:
            raise Unavailable("database")
        self.deeds.append((staff, what, about, reason))


async def test_watch_whisper_barge_take_over_and_score_stand_in_the_audit(office: Office) -> None:
    audit, number = Audit(office), await served(office)
    await office.sit(LEADER, show="dnd")
    for command in ("监", "插", "夺"):
        assert has(await office.types(LEADER, f"#{command} {number}"), "请写明理由")
    assert audit.deeds == []
    assert has(await office.types(LEADER, f"#监 {number} 质检抽查"), "正在旁看会话 1")
    await office.types(LEADER, f"#耳 {number} 先安抚")
    assert has(office.told(A), "先安抚")
    await office.types(LEADER, f"#插 {number} 我来减免")
    assert has(office.read(1), "工号 1299（值班长）：我来减免")
    await office.types(LEADER, f"#评 {number} 5 耐心")
    await office.types(LEADER, f"#夺 {number} 客户要求")
    assert has(office.read(1), "工号 1299 接着为您服务")
    assert has(office.told(A), "会话 1 已由值班长 1299 接手：客户要求")
    assert audit.deeds == [
        (LEADER, what, str(number), reason)
        for what, reason in (
            ("监", "质检抽查"),
            ("耳", "先安抚"),
            ("插", "我来减免"),
            ("评", "5 耐心"),
            ("夺", "客户要求"),
        )
    ]


async def test_a_number_in_what_is_said_in_a_session_names_no_other(office: Office) -> None:
    """`#插 2 分钟内会有短信` in the contact of session 1 was said to the customer of session 2."""
    audit, number = Audit(office), await served(office)
    assert await served(office, 2) == number + 1 == 2
    await office.sit(LEADER, show="dnd")
    await office.types(LEADER, "#插 2 分钟内会有短信", session=number)
    assert has(office.read(1), "（值班长）：2 分钟内会有短信")
    assert not has(office.read(2), "值班长")
    await office.types(LEADER, "#耳 2 句话说完", session=number)
    assert has(office.told(A), "2 句话说完")
    await office.types(LEADER, "#插 s2 马上到", session=number)
    assert has(office.read(2), "（值班长）：马上到")
    assert has(await office.types(LEADER, "#监 2", session=number), "请写明理由")  # that is no reason, but a session
    await office.types(LEADER, "#夺 2 次投诉", session=number)
    assert [office.owner(customer).name for customer in (1, 2)] == [f"{LEADER}/1", f"{A}/2"]
    assert [(what, about) for _, what, about, _ in audit.deeds] == [("插", "1"), ("耳", "1"), ("插", "2"), ("夺", "1")]


async def test_a_watch_ends_by_the_same_word_and_that_stands_in_the_audit(office: Office) -> None:
    """Whoever watched once was sent every line until the session closed."""
    audit, number = Audit(office), await served(office)
    await office.sit(LEADER, show="dnd")
    await office.types(LEADER, f"#监 {number} 抽查")
    await office.say(1, "第一句")
    assert has(office.told(LEADER), "第一句")
    audit.away = True
    assert has(await office.types(LEADER, f"#监 {number}"), "没有执行")
    assert (await office.case(1)).watchers == (LEADER,)
    audit.away = False
    assert has(await office.types(LEADER, "#监", session=number), f"已停止旁看会话 {number}")
    await office.say(1, "第二句")
    await office.types(A, "坐席说的", session=number)
    assert not has(office.told(LEADER), "第二句")
    assert not has(office.told(LEADER), "坐席说的")
    assert has(await office.types(A, "#史", session=number), "停止旁看")
    assert audit.deeds == [(LEADER, "监", str(number), "抽查"), (LEADER, "停监", str(number), "")]
    assert has(await office.types(LEADER, f"#监 {number}"), "请写明理由")  # said again, it begins nothing
    await office.types(LEADER, f"#监 {number} 再看")
    await office.say(1, "第三句")
    assert has(office.told(LEADER), "第三句")


async def test_a_watch_ends_also_in_the_wrap_up(office: Office) -> None:
    audit, number = Audit(office), await served(office)
    await office.sit(LEADER, show="dnd")
    await office.types(LEADER, f"#监 {number} 抽查")
    await office.say(1, "结束")
    case = await office.desk.case(number)
    assert case
    assert case.state is Where.WRAPUP
    assert has(await office.types(LEADER, f"#监 {number}"), "已停止旁看")
    after = await office.desk.case(number)
    assert after
    assert after == replace(case, watchers=(), version=after.version)  # its wrap-up runs on
    assert [what for _, what, _, _ in audit.deeds] == ["监", "停监"]


async def test_what_cannot_be_written_down_is_not_done(office: Office) -> None:
    audit, number = Audit(office), await served(office)
    await office.sit(LEADER, show="dnd")
    audit.away = True
    for line in ("#监 1 抽查", "#插 1 您好", "#夺 1 客户要求", "#耳 1 先安抚"):
        assert has(await office.types(LEADER, line), "没有执行")
    case = await office.case(1)
    assert (case.number, case.staff, case.watchers) == (number, A, ())
    assert not has(office.read(1), "值班长")
    assert has(await office.types(A, "请把验证码发给我", session=number), "已拦下")  # that needs no audit


async def test_a_leader_who_watches_reads_no_bill(office: Office) -> None:
    """The web desk showed ［客户资料］; over XMPP the bill itself was read."""
    audit = Audit(office)
    await office.say(1, "查话费")
    await office.say(1, "246810")
    assert has(office.read(1), "元")
    number = await served(office)
    await office.sit(LEADER, show="dnd")
    (shown,) = await office.types(LEADER, f"#监 {number} 抽查")
    assert HIDDEN in shown
    assert "元" not in shown
    await office.types(A, "#办 彩铃", session=number)
    await office.say(1, "确认")
    before = len(office.told(LEADER))
    await office.say(1, office.code(1))
    assert has(office.told(A), "通过")
    assert not has(office.told(LEADER)[before:], "流水号")
    await office.types(A, "#办 查话费", session=number)  # no card: what the bot says to it is for who asked
    assert "不能代客户做" in office.told(A)[-1]
    assert HIDDEN in office.told(LEADER)[-1]
    assert "元" not in office.told(LEADER)[-1]
    assert audit.deeds == [(LEADER, "监", str(number), "抽查")]


async def test_a_line_that_was_stopped_is_there_for_review(office: Office) -> None:
    audit, number = Audit(office), await served(office)
    assert has(await office.types(A, "请把验证码发给我", session=number), "已拦下")
    assert audit.deeds == [(A, "stopped", str(number), "")]
    assert has(await office.types(A, "#史", session=number), "索要验证码或密码的话已拦下")


async def test_staff_choose_the_language_of_their_client(office: Office) -> None:
    number = await served(office)
    assert has(await office.types(A, "#语言"), "#语言 英文")
    assert has(await office.types(A, "#lang en"), "English from now on")
    assert has(await office.types(A, "#队"), "Nobody waits")
    await office.types(A, "#free")
    await office.say(2, "人工")
    assert has(office.told(A), "[New session 2] Reply #take or #reject within 20 s.\nSession 2 · 138****8002 · ")
    assert has(await office.types(A, "#查", session=number), "Session 1 · ")
    assert has(await office.types(A, "#语言 中文"), "以后用中文")
    assert has(await office.types(A, "#队"), "排队 1 位")


async def test_a_leader_who_went_home_takes_nobody_over(office: Office) -> None:
    """His seat has no lease then: whom he took nobody would give back."""
    number = await served(office)
    await office.sit(LEADER)
    await office.types(LEADER, "#下班")
    assert has(await office.types(LEADER, f"#夺 {number} 投诉升级"), "请先发 #闲 上线")
    assert office.owner(1).name == f"{A}/{number}"
    await office.types(LEADER, "#忙")
    await office.types(LEADER, f"#夺 {number} 投诉升级")
    assert office.owner(1).name == f"{LEADER}/{number}"


async def test_the_history_ends_with_the_session(office: Office) -> None:
    """In the wrap-up the customer talks to the bot again: nothing of that is for who served him."""
    number = await served(office)
    await office.say(1, "结束")
    await office.wait(1)
    await office.say(1, "查话费")
    (history,) = await office.types(A, "#史 60", session=number)
    assert "结束" in history
    assert "查话费" not in history
