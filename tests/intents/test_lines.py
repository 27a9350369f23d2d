"""Plans, families, companies, suspension and several services: one call in, one answer out; every operation worded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS, MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.adapters.memory.lines import STOPPED
from bot.adapters.memory.world import COLLEAGUE, SHORT
from bot.adapters.sandbox.operator.catalogue import PLANS
from bot.errors import UserError
from bot.intents import family, group, line, plan, service, wares
from bot.intents.base import Call
from bot.intents.slots import kind, read
from bot.model import Account, Answer, Brand, Draft, Need, Product, Proof, Reply, Service, Session, Slots
from bot.wiring import Words
from tests.support.replies import OP
from tests.support.samples import AT, session

MUSIC = [Product(f"m{n}", "音乐包", "音乐包", f"第{n}种", Decimal(5)) for n in range(2)]


class Shop(MemoryHall):
    """Sells and lists what a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.wares: list[Product] | None = None
        self.offered: list[Product] | None = None

    async def catalogue(self, brand: Brand) -> list[Product]:
        return await super().catalogue(brand) if self.wares is None else self.wares

    async def plans(self, brand: Brand) -> list[Product]:
        return await super().plans(brand) if self.offered is None else self.offered


@pytest.fixture
def hall() -> Shop:
    return Shop()


@pytest.fixture
def calling(words: Words, hall: Shop) -> Callable[..., Call]:
    def call(said: str = "", brand: Brand = Brand.GOTONE, number: str = "", lang: str = "zh", **more: object) -> Call:
        account: Account = hall.lines[number or NUMBERS[brand]].account
        here: Session = replace(session(), account=account)
        slots = replace(read(said, "2026-05"), **more)
        return Call(
            here, slots, hall, MemoryLedger(), words.menus, words.catalogue, AT, "k", tongue=words.tongues[lang]
        )

    return call


def need(answer: Answer) -> Need:
    assert isinstance(answer, Need)
    return answer


def draft(answer: Answer) -> Draft:
    assert isinstance(answer, Draft)
    return answer


# --- plans -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["换成88的", "换88元套餐", "改成全球通88元套餐", "换成八十八块的", "升级套餐到88", "我想把套餐换成88那档"]
)
async def test_a_plan_is_known_by_what_it_costs(said: str, calling: Callable[..., Call]) -> None:
    found = draft(await plan.change(calling(said)))
    assert (found.order.price, found.order.items[0].offering) == ("88元/月", "plan88")
    assert found.reply.data["starts"] == "2026-06"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        *(("换套餐", ""), ("换个便宜的套餐", "best"), ("换成99元的套餐", "unknown"), ("换成58元套餐", "same")),
        *(("换成动感地带28元套餐", "foreign"), ("换最便宜的套餐", "best"), ("有没有便宜点的套餐", "best")),
        *(("换流量多的套餐", "wish"), ("套餐太贵了换一个", "best"), ("换个通话多的", "wish"), ("升级套餐", "")),
    ],
)
async def test_what_is_no_plan_to_change_to_is_said_with_those_that_are(
    said: str, why: str, calling: Callable[..., Call]
) -> None:
    asked = need(await plan.change(calling(said)))
    assert asked.reply.data["why"] == why
    assert [label for label, _ in asked.options] == ["全球通88元套餐"]


@pytest.mark.parametrize("said", ["换便宜点的套餐", "有没有便宜点的套餐", "降低套餐", "月租太高想改低", "cheaper plan"])
async def test_who_wants_to_pay_less_is_shown_what_costs_less_first(
    said: str, calling: Callable[..., Call], hall: Shop, words: Words
) -> None:
    hall.offered = sandbox_plans(Brand.GOTONE)
    number = NUMBERS[Brand.GOTONE]
    hall.lines[number].plan = replace(hall.lines[number].plan, product=hall.offered[2])
    asked = need(await plan.change(calling(said)))
    shown = words.render(asked.reply, lang="zh", brand=Brand.GOTONE, session=session(), at=AT).splitlines()
    assert shown[0] == "现在是全球通128元套餐（128元/月），便宜的在前："
    assert shown[1:-1] == [
        "1 全球通58元套餐 58元/月（便宜70元）",
        "2 全球通88元套餐 88元/月（便宜40元）",
        "3 全球通商旅188元套餐 188元/月（贵60元）",
    ]


