"""Each handler: one call in, one answer out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bot.adapters.memory.hall import NUMBERS, REWARDS, SERVICES, MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.errors import UserError
from bot.intents import balance, bill, group, invoice, operation, payment, points, profile, service, talk, usage
from bot.intents.base import PAGE, Call, Page
from bot.intents.months import days_back
from bot.intents.slots import read
from bot.model import (
    SHANGHAI,
    Account,
    Bill,
    Brand,
    Choosing,
    Draft,
    Entry,
    Item,
    Need,
    OperationState,
    OrderItem,
    OrderKind,
    Payment,
    Picture,
    Points,
    PointsEntry,
    Product,
    Proof,
    Reply,
    Service,
    Session,
    Slots,
)
from bot.wiring import Words
from tests.support.samples import AT, NUMBER, account, session
from tests.support.samples import operation as an_operation

Calling = Callable[..., Call]
NOTHING = Slots()


class Hall(MemoryHall):
    """What a test wants to be so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.no_bill = False
        self.many = 0  # items of a bill, instead of its own
        self.paid: list[Payment] | None = None
        self.total = 3200
        self.earned: list[PointsEntry] = []
        self.gifts: list[Product] = list(REWARDS)

    async def bill(self, account: Account, month: str, now_month: str) -> Bill | None:
        self.asked.append(month)
        if self.many:
            items = tuple(Item(f"费用{n}", Decimal(n)) for n in range(self.many))
            return Bill(month, sum((item.amount for item in items), Decimal(0)), items, True)
        return None if self.no_bill else await super().bill(account, month, now_month)

    async def bills(self, account: Account, since: str, now_month: str) -> list[Bill]:
        return [] if self.no_bill else await super().bills(account, since, now_month)

    async def payments(self, account: Account, since: str) -> list[Payment]:
        self.asked.append(since)
        return await super().payments(account, since) if self.paid is None else self.paid

    async def points_history(self, account: Account, since: str) -> list[PointsEntry]:
        return self.earned or await super().points_history(account, since)

    async def points(self, account: Account) -> Points:
        return Points(self.total)

    async def rewards(self, brand: Brand) -> list[Product]:
        return self.gifts


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def calling(words: Words, hall: Hall, ledger: MemoryLedger) -> Calling:
    def call(slots: Slots = NOTHING, brand: Brand = Brand.GOTONE, **more: object) -> Call:
        known = replace(account(brand, prepaid=brand is Brand.EASYOWN), number=NUMBERS[brand])
        here = replace(session(), account=known, **more)
        return Call(here, slots, hall, ledger, words.menus, words.catalogue, AT, "turn-1")

    return call


def said(answer: object) -> Reply:
    assert isinstance(answer, Reply)
    return answer


def asked(answer: object) -> Need:
    assert isinstance(answer, Need)
    return answer


def drafted(answer: object) -> Draft:
    assert isinstance(answer, Draft)
    return answer


# --- reading ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "months", "since"),
    [
        *(("2026-03-31", 1, "2026-02-28"), ("2024-03-31", 1, "2024-02-29"), ("2026-01-31", 6, "2025-07-31")),
        *(("2026-08-31", 6, "2026-02-28"), ("2026-01-01", 12, "2025-01-01"), ("2026-12-31", 3, "2026-09-30")),
    ],
)
def test_so_many_months_before_a_day(now: str, months: int, since: str) -> None:
    at = datetime.fromisoformat(f"{now}T22:00:00+08:00")
    assert days_back(at, months) == datetime.fromisoformat(f"{since}T00:00:00+08:00")


async def test_payments_of_a_month_are_no_more_than_that(calling: Calling, hall: Hall) -> None:
    """On the 31st 最近1个月 told of two months, and summed them up; AT is 10 May."""
    days = ("2026-05-03", "2026-04-10", "2026-04-09")
    hall.paid = [Payment(datetime.fromisoformat(f"{day}T09:30:00+08:00"), Decimal(50), "网上营业厅") for day in days]
    told = said(await payment.history(calling(Slots(months=1)))).data
    assert (told["count"], told["sum"]) == (2, Decimal(100))


