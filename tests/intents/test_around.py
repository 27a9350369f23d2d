"""Promotions, own messages, news, places: what is wrong is said, with what can be done; nothing is half done."""

from __future__ import annotations

import pytest

from bot.adapters.memory.hall import NUMBERS
from bot.adapters.town import places
from bot.config import Config
from bot.gate import SMS_A_DAY
from bot.intents.places import Place, found_in
from bot.intents.shop import kind_of
from bot.intents.slots import letter
from bot.model import AskedSlot, Brand, Confirming, Idle, Product
from bot.ports.around import Area, Board, Channel, Promotion, Shop
from bot.spoken.texts import segments
from bot.stage import MemoryStage, Own, VirtualClock
from bot.wiring import Words
from tests.support.counter import Counter
from tests.support.moody import MoodyHall
from tests.support.samples import AT

OTHER = "13900139000"


def counter_of(config: Config, words: Words, brand: Brand = Brand.EASYOWN, lang: str = "") -> Counter:
    return Counter(config, words, number=NUMBERS[brand], lang=lang)


async def signed_in(config: Config, words: Words, brand: Brand = Brand.EASYOWN, lang: str = "") -> Counter:
    counter = counter_of(config, words, brand, lang)
    await counter.sign_in()
    return counter


# --- 自写短信 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [("好" * 70, 1), ("好" * 71, 2), ("好" * 134, 2), ("好" * 135, 3), ("a" * 160, 1), ("a" * 306, 2), ("a" * 307, 3)],
)
def test_segments(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_what_takes_two_places() -> None:
    assert [segments("€" * 80), segments("€" * 81), segments("😀" * 35), segments("😀" * 36)] == [1, 2, 1, 2]


async def test_2000_characters_are_counted_and_the_recipient_is_kept(config: Config, words: Words) -> None:
    counter = await signed_in(config, words)
    await counter.tell(f"给{OTHER}发短信")
    answer = await counter.tell("好" * 2000)
    assert "2000个字" in answer
    assert "134个字" in answer
    assert isinstance(counter.stands, AskedSlot)
    assert OTHER in await counter.tell("好")
    assert isinstance(counter.stands, Confirming)
    assert counter.operator.messages == []


@pytest.mark.parametrize(
    "text", ["看 http://x.cn", "WWW.abc.com", "taobao.com上有", "ｗｗｗ．ａｂｃ．ｃｏｍ", "t.co/abc", "点https:x"]
)
async def test_links_are_refused(config: Config, words: Words, text: str) -> None:
    counter = await signed_in(config, words)
    await counter.tell("发短信", OTHER)
    assert "不能带网址" in await counter.tell(text)
    assert counter.rows == []


@pytest.mark.parametrize("text", ["3.5折", "明天9.30见", "v1.2版", "a.b", "ok.好的"])
async def test_what_is_no_link_goes(config: Config, words: Words, text: str) -> None:
    counter = await signed_in(config, words)
    assert "确认吗" in await counter.tell("发短信", OTHER, text)


async def test_ten_recipients_are_one_too_many(config: Config, words: Words) -> None:
    counter = await signed_in(config, words)
    ten = " ".join(f"139001390{n:02d}" for n in range(10))
    assert "一次只能发给一个号码" in await counter.tell(f"给{ten}发短信说到了")
    assert "手机号码" in await counter.tell(ten)
    assert isinstance(counter.stands, AskedSlot)
    await counter.tell("取消")
    assert counter.rows == []


async def test_what_is_agreed_to_is_sent_once_to_whom_it_was_said(config: Config, words: Words) -> None:
    counter = await signed_in(config, words)
    shown = await counter.tell(f"给{OTHER}发短信说 晚上8点，\n老地方")
    assert all(part in shown for part in (OTHER, "晚上8点", "0.1元", "1条"))
    assert "办理成功" in await counter.tell("确认")
    await counter.tell("确认")
    assert [(to, text) for _, to, text in counter.operator.messages] == [(OTHER, "晚上8点，\n老地方")]
    assert OTHER not in await counter.tell("办理记录")


async def test_twenty_a_day_and_no_more(config: Config, words: Words) -> None:
    counter = await signed_in(config, words)
    for n in range(SMS_A_DAY):
        assert "办理成功" in await counter.tell(f"给{OTHER}发短信说第{n}条", "确认")
    assert "每天最多20条" in await counter.tell(f"给{OTHER}发短信说还有一条")
    assert len(counter.operator.messages) == SMS_A_DAY
    counter.clock.forward(24 * 3600)
    await counter.sign_in()
    assert "办理成功" in await counter.tell(f"给{OTHER}发短信说第二天", "确认")


async def test_two_drafts_cannot_pass_the_last_one(config: Config, words: Words) -> None:
    """Drafted before the day was full, agreed to afterwards."""
    counter = await signed_in(config, words)
    await counter.tell(f"给{OTHER}发短信说第一条")
    quota = counter.hall.core.turns._quota
    for n in range(SMS_A_DAY):
        assert await quota.take(counter.number, "message", f"o{n}", AT, SMS_A_DAY)
    assert "每天最多20条" in await counter.tell("确认")
    assert (counter.operator.messages, counter.states) == ([], ["withdrawn"])


async def test_no_answer_means_in_progress_and_never_a_second_message(config: Config, words: Words) -> None:
    counter = await signed_in(config, words)
    counter.operator.orders = "lost"
    assert "处理中" in await counter.tell(f"给{OTHER}发短信说到了", "确认")
    assert counter.states == ["unknown"]


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        (f"给{OTHER}发短信说到了", True),
        (f"发短信给{OTHER} 今晚不回家", True),
        (f"帮我给{OTHER}说晚点到", True),
        (f"给{OTHER}，13900139001发短信说到了", True),
        (f"text {OTHER} see you at 8", True),
        (f"Please send a text message to {OTHER}: see you", True),
        (f"send an sms to {OTHER} saying hi", True),
        (f"top up {OTHER} 50", False),
        (f"给{OTHER}充50", False),
        (f"给{OTHER} 充50", False),
        (f"给{OTHER}，充50", False),
        (f"不要给{OTHER}发短信", False),
        ("发短信", False),
        (f"{OTHER}", False),
    ],
)
def test_what_is_a_letter(line: str, is_one: bool) -> None:
    assert bool(letter(line)) is is_one


