"""TMF681: text messages of the subscribers' own, named by who asks for them, charged once."""

from __future__ import annotations

import msgspec
from aiohttp import web

from bot.adapters.sandbox.operator import effects, paths, times
from bot.adapters.sandbox.operator.handset import Handset
from bot.adapters.sandbox.operator.prepay_hub import PrepayHub
from bot.adapters.sandbox.operator.store import Connection, Row, Store
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import Json, Refusal, answer, key_of, missing, read
from bot.adapters.town.leisure import MESSAGE

FEE = int(MESSAGE * 100)  # 分


class Party(msgspec.Struct, rename="camel"):
    phone_number: str = ""
    name: str = ""


class CommunicationIn(msgspec.Struct, rename="camel"):
    content: str
    message_type: str
    receiver: list[Party]
    sender: Party


class Messages:
    """The header Idempotency-Key becomes the message's own id: 681 lets nobody name one in the body."""

    def __init__(self, store: Store, clock: Clock, handset: Handset, hub: PrepayHub) -> None:
        self._store, self._clock, self._handset, self._hub = store, clock, handset, hub

    def routes(self) -> list[web.RouteDef]:
        path = f"{paths.COMMUNICATION}/communicationMessage"
        return [web.post(path, self._post), web.get(f"{path}/{{id}}", self._get)]

    async def _post(self, request: web.Request) -> web.Response:
        message = await read(request, CommunicationIn)
        key = key_of(request, None)
        if key is None or len(message.receiver) != 1:
            raise Refusal(400, "invalidBody", "需要消息编号和一个接收号码")
        sender, now = message.sender.phone_number, times.iso(self._clock())

        def charge(db: Connection) -> None:
            if sender:
                _charge(db, sender, key, now)

        row = await self._handset.accept(key, message.receiver[0].phone_number, message.content, charge)
        if sender:
            await self._hub.tell(sender, -FEE)
        return answer(_show(row, sender), 201)

    async def _get(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        row = self._store.row("SELECT * FROM sms WHERE id = ?", id)
        if row is None:
            raise missing("消息")
        sent = self._store.row("SELECT number FROM effect WHERE kind = 'message' AND external = ?", id)
        return answer(_show(row, sent["number"] if sent else ""))


def _charge(db: Connection, number: str, key: str, now: str) -> None:
    """On the running month of whoever sends it; a prepaid account pays at once."""
    line = db.execute("SELECT own_account, brand FROM subscriber WHERE number = ?", (number,)).fetchone()
    if line is None:
        raise Refusal(400, "unknownSubscriber", "号码不存在")
    account = line["own_account"]
    active = db.execute("SELECT status FROM product WHERE number = ? AND kind = 'line'", (number,)).fetchone()
    if active is None or active["status"] != "active":
        raise Refusal(409, "lineSuspended", "号码已停机")
    owner = db.execute("SELECT kind, balance FROM account WHERE id = ?", (account,)).fetchone()
    if owner["kind"] == "prepaid" and owner["balance"] < FEE:
        raise Refusal(409, "insufficientBalance", "余额不足")
    values = (f"X{key}", account, now[:7], now, "sms.own", "自写短信费", FEE)
    db.execute("INSERT INTO rate (id, account, month, date, kind, name, amount) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    prepaid = "UPDATE account SET balance = balance - ? WHERE id = ? AND kind = 'prepaid'"
    db.execute(prepaid, (FEE, account))
    effects.record(db, "message", key, number, "SMS", now)


def _show(row: Row, sender: str) -> Json:
    return {
        "id": row["id"],
        "href": f"{paths.COMMUNICATION}/communicationMessage/{row['id']}",
        "content": row["text"],
        "messageType": "SMS",
        "receiver": [{"id": "1", "phoneNumber": row["number"]}],
        "sender": {"id": "1"} | ({"phoneNumber": sender} if sender else {}),
        "state": "completed",
        "sendTime": row["at"],
    }
