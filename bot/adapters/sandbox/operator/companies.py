"""Companies: who belongs to one and by which short number. TMF632 individuals; what their administrators may order."""

from __future__ import annotations

import re

from aiohttp import web

from bot.adapters.sandbox.operator import paths
from bot.adapters.sandbox.operator.people import COMPANIES
from bot.adapters.sandbox.operator.store import Connection, Row, Store
from bot.adapters.sandbox.operator.wire import Filter, Json, Refusal, select, trait

SHORT = "S-VNET"  # the offering behind a short number; its product's `tag` is the number
_DIGITS = re.compile(r"[2-9]\d{2,5}")
_JOINED = (
    "(SELECT subscriber.*, product.tag AS short FROM subscriber LEFT JOIN product"
    f" ON product.number = subscriber.number AND product.offering = '{SHORT}' AND product.stop = '')"
)


def group_id(company: str) -> str:
    return f"G8{COMPANIES.index(company):05d}"


def _company(id: str) -> str:
    """The name of that company; one that nobody has when there is no such."""
    return next((name for name in COMPANIES if group_id(name) == id), "-")


_FILTERS: dict[str, Filter] = {"relatedParty.id": ("company = ?", _company)}


class Companies:
    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"{paths.PARTY}/individual", self._people)]

    async def _people(self, request: web.Request) -> web.Response:
        return select(request, self._store, _JOINED, "number", _FILTERS, tuple(_FILTERS), show_individual)


def show_individual(row: Row) -> Json:
    number = row["number"]
    role = "administrator" if row["admin"] else "member"
    organization = {"id": group_id(row["company"]), "name": row["company"], "role": role}
    shown: Json = {
        "id": f"I{number}",
        "href": f"{paths.PARTY}/individual/I{number}",
        "fullName": row["name"],
        "contactMedium": [{"mediumType": "mobile", "preferred": True, "characteristic": {"phoneNumber": number}}],
        "relatedParty": [organization | {"@referredType": "Organization"}],
        "@type": "Individual",
    }
    return shown | ({"partyCharacteristic": [trait("shortNumber", row["short"])]} if row["short"] else {})


# --- what an administrator orders for a member; inside the order's transaction -----------------------------------


def check(db: Connection, admin: str, member: str, offering: str, short: str, action: str) -> None:
    owner, person = _person(db, admin), _person(db, member)
    if owner is None or not owner["admin"] or offering != SHORT or action not in ("add", "delete"):
        raise Refusal(403, "notAdministrator", "只有集团管理员可以办理")
    if person is None:
        raise Refusal(400, "unknownMember", "没有这个号码")
    if action == "delete":
        if person["company"] != owner["company"] or not person["short"]:
            raise Refusal(409, "notMember", "该号码没有集团短号")
        if person["admin"]:
            raise Refusal(409, "administrator", "管理员的短号不能删除")
        return
    if person["company"] not in ("", owner["company"]):
        raise Refusal(409, "otherGroup", "该号码属于其他集团")
    if person["short"]:
        raise Refusal(409, "alreadyActive", "该号码已有集团短号")
    if short and not _DIGITS.fullmatch(short):
        raise Refusal(400, "invalidShortNumber", "短号应为3至6位数字，不能以0、1开头")
    if short in _taken(db, owner["company"]):
        raise Refusal(409, "shortNumberTaken", "这个短号已有人使用")


def join(db: Connection, admin: str, member: str, short: str) -> str:
    """The member belongs to the administrator's company from now on, under `short` or the first that is free."""
    company = db.execute("SELECT company FROM subscriber WHERE number = ?", (admin,)).fetchone()[0]
    db.execute("UPDATE subscriber SET company = ? WHERE number = ?", (company, member))
    taken = _taken(db, company)
    return short or next(str(n) for n in range(600, 10**6) if str(n) not in taken)


def leave(db: Connection, member: str, at: str) -> None:
    sql = "UPDATE product SET status = 'terminated', stop = ? WHERE number = ? AND offering = ? AND stop = ''"
    db.execute(sql, (at, member, SHORT))
    db.execute("UPDATE subscriber SET company = '' WHERE number = ? AND brand != 'group'", (member,))


def _person(db: Connection, number: str) -> Row | None:
    row: Row | None = db.execute(f"SELECT * FROM {_JOINED} WHERE number = ?", (number,)).fetchone()
    return row


def _taken(db: Connection, company: str) -> set[str]:
    rows = db.execute(f"SELECT short FROM {_JOINED} WHERE company = ? AND short != ''", (company,))
    return {row["short"] for row in rows}