async def test_a_number_in_the_text_is_no_recipient(config: Config, words: Words) -> None:
    counter = await signed_in(config, words)
    shown = await counter.tell(f"给{OTHER}发短信说我换号了，新号13700137000")
    assert "发短信给 13900139000" in shown
    assert "新号13700137000" in shown
    assert isinstance(counter.stands, Confirming)


# --- promotions -------------------------------------------------------------------------------------------------


async def test_a_voucher_is_in_its_receipt_and_nowhere_else(
    config: Config, words: Words, capsys: pytest.CaptureFixture[str]
) -> None:
    counter = await signed_in(config, words, Brand.MZONE)
    await counter.tell("领电影票")
    outs = await counter.deliver(counter.message("确认"))
    assert "MVHT-4K7P-92QX" in outs[0].text
    assert outs[0].secret
    assert "MVHT" not in await counter.tell("办理记录")
    printed = capsys.readouterr()
    assert "MVHT" not in printed.out + printed.err
    assert "MVHT" not in repr(counter.rows)


async def test_a_voucher_that_came_after_the_log_out_is_read_by_its_serial(config: Config, words: Words) -> None:
    """Told 您有一条业务提醒 instead, nobody ever read the code; and it cannot be had twice."""
    counter = await signed_in(config, words, Brand.MZONE)
    counter.operator.orders = "lost"
    assert "处理中" in await counter.tell("领电影票", "确认")
    counter.operator.orders = "done"
    await counter.wait(400)
    for _ in range(3):
        await counter.wait(30)
        await counter.hall.core.operations.reconcile(counter.clock(), "w")
    assert counter.states == ["done"]
    assert not any("MVHT" in out.text for out in counter.hall.sessions.outbox(counter.jid))
    serial = counter.rows[0].operation.serial
    assert "客服密码" in await counter.tell(serial)
    [answer] = await counter.deliver(counter.message(counter.password))
    assert "券码 MVHT-4K7P-92QX，2027年12月31日前有效" in answer.text
    assert answer.secret
    await counter.tell("退出")
    assert "MVHT" not in await counter.tell("重说")


async def test_what_a_draw_gave_is_read_by_its_serial(config: Config, words: Words) -> None:
    counter = await signed_in(config, words, Brand.MZONE)
    won = await counter.tell("我要抽奖", "确认")
    ticket = won.partition("抽奖号 ")[2][:6]
    assert f"抽奖号 {ticket}" in await counter.tell(counter.rows[0].operation.serial)


async def test_only_one_joins_and_the_second_is_told(config: Config, words: Words) -> None:
    counter = await signed_in(config, words, Brand.MZONE)
    await counter.tell("我要抽奖")
    counter.operator.joined[counter.number].add("M-DRAW")  # elsewhere, meanwhile
    answer = await counter.tell("确认")
    assert "没有办成" in answer
    assert "已经参加过" in answer
    assert "每个号码限一次" in await counter.tell("我要抽奖")


async def test_everything_joined_is_said(config: Config, words: Words) -> None:
    counter = await signed_in(config, words, Brand.GROUP)
    counter.operator.joined[counter.number].add("B-CREDIT")
    assert "都参加过了" in await counter.tell("我要参加活动")
    assert isinstance(counter.stands, Idle)


async def test_money_needs_the_code_and_the_rest_does_not(config: Config, words: Words) -> None:
    counter = await signed_in(config, words)
    await counter.tell("领话费", "确认")
    assert await counter.state() == "asked_code"
    assert "10.00元话费已存入" in await counter.tell(await counter.code())
    await counter.tell("抽奖")
    assert "办理成功" in await counter.tell("确认")
    assert counter.states == ["done", "done"]