async def test_the_bill_of_this_month_and_of_another(calling: Calling, hall: Hall) -> None:
    assert said(await bill.query(calling())).data["bill"].open
    assert not said(await bill.query(calling(Slots(month="2026-03")))).data["bill"].open
    assert hall.asked == ["2026-05", "2026-03"]


@pytest.mark.parametrize("few", [2, 3, bill.FEW])
@pytest.mark.parametrize("n", range(16))
def test_every_item_of_a_bill_can_be_read(few: int, n: int) -> None:
    """其他5项 was all that was ever said of what stood below the fourth line."""
    items = tuple(Item(f"费用{i}", Decimal(i)) for i in range(n))
    whole = Bill("2026-05", sum((item.amount for item in items), Decimal(0)), items, True)
    pages, page = [bill.Items.of(whole, few, 0)], 0
    while pages[-1].left:
        page += 1
        pages.append(bill.Items.of(whole, few, page))
    assert [item for one in pages for item in one.shown] == list(items)
    assert all(len(one.shown) <= bill.MORE for one in pages)
    assert bill.Items.of(whole, few, page + 7) == pages[-1], "beyond the end: the last one again"


async def test_the_next_page_of_a_bill_goes_on(calling: Calling, hall: Hall) -> None:
    hall.many = 7
    first, second = said(await bill.query(calling())), said(await bill.query(calling(Slots(page=1))))
    assert sum(item.amount for item in first.data["items"].left) == 15
    assert [item.name for item in second.data["items"].shown] == ["费用4", "费用5", "费用6"]
    beyond = said(await bill.query(calling(Slots(page=9))))
    assert beyond.topic
    assert beyond.topic.page == 1, "one page back is the first"


@pytest.mark.parametrize(
    ("month", "reply"), [("2026-06", "bill/future"), ("2025-04", "bill/too_old"), ("1990-03", "bill/too_old")]
)
async def test_months_without_a_bill(month: str, reply: str, calling: Calling, hall: Hall) -> None:
    with pytest.raises(UserError, match=reply):
        await bill.query(calling(Slots(month=month)))
    assert hall.asked == []


async def test_twelve_months_are_kept(calling: Calling, hall: Hall) -> None:
    assert said(await bill.query(calling(Slots(month="2025-05")))).personal
    hall.no_bill = True
    with pytest.raises(UserError, match="bill/none"):
        await bill.query(calling(Slots(month="2025-05")))


@pytest.mark.parametrize(
    ("line", "months", "cut"),
    [
        *(("3到5月的话费", "05 04 03", False), ("3月和5月账单", "05 03", False), ("第一季度账单", "03 02 01", False)),
        *(("上半年账单", "05 04 03 02 01", False), ("去年的账单", "12 11 10 09", True), ("6月跟5月比", "06 05", False)),
        *(
            ("近三月话费", "05 04 03", False),
            ("近半年账单", "05 04 03 02 01 12", False),
            ("近两年的话费", "05 04 03 02", True),
        ),
        *(("去年4月到5月", "05", True), ("bill from march to may", "05 04 03", False)),
    ],
)
async def test_bills_side_by_side(line: str, months: str, cut: bool, calling: Calling) -> None:
    """Of a range the last month alone was shown; of a half year the last six months."""
    for run in (bill.query, bill.trend):
        told = said(await run(calling(read(line, "2026-05")))).data
        assert " ".join(one.month[5:] for one in told["bills"]) == months
        assert told["cut"] is cut


async def test_the_pages_of_a_year_show_every_month_once(calling: Calling) -> None:
    slots = read("去年的账单", "2026-05")
    pages = [said(await bill.query(calling(replace(slots, page=page)))) for page in range(3)]
    assert [one.month for page in pages[:2] for one in page.data["bills"]] == [
        f"2025-{n:02d}" for n in range(12, 4, -1)
    ]
    assert [page.data["more"] for page in pages] == [True, False, False]
    assert [page.file is None for page in pages] == [False, True, True]
    assert {page.data["sum"] for page in pages} == {sum(Decimal("86.30") + n * 3 for n in range(5, 13))}


