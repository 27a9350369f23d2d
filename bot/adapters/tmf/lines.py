"""What the products of a line and the people of a company tell about it: TMF637, TMF632. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec.structs import replace

from bot.adapters.tmf.products import had, of_kind, traits
from bot.adapters.tmf.settings import TmfSettings
from bot.adapters.tmf.shapes import Had
from bot.adapters.tmf.values import Json, at, day, enum, ident, moment, rows, text, wrong
from bot.errors import Unavailable
from bot.model import Account, Group, LineStatus, Member, Plan, Product

Reason = Literal["owing", "lost", "parked"]
_REASONS: dict[str, Reason] = {
    **dict.fromkeys(("debt", "owing", "arrears", "nonpayment", "unpaid", "欠费", "欠费停机"), "owing"),
    **dict.fromkeys(("lost", "stolen", "loss", "theft", "挂失", "挂失停机"), "lost"),
    **dict.fromkeys(("voluntary", "customerrequest", "parked", "vacation", "报停", "停机保号", "主动停机"), "parked"),
}
PARKED = "voluntary"  # how it is said to the operator
_ADMIN = frozenset({"administrator", "admin", "管理员"})


def plan(products: Sequence[Had], offered: Iterable[Product], settings: TmfSettings) -> Plan:
    """The price is what this line pays; what is included is told by the offering, if it is still sold."""
    row = of_kind(products, "plan", settings)
    if row is None:
        raise wrong()
    known = {product.id: product for product in offered}
    now = had(row, settings)
    included = known[now.id].included if now.id in known else ()
    coming = traits(row).get(settings.trait("next"), "")
    return Plan(
        id=ident(row.id),
        product=replace(now, kind="plan", included=included),
        since=day(row.start_date),
        until=day(row.termination_date),
        next=known.get(coming, Product(coming, coming, kind="plan")) if coming else None,
    )


def status(products: Sequence[Had], settings: TmfSettings) -> LineStatus:
    """What is neither active nor about to become so cannot be used."""
    row = of_kind(products, "line", settings)
    if row is None:
        raise wrong()
    if enum(row.status) in {"active", "pendingactive", ""}:
        return LineStatus()
    told = traits(row)
    reason = _REASONS.get(told.get(settings.trait("reason"), "").casefold().replace(" ", ""))
    reachable = told.get(settings.trait("reachable"), "").casefold()
    return LineStatus(
        suspended=True,
        reason=reason or "",
        since=_date(told.get(settings.trait("suspended"), "")),
        reachable=reachable in {"true", "yes", "1"} if reachable else reason != "lost",
    )


def group(people: Iterable[Json], account: Account, offer: Product | None, settings: TmfSettings) -> Group:
    """Administrators first, then by 短号; who cannot be called is left out."""
    found: list[Member] = []
    name = ""
    for person in people:
        party = next((p for p in rows(person.get("relatedParty")) if text(p, "id") == account.group), None)
        if party is None:
            continue
        name = name or text(party, "name", 40)
        number = _number(person)
        if number:
            short = _short(person, settings)
            found.append(Member(number, text(person, "fullName", 20), short, enum(party, "role") in _ADMIN))
    found.sort(key=lambda member: (not member.admin, not member.short, len(member.short), member.short, member.number))
    return Group(name, tuple(found), offer)


def _number(person: Json) -> str:
    media = (text(at(medium, "characteristic.phoneNumber")) for medium in rows(person.get("contactMedium")))
    return next((number[-11:] for number in media if len(number) >= 11), "")


def _short(person: Json, settings: TmfSettings) -> str:
    pairs = rows(person.get("partyCharacteristic"))
    return next((text(p, "value", 8) for p in pairs if text(p, "name") == settings.trait("short_number")), "")


def _date(said: str) -> str:
    try:
        return moment(said).date().isoformat() if said else ""
    except Unavailable:
        return ""