# --- an operator that has nothing, or is away -------------------------------------------------------------------


class Empty(MoodyHall):
    """Nothing runs, nothing is open, nobody writes."""

    async def promotions(self, brand: Brand, number: str = "") -> list[Promotion]:
        return []

    async def channels(self, brand: Brand) -> list[Channel]:
        return []

    async def areas(self) -> list[Area]:
        return []

    async def shops(self, city: str) -> list[Shop]:
        return []

    async def boards(self) -> list[Board]:
        return []

    async def message_offer(self, brand: Brand) -> Product | None:
        return None


@pytest.mark.parametrize("lang", ["", "en"])
async def test_an_empty_catalogue_is_answered_with_what_is_possible(config: Config, words: Words, lang: str) -> None:
    stage = MemoryStage(
        config, NUMBERS[Brand.MZONE], clock=VirtualClock(AT), words=words, lang=lang, own=Own(hall=Empty())
    )
    await stage.say("登录")
    await stage.say(stage.password)
    for line in ("优惠活动", "参加活动", "资讯", "订阅资讯", "动感商户", "取消", "附近营业厅", "取消", "BBS"):
        (answer,) = await stage.say(line)
        assert answer
    (answer,) = await stage.say(f"给{OTHER}发短信说到了")
    assert "业务系统" in answer or "operator's system" in answer


# --- places -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("北京朝阳区营业厅", Place("北京", "朝阳区")),
        ("我在朝阳区去哪个营业厅", Place("北京", "朝阳区")),
        ("浦东哪里有营业厅", Place("上海", "浦东新区")),
        ("武昌有营业厅吗", Place("武汉", "武昌区")),
        ("武漢營業廳", Place("武汉")),
        ("wuhan", Place("武汉")),
        ("Beijing Chaoyang", Place("北京", "朝阳区")),
        ("杭州", Place("杭州")),
        ("Chengdu", Place("成都")),  # what the question itself names was not found
        ("chengdu qingyang", Place("成都", "青羊区")),
        ("附近营业厅", None),
        ("拉萨", None),
        ("", None),
    ],
)
def test_places_are_found_as_they_are_said(line: str, place: Place | None) -> None:
    assert found_in(places.AREAS, line) == place


@pytest.mark.parametrize(
    ("typed", "city"),
    [("Chongqing", "重庆"), ("xiamen", "厦门"), ("Changsha", "长沙"), ("changchun", "长春"), ("foshan", "佛山")],
)
def test_a_city_that_is_read_as_its_characters_mostly_are_not(typed: str, city: str) -> None:
    assert found_in([*places.AREAS, Area(city)], typed) == Place(city)


async def test_a_text_in_one_go_in_english(config: Config, words: Words) -> None:
    counter = await signed_in(config, words, lang="en")
    shown = await counter.tell(f"send a text to {OTHER} saying see you at 8")
    assert OTHER in shown
    assert "see you at 8" in shown.splitlines()
    assert isinstance(counter.stands, Confirming)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        *(("restaurants in Wuhan", "餐饮"), ("where can I EAT for less", "餐饮"), ("cinemas", "影院")),
        *(("karaoke in Beijing", "KTV"), ("bookshops", "书店"), ("clothes", "服饰"), ("gyms in Wuhan", "健身")),
        *(("great shops", ""), ("M-Zone shops", ""), ("KTV", "KTV"), ("书店", "书店")),
    ],
)
def test_the_sort_of_shop_in_both_languages(line: str, kind: str) -> None:
    assert kind_of(line) == kind


async def test_english_finds_kiosks_and_sorts_and_reads_them_in_english(config: Config, words: Words) -> None:
    counter = counter_of(config, words, Brand.MZONE, "en")
    await counter.tell("log in", counter.password)
    halls = await counter.tell("nearest shop with a kiosk in Wuhan")
    assert "kiosk" in halls
    assert " hall, " not in halls, "only where there is one"
    assert "24 hours" in halls
    shops = await counter.tell("M-Zone shops with restaurants in Wuhan")
    assert "M-Zone shops in Wuhan (food):" in shops
    assert "折" not in shops


# --- 全部 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "ask", "all_of_it"), [("", "订阅资讯", "全部"), ("en", "daily news", "all")])
async def test_all_channels_are_all_of_them(config: Config, words: Words, lang: str, ask: str, all_of_it: str) -> None:
    counter = counter_of(config, words, Brand.GOTONE, lang)
    await counter.tell("log in" if lang else "登录", counter.password)
    offered = await counter.tell(ask)
    answer = await counter.tell(all_of_it)
    assert [line[2:] for line in offered.splitlines()[1:-1] if line[2:] not in answer] == []


async def test_hall_notices_are_not_all_channels(config: Config, words: Words) -> None:
    """`all` stood in `hall notices`: who asked for these was sent every channel."""
    counter = counter_of(config, words, Brand.GOTONE, "en")
    await counter.tell("log in", counter.password)
    assert "Subscribed to hall notices. " in await counter.tell("daily news hall notices", "1")