@pytest.mark.parametrize(
    ("line", "month"),
    [("本月账单", "2026-05"), ("4月到4月", "2026-04"), ("今年5月到6月", "2026-05"), ("3月3月的账单", "2026-03")],
)
async def test_one_month_that_is_left_is_told_by_item(line: str, month: str, calling: Calling) -> None:
    for run in (bill.query, bill.trend):
        assert said(await run(calling(read(line, "2026-05")))).data["bill"].month == month


@pytest.mark.parametrize(
    ("line", "reply", "period"),
    [
        ("前年的账单", "bill/too_old", ("2024-01", "2024-12")),
        ("明年的账单", "bill/future", ("2027-01", "2027-12")),
        ("今年下半年", "bill/future", ("2026-07", "2026-12")),
        ("2024年3月到5月", "bill/too_old", ("2024-03", "2024-05")),
    ],
)
async def test_periods_without_a_bill(
    line: str, reply: str, period: tuple[str, str], calling: Calling, hall: Hall
) -> None:
    for run in (bill.query, bill.trend):
        with pytest.raises(UserError, match=reply) as error:
            await run(calling(read(line, "2026-05")))
        told = error.value.data["period"]
        assert (told[0], told[-1]) == period
    assert hall.asked == []


async def test_a_period_without_bills_says_so(calling: Calling, hall: Hall) -> None:
    hall.no_bill = True
    with pytest.raises(UserError, match="bill/none") as error:
        await bill.query(calling(read("3到5月账单", "2026-05")))
    assert error.value.data["period"] == ("2026-03", "2026-04", "2026-05")
    with pytest.raises(UserError, match="bill/no_trend"):
        await bill.trend(calling())


async def test_the_company_is_told_by_periods_too(calling: Calling) -> None:
    reply = said(await group.bill(calling(read("集团3到5月账单", "2026-05"), Brand.GROUP)))
    assert reply.data["period"] == ("2026-03", "2026-04", "2026-05")


async def test_an_invoice_is_of_the_month_that_was_chosen_last(calling: Calling) -> None:
    """What the first line said of several months is not what 4月的 chose afterwards."""
    slots = replace(read("3到5月发票", "2026-05"), month="2026-02")
    assert asked(await invoice.request(calling(slots))).slots.month == "2026-02"


async def test_prepaid_reads_the_balance_first(calling: Calling, hall: Hall) -> None:
    reply = said(await bill.query(calling(brand=Brand.EASYOWN)))
    assert (reply.data["balance"].amount, reply.data["topup"].amount) == (Decimal("25.60"), Decimal(50))
    assert sorted(hall.asked) == ["2026-02", "2026-05"]
    hall.paid = []
    assert said(await bill.query(calling(brand=Brand.EASYOWN))).data["topup"] is None
    past = said(await bill.query(calling(Slots(month="2026-04"), Brand.EASYOWN)))
    assert past.data["balance"] is None


async def test_balance_and_number(calling: Calling) -> None:
    assert said(await balance.query(calling())).data["balance"].amount == Decimal("25.60")
    assert said(await profile.number(calling())).data["account"].number == NUMBERS[Brand.GOTONE]


@pytest.mark.parametrize(
    ("months", "since", "told"), [(0, "2025-11", 6), (3, "2026-02", 3), (12, "2025-05", 12), (99, "2025-05", 12)]
)
async def test_payments_of_so_many_months(months: int, since: str, told: int, calling: Calling, hall: Hall) -> None:
    reply = said(await payment.history(calling(Slots(months=months))))
    assert hall.asked == [since]
    assert reply.data["months"] == told