async def test_who_wants_more_data_is_shown_what_has_more_of_it(
    calling: Callable[..., Call], hall: Shop, words: Words
) -> None:
    hall.offered = sandbox_plans(Brand.MZONE)
    number = NUMBERS[Brand.MZONE]
    hall.lines[number].plan = replace(hall.lines[number].plan, product=hall.offered[1])
    asked = need(await plan.change(calling("换流量多的套餐", Brand.MZONE)))
    shown = words.render(asked.reply, lang="zh", brand=Brand.MZONE, session=session(), at=AT).splitlines()
    assert shown[0] == "现在是动感地带28元网聊套餐（流量150MB），流量多的在前："
    assert shown[1] == "1 动感地带38元校园套餐 38元/月（流量300MB）"
    assert "70MB" in shown[2]


async def test_where_there_is_nothing_else_nothing_is_asked(calling: Callable[..., Call], hall: Shop) -> None:
    hall.offered = []
    with pytest.raises(UserError, match="plan/nothing_else"):
        await plan.change(calling("换套餐"))


# --- several services ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["开通彩铃和手机报", "开通彩铃、手机报", "开通手机报还有彩铃", "开通彩铃,手机报"])
async def test_several_in_one_breath(said: str, calling: Callable[..., Call]) -> None:
    call = calling(said)
    chosen, sure = wares.products(call, await call.hall.catalogue(Brand.GOTONE))
    assert ({p.id for p in chosen}, sure) == ({"ring", "paper"}, True)


@pytest.mark.parametrize("said", ["开通彩铃和别的", "开通流量包和彩铃", "开通彩和铃"])
async def test_one_that_is_not_sure_makes_none_of_them_sure(said: str, calling: Callable[..., Call]) -> None:
    call = calling(said)
    chosen, sure = wares.products(call, await call.hall.catalogue(Brand.GOTONE))
    assert not sure or len(chosen) == 1


@pytest.mark.parametrize(
    ("said", "id"),
    [("开通30M流量包", "data5"), ("买150兆流量包", "data20"), ("开通20元的流量包", "data20"), ("开通500M流量包", "")],
)
async def test_every_number_that_was_said_is_in_the_product(said: str, id: str, calling: Callable[..., Call]) -> None:
    answer = await service.subscribe(calling(said))
    assert isinstance(answer, Need) if not id else draft(answer).order.items[0].product == id


async def test_two_of_one_name_are_asked_about(calling: Callable[..., Call], hall: Shop) -> None:
    hall.wares = MUSIC
    asked = need(await service.subscribe(calling("开通音乐包")))
    assert [id for _, id in asked.options] == ["m0", "m1"]


async def test_an_empty_catalogue_sells_nothing(calling: Callable[..., Call], hall: Shop) -> None:
    hall.wares = []
    for said in ("开通业务", "开通彩铃"):
        with pytest.raises(UserError, match="service/nothing_offered"):
            await service.subscribe(calling(said))


async def test_what_needs_a_number_is_ordered_by_itself(calling: Callable[..., Call]) -> None:
    with pytest.raises(UserError, match="service/one_by_one"):
        await service.subscribe(calling("开通呼叫转移和彩铃"))
    asked = need(await service.subscribe(calling("开通呼叫转移")))
    assert asked.slot == "number"
    own = need(await service.subscribe(calling(f"开通呼叫转移到{NUMBERS[Brand.GOTONE]}")))
    assert own.reply.data["own"]
    found = draft(await service.subscribe(calling("开通呼叫转移到13900139000")))
    assert found.order.items[0].details == (("number", "13900139000"),)


async def test_all_of_it_or_what_costs_money(calling: Callable[..., Call], hall: Shop) -> None:
    account = hall.lines[NUMBERS[Brand.GOTONE]].account
    free = Product("free", "飞信", "飞信", price=Decimal(0))
    hall.lines[account.number].services.append(Service("free-1", free))
    owned = await hall.services(account)
    everything, sure = wares.services(calling("全部退订"), owned)
    assert (len(everything), sure) == (len(owned), True)
    paid, _ = wares.services(calling("收费的全部退掉"), owned)
    assert "free-1" not in {s.id for s in paid}


# --- families and companies ------------------------------------------------------------------------------------


