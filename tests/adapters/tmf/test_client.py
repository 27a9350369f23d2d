"""Pages, paths and refusals, against operators that speak otherwise than the sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.adapters.tmf import TmfHall, TmfSettings
from bot.adapters.tmf.client import PAGE, PAGES, Client, segment
from bot.errors import HallError, OutcomeUnknown, Refused, Unavailable
from bot.model import Account, Brand, Order, OrderItem, OrderKind, Outcome
from tests.adapters.tmf.world import serving

Handler = Callable[[web.Request], Awaitable[web.Response]]
NUMBER = "13800138000"
ORDER = Order(OrderKind.PRODUCT, NUMBER, "A1", (OrderItem("add", "S1", "彩铃"),), "5.00元/月")
BURN = Order(OrderKind.POINTS, NUMBER, "L1", (OrderItem("burn", "R1", "杯"),), "500积分")
LINE = {
    "id": "P1",
    "productSerialNumber": NUMBER,
    "status": "active",
    "productSpecification": {"id": "line"},
    "billingAccount": {"id": "A1"},
    "productCharacteristic": [{"name": "brand", "value": "全球通"}],
}


@asynccontextmanager
async def operator(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    async with serving(app) as base:
        yield base


@asynccontextmanager
async def client_of(handler: Handler) -> AsyncIterator[Client]:
    async with operator(handler) as base:
        client = Client(TmfSettings(base))
        await client.start()
        yield client
        await client.close()


@asynccontextmanager
async def hall_of(answers: dict[str, object], *, status: int = 200) -> AsyncIterator[TmfHall]:
    """Answers by method and last part of the path, e.g. `GET productOrder`; 500 for anything else."""

    async def handle(request: web.Request) -> web.Response:
        asked = f"{request.method} {request.path.rsplit('/', 1)[1]}"
        return web.json_response(answers[asked], status=status) if asked in answers else web.Response(status=500)

    async with operator(handle) as base:
        hall = TmfHall(TmfSettings(base))
        await hall.start()
        yield hall
        await hall.close()


def says(status: int, body: object) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return (
            web.json_response(body, status=status) if body is not None else web.Response(status=status, text="<html>")
        )

    return handle


@pytest.mark.parametrize("count", [0, 1, PAGE, PAGE + 1, 3 * PAGE - 1, 3 * PAGE])
@pytest.mark.parametrize("told", ["X-Total-Count", "206"])
async def test_all_pages_are_read(count: int, told: str) -> None:
    async def handle(request: web.Request) -> web.Response:
        start, limit = int(request.query.get("offset", 0)), int(request.query["limit"])
        rows = [{"id": n} for n in range(start, min(start + limit, count))]
        more = start + limit < count
        headers = {told: str(count)} if told != "206" else {}
        return web.json_response(rows, headers=headers, status=206 if more and told == "206" else 200)

    async with client_of(handle) as client:
        assert [row["id"] for row in await client.rows("rate", {"a": "b"})] == list(range(count))


async def test_a_list_without_end_is_no_answer() -> None:
    asked = 0

    async def handle(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.json_response([{"id": asked}], headers={"X-Total-Count": "999999999"})

    async with client_of(handle) as client:
        with pytest.raises(Unavailable):
            await client.rows("rate", {})
    assert asked == PAGES


@pytest.mark.parametrize(
    ("status", "body", "get", "post"),
    [
        (400, {"code": 400, "reason": "?"}, Refused("400"), Refused("400")),
        (403, {"code": "notAllowed", "reason": "?"}, Refused("notAllowed"), Refused("notAllowed")),
        (409, {"code": "busy", "message": "?"}, Refused("busy"), Refused("busy")),
        (422, {"code": 422, "message": "?", "description": "tooFew"}, Refused("tooFew"), Refused("tooFew")),
        (422, {"code": 422, "message": "?", "description": "积分不足"}, Refused("422"), Refused("422")),
        (400, {"code": "user 13800138000", "reason": "?"}, Refused("refused"), Refused("refused")),
        (401, {"code": "no", "reason": "?"}, Unavailable("operator"), Unavailable("operator")),
        (429, None, Unavailable("operator"), Unavailable("operator")),
        (404, None, Unavailable("operator"), Unavailable("operator")),
        (405, None, Unavailable("operator"), Unavailable("operator")),
        (408, {"code": "late", "reason": "?"}, Refused("late"), OutcomeUnknown("operator")),
        (403, None, Unavailable("operator"), OutcomeUnknown("operator")),
        (409, {"error": "?"}, Unavailable("operator"), OutcomeUnknown("operator")),
        (503, {"code": "no", "reason": "?"}, Unavailable("operator"), OutcomeUnknown("operator")),
    ],
)
async def test_refusals(status: int, body: object, get: HallError, post: HallError) -> None:
    async with client_of(says(status, body)) as client:
        for call, expected in ((client.rows("order", {}), get), (client.post("order", {}), post)):
            with pytest.raises(HallError) as error:
                await call
            assert (type(error.value), str(error.value)) == (type(expected), str(expected))


async def test_404_means_none_unless_that_must_be_certain() -> None:
    async with client_of(says(404, {"code": "60", "reason": "?"})) as client:
        assert await client.rows("rate", {}) == []
        assert await client.one("account", "A1") is None
        with pytest.raises(HallError):
            await client.rows("order", {}, certain=True)


async def test_ids_of_answers_cannot_leave_their_place() -> None:
    paths: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        paths.append(request.raw_path)
        return web.json_response({"id": "x"})

    async with client_of(handle) as client:
        await client.one("account", "../../admin?x=1#y/%2e%2e")
        for bad in ("", ".", ".."):
            with pytest.raises(Unavailable):
                await client.one("account", bad)
    assert paths == ["/tmf-api/accountManagement/v4/billingAccount/..%2F..%2Fadmin%3Fx%3D1%23y%2F%252e%252e"]
    assert segment("张三") == "%E5%BC%A0%E4%B8%89"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], None),
        ([{"id": "O1", "externalId": "k", "state": "completed"}], Outcome("done", "O1")),
        ([{"id": 7, "externalId": [{"externalId": "k"}], "state": " inProgress "}], Outcome("pending", "7")),
        ([{"id": "O1", "externalId": "k"}], Outcome("pending", "O1")),
        ([{"id": "O1", "externalId": "k", "state": "partial"}], Outcome("pending", "O1", "partial")),
        ([{"id": "O1", "externalId": "k", "state": "Rejected", "note": []}], Outcome("failed", "O1", "refused")),
        (
            [
                {"id": "O1", "externalId": "k", "state": "failed"},
                {"id": "O2", "externalId": "k", "state": "completed"},
                {"id": "O3", "externalId": "k", "state": "acknowledged"},
                {"id": "O4", "externalId": "other", "state": "rejected"},
            ],
            Outcome("done", "O2"),
        ),
    ],
)
async def test_what_became_of_an_order(rows: list[object], expected: Outcome | None) -> None:
    async with hall_of({"GET productOrder": rows}) as hall:
        assert await hall.outcome(ORDER, "k") == expected


@pytest.mark.parametrize(
    "answer",
    [
        [{"id": "O1", "externalId": "other", "state": "completed"}],  # the filter was not understood
        [{"id": "O1", "state": "completed"}],  # whose is it?
        [{"externalId": "k", "state": "completed"}],  # no id
        {"code": "no", "reason": "?"},
        ["x"],
        "nothing",
        7,
    ],
)
async def test_what_cannot_be_told_for_certain_is_away_never_none(answer: object) -> None:
    async with hall_of({"GET productOrder": answer}) as hall:
        with pytest.raises(Unavailable) as error:
            await hall.outcome(ORDER, "k")
    assert type(error.value) is Unavailable


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_a_refused_question_says_nothing_about_the_order(status: int) -> None:
    async with hall_of({"GET productOrder": {"code": "no", "reason": "?"}}, status=status) as hall:
        with pytest.raises(Unavailable):
            await hall.outcome(ORDER, "k")


ON_SALE: dict[str, object] = {
    "GET S1": {"id": "S1", "productOfferingPrice": [{"price": {"taxIncludedAmount": {"value": 5}}}]}
}


@pytest.mark.parametrize("answer", [[], "ok", {"state": "completed"}, {"id": "O1", "externalId": "other"}])
async def test_a_submit_with_an_answer_that_says_nothing_is_unknown(answer: object) -> None:
    async with hall_of(ON_SALE | {"POST productOrder": answer}, status=201) as hall:
        with pytest.raises(OutcomeUnknown):
            await hall.submit(ORDER, "k")


async def test_a_submit_that_is_accepted_without_words_is_pending() -> None:
    async with hall_of(ON_SALE | {"POST productOrder": {"id": "O1", "state": "acknowledged"}}, status=202) as hall:
        assert await hall.submit(ORDER, "k") == Outcome("pending", "O1")


async def test_a_submit_that_is_accepted_with_nothing_at_all_is_pending() -> None:
    async with hall_of(ON_SALE | {"POST productOrder": None}, status=202) as hall:
        assert await hall.submit(ORDER, "k") == Outcome("pending")


async def test_a_burn_that_is_accepted_with_nothing_at_all_is_done_only_once_it_is_booked() -> None:
    reward = {"id": "R1", "productOfferingPrice": [{"price": {"taxIncludedAmount": {"unit": "积分", "value": "500"}}}]}
    answers: dict[str, object] = {
        "GET R1": reward,
        "GET loyaltyBalance": [{"id": "B1", "quantity": {"unit": "points", "balance": 900}}],
        "POST loyaltyBurn": None,
        "GET loyaltyBurn": [],
    }
    async with hall_of(answers) as hall:
        assert await hall.submit(BURN, "k") == Outcome("pending")
        assert await hall.outcome(BURN, "k") is None
        answers["GET loyaltyBurn"] = [{"id": "7", "externalId": "k"}]
        assert await hall.outcome(BURN, "k") == Outcome("done", "7")


async def test_points_are_taken_from_the_balance_that_expires_first_and_suffices() -> None:
    balances = [
        {"id": "B1", "quantity": {"unit": "points", "balance": 400}, "validFor": {"endDateTime": "2027-01-01"}},
        {"id": "B2", "quantity": {"unit": "points", "balance": 900}, "validFor": {"endDateTime": "2028-01-01"}},
        {"id": "B3", "quantity": {"unit": "points", "balance": 900}},
    ]
    reward = {"id": "R1", "productOfferingPrice": [{"price": {"taxIncludedAmount": {"unit": "积分", "value": "500"}}}]}
    seen: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(f"{request.method} {request.path}")
        last = request.path.rsplit("/", 1)[1]
        answers: dict[str, object] = {"loyaltyBalance": balances, "R1": reward, "loyaltyBurn": {"id": 5}}
        return web.json_response(answers[last], status=201 if request.method == "POST" else 200)

    async with operator(handle) as base:
        hall = TmfHall(TmfSettings(base))
        await hall.start()
        assert await hall.submit(BURN, "k") == Outcome("done", "5")
        account = Account(NUMBER, Brand.GOTONE, "A1", "P1", points="L1")
        points = await hall.points(account)
        assert (points.total, points.expiring, points.expires) == (2200, 400, "2027-01-01")
        await hall.close()
    assert [line for line in seen if line.startswith("POST")] == [
        "POST /tmf-api/loyaltyManagement/v1/loyaltyAccount/L1/loyaltyBalance/B2/loyaltyBurn"
    ]


async def test_what_an_operator_shows_of_others_is_not_shown_on() -> None:
    """One that does not know a filter answers with everything."""
    other = {**LINE, "id": "P2", "productSerialNumber": "13900139000"}
    mine = {
        "id": "S1",
        "productOffering": {"id": "O1", "name": "彩铃"},
        "status": "active",
        "productSerialNumber": NUMBER,
    }
    theirs = {**mine, "id": "S2", "productSerialNumber": "13900139000"}
    rate = {"name": "月费", "taxIncludedAmount": {"value": 5}}
    rates = [{**rate, "billingAccount": {"id": id}} for id in ("A1", "A2")]
    answers: dict[str, object] = {"GET product": [other, theirs, LINE, mine], "GET appliedCustomerBillingRate": rates}
    async with hall_of(answers) as hall:
        account = await hall.account(NUMBER)
        assert account is not None
        assert (account.line, account.brand) == ("P1", Brand.GOTONE)
        assert [service.id for service in await hall.services(account)] == ["S1"]
        bill = await hall.bill(account, "2026-10", "2026-10")
        assert bill is not None
        assert str(bill.total) == "5.00"
        assert await hall.account("13700137000") is None


async def test_a_service_that_cannot_be_read_does_not_lock_out() -> None:
    broken = {"id": "S1", "status": "active", "productPrice": "free", "productOffering": {"id": "O1"}}
    async with hall_of({"GET product": [LINE, broken]}) as hall:
        account = await hall.account(NUMBER)
        assert account is not None
        with pytest.raises(Unavailable):
            await hall.services(account)


@pytest.mark.parametrize(
    "line", [{**LINE, "id": ""}, {**LINE, "billingAccount": {}}, {**LINE, "productCharacteristic": []}]
)
async def test_a_line_that_cannot_be_read_is_away(line: object) -> None:
    async with hall_of({"GET product": [line]}) as hall:
        with pytest.raises(Unavailable):
            await hall.account(NUMBER)


@pytest.mark.parametrize("answer", [{"result": "maybe"}, {}, [], {"result": True}])
async def test_a_password_answer_that_is_neither_right_nor_wrong_is_away(answer: object) -> None:
    async with hall_of({"POST verify": answer}) as hall:
        with pytest.raises(Unavailable):
            await hall.check_password(NUMBER, "123456")


async def test_closing_ends_calls_that_still_run() -> None:
    asked = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        asked.set()
        await asyncio.sleep(30)
        return web.json_response([])

    async with operator(silent) as base:
        hall = TmfHall(TmfSettings(base))
        await hall.start()
        waiting = [asyncio.create_task(hall.account(NUMBER)) for _ in range(3)]
        await asked.wait()
        await hall.close()
        for found in await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 2):
            assert isinstance(found, Unavailable)