@pytest.mark.parametrize(
    ("line", "since", "sum"),
    [
        *(("3月份缴费记录", "2026-03", 2), ("3到5月缴费记录", "2026-03", 14), ("3月和5月缴费", "2026-03", 10)),
        *(("今年的缴费记录", "2026-01", 15), ("第一季度缴费记录", "2026-01", 3), ("去年的缴费记录", "2025-05", 16)),
        *(("现在到账了吗", "2025-11", 31), ("payments from march to may", "2026-03", 14)),
    ],
)
async def test_payments_of_the_months_that_were_named(
    line: str, since: str, sum: int, calling: Calling, hall: Hall
) -> None:
    """3月份缴费记录 told of the last six months."""
    days = {"2026-05-01": 8, "2026-04-30": 4, "2026-03-31": 2, "2026-01-01": 1, "2025-12-31": 16}
    hall.paid = [Payment(datetime.fromisoformat(f"{day}T00:00:00+08:00"), Decimal(n), "x") for day, n in days.items()]
    told = said(await payment.history(calling(read(line, "2026-05")))).data
    assert (hall.asked, told["sum"]) == ([since], sum)


@pytest.mark.parametrize(
    ("line", "why"), [("下个月缴费记录", "future"), ("前年的缴费记录", "old"), ("13月的缴费记录", "none")]
)
async def test_months_of_which_nothing_can_be_told(line: str, why: str, calling: Calling, hall: Hall) -> None:
    for run in (payment.history, points.history):
        with pytest.raises(UserError, match="error/bad_month") as error:
            await run(calling(read(line, "2026-05")))
        assert error.value.data["why"] == why
    assert hall.asked == []


async def test_an_open_payment_stands_above_what_is_told_of_now(calling: Calling, ledger: MemoryLedger) -> None:
    order = replace(an_operation().order, number=NUMBERS[Brand.GOTONE], kind=OrderKind.PAYMENT)
    await ledger.draft(Entry(replace(an_operation(), order=order), OperationState.SUBMITTED, "1-abc"))
    for line, open in (("缴费记录", True), ("今年的缴费记录", True), ("3月份缴费记录", False)):
        told = said(await payment.history(calling(read(line, "2026-05")))).data
        assert bool(told["unpaid"]) is open


async def test_a_long_list_has_pages(calling: Calling, hall: Hall) -> None:
    day = datetime(2026, 5, 1, tzinfo=SHANGHAI)
    hall.paid = [Payment(day, Decimal(n), "x") for n in range(12)]
    pages = [said(await payment.history(calling(Slots(page=page)))).data for page in range(4)]
    assert [[int(p.amount) for p in page["payments"]] for page in pages] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 11],
        [8, 9, 10, 11],
    ]
    assert [page["more"] for page in pages] == [True, True, False, False]


@pytest.mark.parametrize(
    ("count", "page", "items", "more"),
    [(0, 0, 0, False), (5, 0, 5, False), (6, 0, 5, True), (6, 1, 1, False), (6, -3, 5, True)],
)
def test_pages(count: int, page: int, items: int, more: bool) -> None:
    found = Page.of(list(range(count)), page)
    assert (len(found.items), found.more) == (items, more)


async def test_points(calling: Calling) -> None:
    assert said(await points.query(calling())).data["points"].total == 3200
    assert said(await points.history(calling(Slots(months=3)))).data["months"] == 3


async def test_points_at_the_end_of_the_months_that_were_named(calling: Calling, hall: Hall) -> None:
    """Reckoned back from now, also through the months that are not shown."""
    days = {"2026-05-03": 100, "2026-04-03": 10, "2026-03-03": 1}
    hall.earned = [PointsEntry(datetime.fromisoformat(f"{day}T09:00:00+08:00"), n, "x") for day, n in days.items()]
    reply = said(await points.history(calling(read("3月到4月积分记录", "2026-05"))))
    assert [entry.points for entry in reply.data["entries"]] == [10, 1]
    assert isinstance(reply.file, Picture)
    assert [row["value"] for row in reply.file.data["rows"]] == [3090, 3100]