async def test_a_family_is_full_at_some_point(calling: Callable[..., Call], hall: Shop) -> None:
    for n in range(5):
        order = draft(await family.add(calling(f"亲情号加1390013900{n}", Brand.EASYOWN))).order
        await hall.submit(order, f"k{n}")
    with pytest.raises(UserError, match="family/full"):
        await family.add(calling("亲情号加13900139009", Brand.EASYOWN))
    asked = need(await family.remove(calling("删除亲情号", Brand.EASYOWN)))
    assert (len(asked.options), asked.several) == (5, True)
    chosen = draft(await family.remove(calling("删掉亲情号13900139003", Brand.EASYOWN)))
    assert chosen.title == "删除亲情号码139****9003"
    everyone = draft(await family.remove(calling("亲情号全部删掉", Brand.EASYOWN)))
    assert len(everyone.order.items) == 5
    stranger = need(await family.remove(calling("删掉亲情号13900139009", Brand.EASYOWN)))
    assert stranger.reply.data["said"]


@pytest.mark.parametrize(
    "line",
    [
        "给13900139000加短号12",
        "给13900139000加短号012",
        "给13900139000加短号1234567",
        "add short number 12 for 13900139000",
        "add short number 13900139000, short no. 0123",
    ],
)
async def test_a_short_number_that_is_none_is_not_left_out(line: str, calling: Callable[..., Call]) -> None:
    """短号12 was dropped without a word, and the system picked one."""
    asked = need(await group.number_add(calling(line, Brand.GROUP)))
    assert asked.reply.data["wrong"] == "short"
    assert (asked.slots.number, asked.slots.short) == ("", "")


@pytest.mark.parametrize(
    "line",
    [
        "add short number 668 for 13800138001",
        "add short number 13800138001 short no. 668",
        "给13800138001加短号668",
        "短号668给13800138001",
    ],
)
async def test_a_short_number_is_read_in_both_languages(line: str, calling: Callable[..., Call]) -> None:
    order = draft(await group.number_add(calling(line, Brand.GROUP))).order
    assert dict(order.items[0].details) == {"member": "13800138001", "short_number": "668"}


async def test_whose_short_number_goes_is_read_in_english(calling: Callable[..., Call]) -> None:
    assert draft(await group.number_remove(calling("remove short number 601", Brand.GROUP))).order.items


@pytest.mark.parametrize("ask", [group.members, group.number_add, group.number_remove])
async def test_a_member_is_told_who_may(ask: Callable[[Call], Awaitable[Answer]], calling: Callable[..., Call]) -> None:
    with pytest.raises(UserError, match="group/not_admin") as told:
        await ask(calling("", Brand.GROUP, COLLEAGUE))
    assert [m.admin for m in told.value.data["admins"]] == [True]


@pytest.mark.parametrize(("number", "admin"), [(COLLEAGUE, False), (NUMBERS[Brand.GROUP], True)])
async def test_a_short_number_is_not_cancelled_like_a_service(
    number: str, admin: bool, calling: Callable[..., Call], hall: Shop
) -> None:
    """By 退订 a member dropped his, and the administrator his own."""
    hall.lines[number].services.append(Service("mine", SHORT, "2025-01-01"))
    with pytest.raises(UserError, match="service/of_the_group") as told:
        await service.cancel(calling("退订集团短号", Brand.GROUP, number))
    assert told.value.data["admin"] is admin
    with pytest.raises(UserError, match="service/of_the_group"):
        await service.cancel(calling("退订", Brand.GROUP, number, items=("mine",)))
    asked = need(await service.cancel(calling("退订", Brand.GROUP, number)))
    assert "mine" not in {value for _, value in asked.options}
    everything = draft(await service.cancel(calling("全部退订", Brand.GROUP, number)))
    assert "mine" not in {item.product for item in everything.order.items}


async def test_the_administrator_keeps_his_own(calling: Callable[..., Call]) -> None:
    asked = need(await group.number_add(calling(f"给{NUMBERS[Brand.GROUP]}加短号", Brand.GROUP)))
    assert asked.reply.data["wrong"] == "there"
    only = draft(await group.number_remove(calling("删短号601", Brand.GROUP)))
    assert only.order.items[0].details == (("member", COLLEAGUE),)
    assert only.order.number == NUMBERS[Brand.GROUP], "the code goes to the administrator"
    taken = need(await group.number_add(calling("给13900139000加短号601", Brand.GROUP)))
    assert taken.reply.data["wrong"] == "taken"
    given = draft(await group.number_add(calling("给13800138001加短号668", Brand.GROUP)))
    assert dict(given.order.items[0].details) == {"member": "13800138001", "short_number": "668"}


