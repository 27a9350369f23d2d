"""Text messages of the subscribers' own (TMF681): sent and charged once."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.adapters.sandbox.operator import paths
from tests.support.operators import LINE, Standing

MESSAGE = f"{paths.COMMUNICATION}/communicationMessage"
SENDER, RECEIVER = LINE["easyown"], LINE["gotone"]


async def post(hall: Standing, id: str, text: str = "晚点到", sender: str = SENDER) -> tuple[int, Any]:
    receiver = [{"phoneNumber": RECEIVER}]
    body = {"content": text, "messageType": "SMS", "sender": {"phoneNumber": sender}, "receiver": receiver}
    async with hall.client.post(hall.base + MESSAGE, json=body, headers={"Idempotency-Key": id}) as answer:
        return answer.status, await answer.json()


async def own(hall: Standing) -> list[Any]:
    account = f"A{SENDER}"
    path = f"{paths.BILL}/appliedCustomerBillingRate"
    rates = await hall.get(path, billingAccount__id=account, isBilled="false")
    return [rate for rate in rates if rate["name"] == "自写短信费"]


async def test_the_same_id_is_sent_and_charged_once(hall: Standing) -> None:
    (bucket,) = await hall.get(f"{paths.PREPAY}/bucket", logicalResource__id=SENDER, usageType="monetary")
    answers = await asyncio.gather(*(post(hall, "m1") for _ in range(10)))
    assert {status for status, _ in answers} == {201}
    assert [one["text"] for one in await hall.get(f"/handset/{RECEIVER}.json")] == ["晚点到"]
    assert [effect["number"] for effect in await hall.get("/effects", kind="message")] == [SENDER]
    assert len(await own(hall)) == 1
    (after,) = await hall.get(f"{paths.PREPAY}/bucket", logicalResource__id=SENDER, usageType="monetary")
    left = [float(one["remainingValue"]["amount"]) for one in (bucket, after)]
    assert round(left[0] - left[1], 2) == 0.1


async def test_it_is_found_under_its_id(hall: Standing) -> None:
    assert (await hall.call("GET", f"{MESSAGE}/m1"))[0] == 404
    await post(hall, "m1")
    found = await hall.get(f"{MESSAGE}/m1")
    assert (found["id"], found["state"], found["sender"]["phoneNumber"]) == ("m1", "completed", SENDER)


async def test_an_id_that_means_another_message_and_a_sender_nobody_knows_are_refused(hall: Standing) -> None:
    await post(hall, "m1")
    assert (await post(hall, "m1", "别的"))[0] == 409
    status, body = await post(hall, "m2", sender="13900000000")
    assert (status, body["code"]) == (400, "unknownSubscriber")
    assert len(await hall.get(f"/handset/{RECEIVER}.json")) == 1


async def test_a_suspended_line_and_an_empty_account_send_nothing(hall: Standing) -> None:
    store = hall.operator._store
    await store.write(lambda db: db.execute("UPDATE account SET balance = 9 WHERE id = ?", (f"A{SENDER}",)).rowcount)
    status, body = await post(hall, "m1")
    assert (status, body["code"]) == (409, "insufficientBalance")
    suspend = "UPDATE product SET status = 'suspended' WHERE number = ? AND kind = 'line'"
    await store.write(lambda db: db.execute(suspend, (SENDER,)).rowcount)
    status, body = await post(hall, "m2")
    assert (status, body["code"]) == (409, "lineSuspended")
    assert await hall.get(f"/handset/{RECEIVER}.json") == []
    assert await own(hall) == []