@pytest.mark.parametrize(
    ("line", "template"),
    [
        *((line, "points/history") for line in ("去年的积分", "3月积分", "3到5月积分", "points from january to march")),
        *(
            (line, "points/query")
            for line in ("积分", "今年的积分", "这个月积分", "12月到期的积分", "去年的积分过期了吗")
        ),
    ],
)
async def test_points_of_a_time_that_is_over_are_a_record(line: str, template: str, calling: Calling) -> None:
    assert said(await points.query(calling(read(line, "2026-05")))).template == template


@pytest.mark.parametrize(
    ("line", "period"),
    [("上季度流量", ("2026-01", "2026-03")), ("3月流量", ("2026-03", "2026-03")), ("今年流量", None), ("流量", None)],
)
async def test_what_is_left_is_left_now(line: str, period: tuple[str, str] | None, calling: Calling) -> None:
    reply = said(await usage.query(calling(read(line, "2026-05"))))
    over = reply.data.get("period")
    assert (over and (over[0], over[-1])) == period


async def test_records_of_operations(calling: Calling, ledger: MemoryLedger) -> None:
    mine = replace(an_operation(), order=replace(an_operation().order, number=NUMBERS[Brand.GOTONE]))
    await ledger.draft(Entry(mine, OperationState.DONE, "1-abc"))
    assert [e.operation for e in said(await operation.query(calling())).data["entries"]] == [mine]
    found = said(await operation.query(calling(Slots(serial=mine.serial)))).data["entries"]
    assert [e.operation for e in found] == [mine]
    with pytest.raises(UserError, match="operation/none"):
        await operation.query(calling(Slots(serial=mine.serial), Brand.MZONE))


# --- services --------------------------------------------------------------------------------------------------


async def test_what_the_line_has_can_be_cancelled_by_digit(calling: Calling) -> None:
    reply = said(await service.query(calling()))
    assert isinstance(reply.state, Choosing)
    todos = [option.todo for option in reply.state.options]
    assert {todo.intent for todo in todos} == {"service.cancel"}
    assert [todo.slots.items for todo in todos] == [(s.id,) for s in reply.data["services"]]


async def test_a_line_without_services(calling: Calling, hall: Hall) -> None:
    hall.lines[NUMBERS[Brand.GOTONE]].services = []
    assert said(await service.query(calling())).state is None
    with pytest.raises(UserError, match="service/nothing_open"):
        await service.cancel(calling())


async def test_the_newest_stands_first(calling: Calling, hall: Hall) -> None:
    hall.lines[NUMBERS[Brand.GOTONE]].services = [
        Service("old", SERVICES[0], "2024-01-01"),
        Service("new", SERVICES[1], "2026-05-01"),
        Service("newer", SERVICES[2], "2026-05-01"),
    ]
    assert [s.id for s in said(await service.query(calling())).data["services"]] == ["newer", "new", "old"]


async def test_a_wish_becomes_a_draft_with_canonical_parameters(calling: Calling) -> None:
    draft = drafted(await service.subscribe(calling(Slots(words="彩铃"))))
    assert draft.order.items == (OrderItem("add", "ring", "彩铃"),)
    assert (draft.order.kind, draft.order.number, draft.order.price) == ("product", NUMBERS[Brand.GOTONE], "5元/月")
    assert (draft.title, draft.sms) == ("开通彩铃", "“彩铃”(5元/月)")


@pytest.mark.parametrize(("text", "found"), [("", False), ("手机电视", False), ("流量包", True), ("138邮箱", False)])
async def test_what_is_not_clear_is_chosen_from_a_list(text: str, found: bool, calling: Calling) -> None:
    need = asked(await service.subscribe(calling(Slots(words=text))))
    assert (need.slot, need.several) == ("items", False)
    assert (need.reply.data["found"], need.reply.data["said"]) == (found, bool(text))
    assert 1 < len(need.options) <= PAGE


async def test_what_the_line_has_is_not_sold_twice(calling: Calling, hall: Hall) -> None:
    have = hall.lines[NUMBERS[Brand.GOTONE]].services[0].product
    with pytest.raises(UserError, match="service/have_it"):
        await service.subscribe(calling(Slots(words=have.name)))