async def test_a_number_that_can_have_none_is_told_before_anything_is_agreed_to(
    calling: Callable[..., Call], hall: Shop
) -> None:
    """没有这个号码 came after the code."""
    nobody = need(await group.number_add(calling("给13900139000加短号668", Brand.GROUP)))
    assert (nobody.reply.data["wrong"], nobody.reply.data["number"]) == ("nobody", "13900139000")
    assert (nobody.slots.number, nobody.slots.short) == ("", "668"), "the other number is asked for"
    other = NUMBERS[Brand.GOTONE]
    hall.lines[other].account = replace(hall.lines[other].account, group="O2")
    theirs = need(await group.number_add(calling(f"给{other}加短号", Brand.GROUP)))
    assert theirs.reply.data["wrong"] == "elsewhere"


# --- suspension ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "case"),
    [
        *(("手机丢了", "挂失"), ("手机被偷了快停机", "挂失"), ("停机保号", "保号"), ("出国半年号先停", "保号")),
        *(("停机", ""), ("i lost my phone", "挂失"), ("pause my line", "保号"), ("流量没了再买", "流量")),
    ],
)
def test_a_lost_phone_is_no_pause(said: str, case: str) -> None:
    assert kind(said) == case
    assert line.proof(Slots(kind=case)) is (Proof.CODE if case == "保号" else Proof.OPEN)


@pytest.mark.parametrize(
    ("why", "template"), [("owing", "line/status"), ("lost", "line/in_person"), ("parked", "line/resume")]
)
async def test_who_may_open_a_line_again(why: str, template: str, calling: Callable[..., Call], hall: Shop) -> None:
    hall.suspend(NUMBERS[Brand.GOTONE], STOPPED[why])
    if why == "lost":
        with pytest.raises(UserError, match=template):
            await line.resume(calling("复机"))
        return
    answer = await line.resume(calling("复机"))
    shown = answer.reply if isinstance(answer, Draft) else answer
    assert isinstance(shown, Reply)
    assert shown.template == template


# --- every operation, worded and as SMS ------------------------------------------------------------------------


def sandbox_plans(brand: Brand) -> list[Product]:
    return [
        Product(
            o.id,
            o.name,
            o.short,
            o.text,
            Decimal(o.fee) / 100,
            kind="plan",
            included=tuple(o.allowances.items()),
            later=True,
        )
        for o in PLANS
        if brand.value in o.brands
    ]


async def drafts(calling: Callable[..., Call], hall: Shop, brand: Brand, lang: str) -> Sequence[Draft]:
    hall.offered = sandbox_plans(brand)
    number = NUMBERS[brand]
    found = []
    for old in hall.offered:
        hall.lines[number].plan = replace(hall.lines[number].plan, product=old)
        others = [p for p in hall.offered if p is not old]
        found += [await plan.change(calling("", brand, lang=lang, items=(p.id,))) for p in others]
    found.append(await line.suspend(calling("", brand, lang=lang, kind="保号")))
    found.append(await service.subscribe(calling("开通呼叫转移到13900139000", brand, lang=lang)))
    four = ("ring", "mail", "data5", "data20")
    found.append(await service.subscribe(calling("", brand, lang=lang, items=four)))
    if brand in family.WITH_FAMILY:
        found.append(await family.add(calling("亲情号加13900139000", brand, lang=lang)))
    if brand is Brand.GROUP:
        found.append(await group.number_add(calling("给13800138001加短号668", brand, lang=lang)))
        found.append(await group.number_remove(calling("删短号601", brand, lang=lang)))
    return [draft(answer) for answer in found]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("brand", Brand)
async def test_every_operation_fits_a_phone_and_two_segments(
    brand: Brand, lang: str, calling: Callable[..., Call], hall: Shop, words: Words
) -> None:
    for one in await drafts(calling, hall, brand, lang):
        terms = words.render(one.reply, lang=lang, brand=brand, session=session(), at=AT)
        assert len(terms.splitlines()) <= 7, terms  # a note may stand in front
        assert len(terms) <= 300, terms
        assert ("确认" if lang == "zh" else "confirm") in terms
        meant = replace(OP, order=one.order, title=one.title, sms=one.sms)
        reply = Reply("sms/code", code="012345", operation=meant, life=180)
        sms = words.render(reply, lang=lang, brand=brand, session=session(), at=AT)
        units = len(sms.encode("utf-16-be")) // 2
        if sms.isascii():
            assert units <= 306, sms
        else:
            assert units <= 134, sms
        assert (
            one.order.price.removesuffix("元") in sms or not one.order.price[0].isdigit() or one.order.price[0] == "0"
        )
