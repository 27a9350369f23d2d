"""What is written for staff is delivered, or kept and said to be not delivered: whoever is away."""

from __future__ import annotations

import pytest

from bot.config import Config
from bot.desk.model import Urgency
from bot.model import Choosing, Idle
from bot.wiring import Words
from tests.support.counter import Counter

TEXT = "上个月多扣了3元，请回电"
SENT = "工单号 T000001"
ROADS = (("人工",), ("投诉",), ("家里没信号",), ("手机丢了",))


@pytest.fixture
def counter(config: Config, words: Words) -> Counter:
    return Counter(config, words)


async def unsent(counter: Counter, *road: str) -> str:
    """What is said where nobody is at the desk and the operator is away by the time it is written."""
    await counter.sign_in()
    await counter.tell(*road)
    counter.operator.away = True
    return await counter.tell(TEXT)


@pytest.mark.parametrize("road", ROADS, ids=lambda road: str(road[0]))
@pytest.mark.parametrize("again", ["1", "人工", "0", "对", TEXT, f" {TEXT}\n"])
async def test_what_was_not_sent_is_kept_and_sent_once(road: tuple[str, ...], again: str, counter: Counter) -> None:
    said = await unsent(counter, *road)
    assert "没有开成，您写的话还没有送到" in said
    assert "急事请拨打10086" in said
    assert "人工" not in said, "it is there that he comes from"
    assert isinstance(counter.stands, Choosing)
    assert await counter.tell(again) == said, "still away"
    counter.operator.away = False
    assert SENT in await counter.tell(again)
    assert counter.operator.noted == {"T000001": TEXT}
    assert isinstance(counter.stands, Idle)


async def test_nobody_there_and_the_operator_away_is_no_circle(counter: Counter) -> None:
    """人工 led to a reply that told him to reply 人工."""
    await counter.sign_in()
    counter.operator.away = True
    assert "回复“人工”转人工" in await counter.tell("查余额")
    await counter.tell("人工")
    assert "急事请拨打10086" in await counter.tell(TEXT)
    assert "人工" not in await counter.tell("查余额")


@pytest.mark.parametrize(("becomes", "says"), [("lost", "不知道工单开成没有"), ("refused", "没有开成")])
async def test_another_try_opens_no_second_ticket(becomes: str, says: str, counter: Counter) -> None:
    await counter.tell("人工")
    counter.operator.tickets_are = "lost" if becomes == "lost" else "refused"
    assert says in await counter.tell(TEXT)
    counter.operator.tickets_are = "opened"
    assert SENT in await counter.tell("1")
    assert counter.operator.noted == {"T000001": TEXT}


async def test_what_may_have_been_opened_is_not_said_to_be_lost(counter: Counter) -> None:
    """The answer alone was lost; he was told that nothing was sent, and wrote a second ticket."""
    await counter.tell("人工")
    counter.operator.tickets_are = "lost"
    assert "不知道工单开成没有" in await counter.tell(TEXT)
    told = await counter.tell("查话费")
    assert "没能确认送到" in told
    assert "没有送出" not in told
    assert counter.operator.noted == {"T000001": TEXT}


@pytest.mark.parametrize(("road", "minutes"), [(("人工",), 10), (("登录", "246810", "人工"), 5)])
async def test_it_is_kept_as_long_as_was_told(road: tuple[str, ...], minutes: int, counter: Counter) -> None:
    await counter.tell(*road)
    counter.operator.away = True
    assert f"{minutes}分钟内" in await counter.tell(TEXT)
    counter.operator.away = False
    counter.clock.forward(minutes * 60 - 1)
    assert SENT in await counter.tell("1")


async def test_somebody_who_came_meanwhile_is_better_than_a_ticket(counter: Counter) -> None:
    await unsent(counter, "人工")
    await counter.staff("1207", "#闲")
    assert "正在为您转接人工" in await counter.tell("人工")
    assert counter.operator.noted == {}


async def test_whose_phone_is_lost_goes_to_staff_as_such(counter: Counter) -> None:
    """Before everybody else in the queue."""
    await unsent(counter, "手机丢了")
    await counter.staff("1207", "#忙")
    await counter.tell("人工")
    case = await counter.hall.desk.case(1)
    assert case
    assert case.urgency is Urgency.LOST


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *(("查积分", True), ("查话费", True), ("换号码", True), ("早早早早", True), ("退出", True)),
        *(("不用了", False), ("都不是", False), ("取消", False), ("返回", False)),
    ],
)
async def test_something_else_leaves_it_and_that_is_said(text: str, told: bool, counter: Counter) -> None:
    """It had been told to be kept for some minutes; by the next line it was gone, and 1 was of the menu."""
    await unsent(counter, "人工")
    counter.operator.away = False
    assert ("您之前写给客服的话没能确认送到" in await counter.tell(text)) is told
    assert counter.operator.noted == {}
    assert "没能确认" not in await counter.tell("1")


async def test_in_english(config: Config, words: Words) -> None:
    counter = Counter(config, words, lang="en")
    await counter.tell("staff")
    counter.operator.away = True
    said = await counter.tell("please call me back")
    assert "our staff do not have your message yet" in said
    assert "please call 10086" in said


@pytest.mark.parametrize(
    ("road", "minutes"), [(("人工",), 11), (("登录", "246810", "人工"), 6), (("登录", "246810", "人工"), 31)]
)
async def test_what_is_kept_no_longer_is_said_to_be_lost(road: tuple[str, ...], minutes: int, counter: Counter) -> None:
    """A digit is one of the menu by then."""
    await counter.tell(*road)
    counter.operator.away = True
    await counter.tell(TEXT)
    counter.operator.away = False
    counter.clock.forward(minutes * 60)
    said = await counter.tell("1")
    assert said.count("您之前写给客服的话没能确认送到") == 1
    assert "没能确认" not in await counter.tell("1")
    assert counter.operator.noted == {}