async def test_an_id_that_nobody_sells_leads_to_the_list(calling: Calling) -> None:
    asked(await service.subscribe(calling(Slots(items=("../../etc",)))))


@pytest.mark.parametrize(("slots", "count"), [(Slots(words="1"), 1), (Slots(words="1 2"), 2), (Slots(words="1、2"), 2)])
async def test_digits_behind_the_verb_name_what_to_cancel(slots: Slots, count: int, calling: Calling) -> None:
    draft = drafted(await service.cancel(calling(slots)))
    assert len(draft.order.items) == count
    assert {item.action for item in draft.order.items} == {"delete"}


async def test_a_name_names_what_to_cancel(calling: Calling, hall: Hall) -> None:
    have = hall.lines[NUMBERS[Brand.GOTONE]].services[0]
    draft = drafted(await service.cancel(calling(Slots(words=have.product.name))))
    assert [item.product for item in draft.order.items] == [have.id]
    need = asked(await service.cancel(calling(Slots(words="没有的业务"))))
    assert need.several


async def test_a_long_list_of_names_is_short_in_the_sms(calling: Calling, hall: Hall) -> None:
    hall.lines[NUMBERS[Brand.GOTONE]].services = [Service(p.id, p) for p in SERVICES]
    draft = drafted(await service.cancel(calling(Slots(items=tuple(p.id for p in SERVICES)))))
    assert draft.sms.endswith("等”")
    assert draft.sms.count("、") == 2
    assert draft.title.count("、") == len(SERVICES) - 1


# --- points for gifts ------------------------------------------------------------------------------------------


async def test_reward_then_quantity_then_draft(calling: Calling) -> None:
    need = asked(await points.redeem(calling()))
    assert [label for label, _ in need.options] == ["10元话费", "100MB流量", "电影票"]
    need = asked(await points.redeem(calling(Slots(items=("fee10",)))))
    assert (need.slot, need.reply.data["most"]) == ("quantity", 3)
    draft = drafted(await points.redeem(calling(Slots(items=("fee10",), quantity=2))))
    assert draft.order.items == (OrderItem("burn", "fee10", "10元话费", 2),)
    assert (draft.order.kind, draft.order.price, draft.title) == ("points", "2000积分", "兑换10元话费×2")
    assert (draft.reply.data["cost"], draft.reply.data["left"]) == (2000, 1200)


@pytest.mark.parametrize(
    ("line", "order"),
    [
        *(("兑换两张电影票", None), ("兑换10元话费2份", ("fee10", 2)), ("100MB流量3份", ("data100", 3))),
        *(
            ("积分兑换 10元话费 x2", ("fee10", 2)),
            ("换3个10元话费", ("fee10", 3)),
            ("兑换1份100MB流量", ("data100", 1)),
        ),
    ],
)
async def test_reward_and_quantity_in_one_line(line: str, order: tuple[str, int] | None, calling: Calling) -> None:
    """The count was read as part of the name, and the list of rewards came again."""
    answer = await points.redeem(calling(read(line, "2026-05")))
    if order is None:
        assert asked(answer).reply.data["most"] == 1, "they cost more than there is, and how many can be had is said"
    else:
        [item] = drafted(answer).order.items
        assert (item.product, item.quantity) == order


@pytest.mark.parametrize("quantity", [-1, 4, 99, 10**6])
async def test_a_quantity_that_cannot_be(quantity: int, calling: Calling) -> None:
    need = asked(await points.redeem(calling(Slots(items=("fee10",), quantity=quantity))))
    assert (need.slot, need.reply.data["wrong"], need.slots.quantity) == ("quantity", quantity, 0)


async def test_too_few_points(calling: Calling, hall: Hall) -> None:
    hall.total = 700
    assert [label for label, _ in asked(await points.redeem(calling())).options] == ["100MB流量"]
    with pytest.raises(UserError, match="points/too_few") as error:
        await points.redeem(calling(Slots(items=("fee10",))))
    assert error.value.data == {"total": 700, "least": 1000}
    hall.total = 0
    with pytest.raises(UserError, match="points/too_few"):
        await points.redeem(calling())
    hall.gifts = []
    with pytest.raises(UserError) as error:
        await points.redeem(calling())
    assert error.value.data["least"] == 0


