"""The sandbox serves, and the adapter sends, what TM Forum's definitions say ($HALLBOT_DATA/tmf)."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.adapters.sandbox.operator import Operator, paths, times
from bot.adapters.tmf import TmfHall, TmfSettings
from bot.errors import Refused
from bot.model import Account, Order, OrderItem, OrderKind
from tests.support.operators import LINE, ORDER, PRODUCT, Standing, adding, copied, running
from tests.support.swagger import Definition

NUMBER = LINE["gotone"]
FILES = {
    paths.CATALOGUE: "TMF620-ProductCatalog-v4.1.0",
    paths.TICKET: "TMF621-TroubleTicket-v4.0.0",
    paths.ORDERING: "TMF622-ProductOrder-v4.0.0",
    paths.CUSTOMER: "TMF629-Customer-v4.0.0",
    paths.PARTY: "TMF632-Party-v4.0.0",
    paths.USAGE: "TMF635-Usage-v4.0.0",
    paths.INVENTORY: "TMF637-ProductInventory-v4.0.0",
    paths.PREPAY: "TMF654-PrepayBalance-v4.0.0",
    paths.LOYALTY: "TMF658-Loyalty-v1-admin",
    paths.ACCOUNT: "TMF666-Account-v4.0.0",
    paths.PAYMENT: "TMF676-Payment-v4.0.0",
    paths.CONSUMPTION: "TMF677-UsageConsumption-v4.0.1",
    paths.BILL: "TMF678-CustomerBill-v4.0.0",
    paths.COMMUNICATION: "TMF681-Communication-v4.0.0",
    paths.INTERACTION: "TMF683-PartyInteraction-v4.0.0",
}
# Where the standard has no field: 658 v1 names no key, no reward, no number of it (and no body for a burn at all).
EXTENSIONS = {(paths.LOYALTY, "externalId")}
# Answers that the files do not list have the form of these: a repeated post of the first one, a page of the whole list.
SAME = {200: (201,), 206: (200,)}


@pytest.fixture(scope="module", autouse=True)
def data() -> None:
    if not os.environ.get("HALLBOT_DATA"):
        pytest.fail("HALLBOT_DATA is not set: it names the folder that holds tmf/")


@cache
def definition(base: str) -> Definition:
    return Definition(Path(os.environ["HALLBOT_DATA"]) / "tmf" / f"{FILES[base]}.swagger.json")


@dataclass
class Wire:
    """All that went over it, checked."""

    hall: Standing
    calls: set[tuple[str, str, str]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    @web.middleware
    async def listen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.read()
        response = await handler(request)
        base = next((base for base in FILES if request.path.startswith(base + "/")), None)
        if base and isinstance(response, web.Response) and isinstance(response.body, bytes):
            path = request.path.removeprefix(base)
            self.calls.add((request.method, base, path.split("/")[1]))
            self._check_answer(base, request.method, path, response.status, json.loads(response.body))
            if response.status < 300 and body:
                self._check_body(base, request.method, path, json.loads(body))
        return response

    def _check_answer(self, base: str, method: str, path: str, status: int, body: Any) -> None:
        api = definition(base)
        for same in (status, *SAME.get(status, ())):
            try:
                schema = api.answer(method, path, same)
            except KeyError:
                continue
            return self._note(base, f"{method} {path} {status}", api.wrong(body, schema or {}))
        if status < 400:
            self.wrong.append(f"{api.name} {method} {path}: {status} is not in the definition")
        else:  # the file lists no such error, but all errors have one form
            reference = {"$ref": "#/definitions/Error"}
            self._note(base, f"{method} {path} {status}", api.wrong(body, reference))

    def _check_body(self, base: str, method: str, path: str, body: Any) -> None:
        api = definition(base)
        schema = api.body(method, path)
        if schema:
            self._note(base, f"{method} {path} posted", api.wrong(body, schema))

    def _note(self, base: str, call: str, found: Any) -> None:
        for wrong in found:
            name = wrong.removesuffix(": unknown").rsplit(".", 1)[-1]
            if not (wrong.endswith(": unknown") and (base, name) in EXTENSIONS):
                self.wrong.append(f"{definition(base).name} {call} {wrong}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    asyncio.run(Operator(folder).close())
    return folder


@pytest.fixture
async def wire(made: Path, tmp_path: Path) -> AsyncIterator[Wire]:
    operator = Operator(copied(made, tmp_path / "w"))
    operator.order_seconds = 0.02
    app, listeners = operator.app(), list[Wire]()

    @web.middleware
    async def listen(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await listeners[0].listen(request, handler)

    app.middlewares.insert(0, listen)
    async with running(operator, app) as hall:
        listeners.append(Wire(hall))
        yield listeners[0]


@pytest.mark.parametrize("number", [*LINE.values(), "13800138300"])
async def test_everything_that_can_be_read(wire: Wire, number: str) -> None:
    hall, account = wire.hall, wire.hall.line(number).account
    own, points = f"A{number}", f"{paths.LOYALTY}/loyaltyAccount/L{number}/loyaltyBalance"
    lists = [
        await hall.get(PRODUCT, productSerialNumber=number),
        await hall.get(f"{paths.BILL}/customerBill", billingAccount__id=account),
        await hall.get(f"{paths.BILL}/appliedCustomerBillingRate", billingAccount__id=account, limit=1000),
        await hall.get(f"{paths.PREPAY}/bucket", logicalResource__id=number),
        await hall.get(f"{paths.CUSTOMER}/customer", id=f"C{number}"),
        await hall.get(f"{paths.CATALOGUE}/productOffering"),
        await hall.get(f"{paths.PREPAY}/balanceActionHistory", logicalResource__id=number),
        await hall.get(f"{paths.PAYMENT}/payment", account__id=own, limit=3),
        await hall.get(f"{paths.USAGE}/usage", productSerialNumber=number),
    ]
    always = 6  # not everybody has top-ups, payments of the last year, or calls
    assert all(lists[:always])
    for found in filter(None, lists[:-1]):
        assert (await hall.call("GET", found[0]["href"]))[0] == 200
    await hall.get(f"{paths.ACCOUNT}/billingAccount/{account}")
    asked = {"searchCriteria": {"logicalResource": [{"id": number}]}}
    assert (await hall.post(f"{paths.CONSUMPTION}/queryUsageConsumption", asked))[0] == 201
    if number < "13800138300":
        await hall.get(points)
        await hall.get(f"{points}/L{number}-1")
        await hall.get(f"{points}/L{number}-1/loyaltyEarn")
        await hall.get(f"{paths.LOYALTY}/loyaltyProgramMember/C{number}/loyaltyAccount")
    assert wire.wrong == []
    assert len(wire.calls) >= 11


async def test_everything_that_can_be_posted(wire: Wire) -> None:
    hall, customer = wire.hall, {"id": f"C{NUMBER}", "@referredType": "Customer"}
    ticket = {"description": "信号不好", "severity": "minor", "ticketType": "fault", "relatedParty": [customer]}
    note = {"reason": "查话费", "direction": "inbound", "channel": [{"id": "im"}], "relatedParty": [customer]}
    await hall.fault(order_fails={"count": 1})
    for key in ("fails", "works"):
        assert (await hall.post(ORDER, adding(key, NUMBER, "S-CRBT")))[0] == 201
        await hall.settled(key)
    tone = (await hall.active(NUMBER))["S-CRBT"]
    item = {"id": "1", "action": "delete", "product": {"id": tone, "productSerialNumber": NUMBER}}
    assert (await hall.post(ORDER, {"externalId": "off", "productOrderItem": [item]}))[0] == 201
    await hall.settled("off")
    await hall.get(PRODUCT, productSerialNumber=NUMBER, status="terminated")
    assert (await hall.post(f"{paths.TICKET}/troubleTicket", ticket | {"externalId": "t"}))[0] == 201
    await hall.get(f"{paths.TICKET}/troubleTicket", externalId="t")
    assert (await hall.post(f"{paths.INTERACTION}/partyInteraction", note))[0] == 201
    await hall.get(f"{paths.INTERACTION}/partyInteraction", relatedParty__id=customer["id"])
    burns = f"{paths.LOYALTY}/loyaltyAccount/L{NUMBER}/loyaltyBalance/L{NUMBER}-1/loyaltyBurn"
    assert (await hall.post(burns, {"externalId": "b", "quantity": 100}))[0] == 201
    (burned,) = await hall.get(burns, externalId="b")
    await hall.get(f"{burns}/{burned['id']}")
    sms = {"content": "您好", "messageType": "SMS", "sender": {"name": "10086"}, "receiver": [{"phoneNumber": NUMBER}]}
    path = hall.base + f"{paths.COMMUNICATION}/communicationMessage"
    async with hall.client.post(path, json=sms, headers={"Idempotency-Key": "c"}) as answer:
        assert answer.status == 201
    await hall.get(f"{paths.COMMUNICATION}/communicationMessage/c")
    assert wire.wrong == []


async def test_errors_have_the_form_of_their_api(wire: Wire) -> None:
    hall = wire.hall
    for path in (PRODUCT, f"{PRODUCT}/none", f"{paths.BILL}/customerBill/none", f"{paths.PAYMENT}/payment/none"):
        assert (await hall.call("GET", path))[0] in (400, 404)
    assert (await hall.post(ORDER, {}))[0] == 400
    assert (await hall.post(ORDER, adding("x", NUMBER, "S-CLIP")))[0] == 409
    points = f"{paths.LOYALTY}/loyaltyAccount/L{NUMBER}/loyaltyBalance/L{NUMBER}-1"
    assert (await hall.call("GET", f"{points}x"))[0] == 404
    assert (await hall.post(f"{points}/loyaltyBurn", {"quantity": 10**7}))[0] == 409
    await hall.fault(error500={})
    assert (await hall.call("GET", PRODUCT, productSerialNumber=NUMBER))[0] == 500
    assert wire.wrong == []


def change(account: Account, action: Any, product: str) -> Order:
    return Order(OrderKind.PRODUCT, account.number, account.id, (OrderItem(action, product, product),), "5.00元/月")


async def test_what_the_adapter_sends(wire: Wire) -> None:
    """Every call that the hall makes, its answers and its bodies."""
    adapter = TmfHall(TmfSettings(wire.hall.base, ""))
    await adapter.start()
    try:
        for number in LINE.values():
            account = await adapter.account(number)
            assert account is not None
            await ask_everything(adapter, account)
        account = await adapter.account(NUMBER)
        assert account is not None
        await change_everything(wire, adapter, account)
    finally:
        await adapter.close()
    assert wire.wrong == []
    assert {base for method, base, _ in wire.calls if method == "POST"} == {
        *(paths.ORDERING, paths.LOYALTY, paths.TICKET, paths.CONSUMPTION, paths.PAYMENT, paths.PREPAY),
        paths.COMMUNICATION,
    }


async def ask_everything(adapter: TmfHall, account: Account) -> None:
    this = times.month_of(times.now())
    for month in (this, times.shift(this, -1)):
        assert await adapter.bill(account, month, this)
    assert len(await adapter.bills(account, times.shift(this, -5), this)) == 6
    assert await adapter.allowances(account)
    assert (await adapter.details(account, times.shift(this, -1), "voice", 0, 5)).items
    await adapter.spent(account, times.first(this))
    await adapter.balance(account)
    await adapter.payments(account, times.shift(this, -6))
    await adapter.points(account)
    await adapter.points_history(account, times.shift(this, -6))
    await adapter.rewards(account.brand)
    assert await adapter.catalogue(account.brand)
    assert await adapter.services(account)
    assert (await adapter.plan(account)).product.included
    assert len(await adapter.plans(account.brand)) >= 2
    assert not (await adapter.line(account)).suspended
    await adapter.family(account)
    if account.group:
        assert len((await adapter.group(account)).members) == 10


async def change_everything(wire: Wire, adapter: TmfHall, account: Account) -> None:
    add = change(account, "add", "S-CRBT")
    await adapter.submit(add, "add")
    await wire.hall.settled("add")
    found = await adapter.outcome(add, "add")
    assert found is not None
    assert found.state == "done"
    tone = (await wire.hall.active(account.number))["S-CRBT"]
    await adapter.submit(change(account, "delete", tone), "delete")
    with pytest.raises(Refused):
        await adapter.submit(change(account, "add", "S-CLIP"), "refused")
    reward = OrderItem("burn", "R-DATA100", "100M流量", 2)
    await adapter.submit(Order(OrderKind.POINTS, account.number, account.points, (reward,), "1200积分"), "burn")
    pay = OrderItem("pay", account.id, "充值", details=(("amount", "49.90"), ("number", account.number)))
    topup = Order(OrderKind.PAYMENT, account.number, account.id, (pay,), "49.90元")
    for _ in range(2):
        await adapter.submit(topup, "pay")
    async with wire.hall.client.post(await adapter.cashier("pay"), data={"do": "pay"}) as page:
        assert page.status == 200
    paid = await adapter.outcome(topup, "pay")
    assert paid is not None
    assert paid.state == "done"
    await adapter.listen("http://127.0.0.1:9/hub/secret")
    text = OrderItem("send", LINE["easyown"], "短信", 1, (("text", "晚点到"),), "M-SMS")
    message = Order(OrderKind.MESSAGE, account.number, account.id, (text,), "0.1元")
    assert await adapter.submit(message, "message") == await adapter.outcome(message, "message")
    assert (await adapter.club(account)).benefits
    assert await adapter.message_offer(account.brand)
    assert await adapter.ticket(account.number, "信号不好", "fault", "ticket")


def test_the_checker_finds_what_is_wrong() -> None:
    """Each kind of mistake in a product that was fine."""
    api, one = definition(paths.INVENTORY), {"$ref": "#/definitions/Product"}
    fine = {"id": "1", "status": "active", "startDate": "2026-10-01T00:00:00+08:00", "isBundle": False}
    assert list(api.wrong(fine, one)) == []
    for field_, value, said in [
        ("id", 1, "$.id: int instead of string"),
        ("isBundle", 0, "$.isBundle: int instead of boolean"),
        ("startDate", "2026-10-01", "$.startDate: '2026-10-01' is no date-time"),
        ("colour", "red", "$.colour: unknown"),
        ("billingAccount", {}, "$.billingAccount.id: missing"),
        ("relatedParty", [{"id": "1"}], "$.relatedParty[0].@referredType: missing"),
    ]:
        assert list(api.wrong({**fine, field_: value}, one)) == [said]
    assert [wrong[:8] for wrong in api.wrong({**fine, "status": "gone"}, one)] == ["$.status"]