async def test_a_gift_that_costs_nothing_is_still_bounded(calling: Calling, hall: Hall) -> None:
    hall.gifts = [Product("free", "贺卡", kind="reward")]
    need = asked(await points.redeem(calling(Slots(items=("free",)))))
    assert need.reply.data["most"] == points.MOST


# --- talk ------------------------------------------------------------------------------------------------------


async def test_menus_are_those_of_the_line(calling: Calling, words: Words) -> None:
    for run in (talk.greet, talk.help_, talk.back, talk.cancel, talk.oos):
        reply = said(await run(calling(brand=Brand.MZONE)))
        assert reply.menu == words.menus.of(account(Brand.MZONE))
        assert len(reply.data["titles"]) == len(reply.menu)


async def test_the_second_miss_offers_staff(calling: Calling) -> None:
    assert said(await talk.oos(calling())).data["again"] is False
    again = said(await talk.oos(calling(misses=1)))
    assert (again.data, again.menu) == ({"again": True, "offer": True}, ())
    third = said(await talk.oos(calling(misses=2, offered=True)))
    assert (third.data, third.menu) == ({"again": True, "offer": False}, ())


async def test_leaving_says_whether_one_was_in(calling: Calling) -> None:
    for run in (talk.bye, talk.logout):
        assert (said(await run(calling())).data["was"], said(await run(calling(login_at=0))).data["was"]) == (
            True,
            False,
        )
        assert said(await run(calling())).logout


async def test_a_repetition(calling: Calling) -> None:
    assert said(await talk.repeat(calling())).data["text"] == ""
    personal = {"said": "余额 25.60元", "said_personal": True}
    assert said(await talk.repeat(calling(**personal))).data["text"] == "余额 25.60元"
    assert said(await talk.repeat(calling(**personal, login_at=0))).data["text"] == ""
    assert said(await talk.repeat(calling(said="您好", login_at=0))).data["text"] == "您好"


async def test_a_message_for_the_staff_is_one_ticket(calling: Calling, hall: Hall) -> None:
    need = asked(await talk.handoff(calling()))
    assert (need.slot, need.options) == ("text", ())
    for _ in range(2):
        reply = said(await talk.handoff(calling(Slots(text="请回电"))))
    assert reply.data["ticket"] == "T000001"
    assert list(hall.tickets) == ["turn-1"]


async def test_a_ticket_of_somebody_unknown(calling: Calling) -> None:
    assert said(await talk.handoff(calling(Slots(text="请回电"), login_at=0))).data["ticket"]


def test_nobody_comes_through_the_gate_without_an_account(words: Words, hall: Hall, ledger: MemoryLedger) -> None:
    call = Call(Session(), Slots(), hall, ledger, words.menus, words.catalogue, AT, "k")
    with pytest.raises(AssertionError, match="gate"):
        _ = call.account
    assert call.this_month == "2026-05"
    assert NUMBER not in repr(call)


SERVED = (profile, bill, balance, payment, points, service, operation, talk)


def test_what_reads_needs_a_log_in_and_what_changes_a_code(words: Words) -> None:
    """Of what is served in the chat; the rest only says where it is."""
    served = [intent for intent in words.catalogue if intent.run.__module__ in {m.__name__ for m in SERVED}]
    assert len(served) >= 22
    for intent in served:
        if intent.name == "payment.topup":
            assert intent.proof is Proof.LOGIN, "the money is moved at the cashier"
        elif intent.name == "profile.bind":
            assert intent.proof is Proof.SMS, "there is no log-in without a number"
        elif intent.name == "profile.unbind":
            assert intent.proof is Proof.LOGIN, "it gives no right to anything"
        elif intent.changes:
            assert intent.proof is Proof.CODE
        elif "." in intent.name or intent.name in {"login", "complaint"}:
            assert intent.proof is Proof.LOGIN
        else:
            assert intent.proof is Proof.OPEN
