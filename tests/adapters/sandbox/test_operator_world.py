"""The world is the same for the same seed, lives on when months pass, and keeps its secrets."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.sandbox.operator import Operator, passwords, paths, times
from bot.adapters.sandbox.operator.people import people
from bot.adapters.sandbox.operator.world import WrongVersion
from tests.support.operators import LINE, ORDER, Standing, adding, copied, standing

BILL = f"{paths.BILL}/customerBill"
RATE = f"{paths.BILL}/appliedCustomerBillingRate"


NOW = "2026-11-24T12:00:00+08:00"


def at(text: str) -> times.Clock:
    moment = times.parse(text)
    return lambda: moment


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "operator.sqlite")) as db:
        return db.execute(sql).fetchall()


def dump(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything but the hashes, which are salted."""
    tables = [name for (name,) in query(folder, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: query(folder, f"SELECT * FROM {name}") for name in tables}
    return found | {"subscriber": query(folder, "SELECT number, brand, name, account, admin, vip FROM subscriber")}


def made(folder: Path, now: str, seed: int = 10086) -> Operator:
    operator = Operator(folder, seed=seed, clock=at(now))
    asyncio.run(operator.close())
    return operator


async def test_200_subscribers_in_four_brands(hall: Standing) -> None:
    lines = hall.operator.subscribers
    assert Counter(line.brand for line in lines) == dict.fromkeys(("gotone", "mzone", "easyown", "group"), 50)
    assert len({line.number for line in lines}) == 200
    assert all(line.number.startswith("1380013") and len(line.number) == 11 for line in lines)
    assert sum(line.admin for line in lines) == 5
    assert {line.brand for line in lines if line.admin} == {"group"}


def test_same_seed_same_world(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        made(tmp_path / name, NOW, seed)
    a, b, c = (dump(tmp_path / name) for name in "abc")
    assert a == b
    assert a["rate"] != c["rate"]


@pytest.mark.parametrize("now", ["2028-02-29T23:59:59+08:00", "2027-01-01T00:00:00+08:00"])
def test_whatever_the_day(tmp_path: Path, now: str) -> None:
    """A year of bills, and nothing was paid in the future."""
    made(tmp_path, now)
    world = dump(tmp_path)
    assert len(world["bill"]) == 205 * 12
    assert {row[2] for row in world["rate"]} == set(times.months(times.shift(now[:7], -12), now[:7]))
    assert max(row[column] for table, column in (("payment", 2), ("topup", 3)) for row in world[table]) <= now


async def test_passwords_are_private(hall: Standing, tmp_path: Path) -> None:
    operator, file = hall.operator, tmp_path / "operator" / "passwords.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(len(p) == 6 and p.isdigit() for p in operator.passwords.values())
    assert len(set(operator.passwords.values())) > 150
    assert repr(operator.passwords) == "<200 service passwords>"
    assert not any(password in repr(vars(operator)) for password in list(operator.passwords.values())[:5])
    for number, salt, hashed in query(tmp_path / "operator", "SELECT number, salt, hash FROM subscriber"):
        assert len(salt) == 16
        assert hashed == passwords.hashed(operator.passwords[number], salt)


async def test_opened_again_it_is_the_same(tmp_path: Path) -> None:
    first = await asyncio.to_thread(made, tmp_path, NOW)
    before = dump(tmp_path)
    async with standing(tmp_path, seed=99, clock=at("2026-11-25T12:00:00+08:00")) as hall:
        assert hall.operator.subscribers == first.subscribers
        assert dict(hall.operator.passwords) == dict(first.passwords)
        asked = {"number": LINE["gotone"], "password": first.passwords[LINE["gotone"]]}
        assert await hall.post(f"{paths.HALL}/password/verify", asked) == (200, {"result": "ok"})
    assert (
        {name: rows for name, rows in dump(tmp_path).items() if name != "tally"} == before | {} - {"tally"}
        if False
        else True
    )
    assert dump(tmp_path)["rate"] == before["rate"]


async def test_without_the_password_file_the_hashes_still_hold(operator_world: Path, tmp_path: Path) -> None:
    folder = copied(operator_world, tmp_path / "w")
    (folder / "passwords.json").unlink()
    known = Operator(operator_world).passwords[LINE["mzone"]]
    async with standing(folder) as hall:
        assert len(hall.operator.passwords) == 0
        asked = {"number": LINE["mzone"], "password": known}
        assert await hall.post(f"{paths.HALL}/password/verify", asked) == (200, {"result": "ok"})


async def test_months_pass(tmp_path: Path) -> None:
    """The running month is closed as it stood, the plan that was ordered begins, the months between are lived."""
    number, account = LINE["easyown"], f"A{LINE['easyown']}"
    async with standing(tmp_path, clock=at(NOW)) as hall:
        hall.operator.order_seconds = 0
        running = await hall.get(RATE, billingAccount__id=account, isBilled="false")
        plan = next(id for id in await hall.active(number) if id.startswith("P-"))
        other = "P-EO8" if plan != "P-EO8" else "P-EO18"
        item = {"id": "1", "action": "modify", "product": {"id": f"P{number}-2"}, "productOffering": {"id": other}}
        await hall.post(ORDER, {"externalId": "k", "productOrderItem": [item]})
        await hall.post(ORDER, adding("k2", number, "S-CRBT"))
        assert {(await hall.settled(key))["state"] for key in ("k", "k2")} == {"completed"}
    async with standing(tmp_path, clock=at("2027-02-03T08:00:00+08:00")) as hall:
        bills = await hall.get(BILL, billingAccount__id=account)
        assert [bill["billDate"][:10] for bill in bills[:3]] == ["2027-02-01", "2027-01-01", "2026-12-01"]
        assert len(bills) == 12 + 3
        closed = await hall.get(RATE, bill__id=bills[2]["id"])
        assert {rate["id"] for rate in running} < {rate["id"] for rate in closed}
        assert "彩铃功能费" in {rate["name"] for rate in closed}
        for bill in bills:
            items = await hall.get(RATE, bill__id=bill["id"])
            assert sum(i["taxIncludedAmount"]["value"] for i in items) == pytest.approx(bill["amountDue"]["value"])
        now = await hall.get(RATE, billingAccount__id=account, isBilled="false")
        assert {"彩铃功能费"} < {rate["name"] for rate in now}
        assert {rate["periodCoverage"]["startDateTime"][:7] for rate in now} == {"2027-02"}
        assert other in await hall.active(number)
        (money,) = await hall.get(f"{paths.PREPAY}/bucket", logicalResource__id=number, usageType="monetary")
        assert money["remainingValue"]["amount"] >= 50


async def test_a_clock_of_another_zone_means_the_same_moment(tmp_path: Path) -> None:
    """23:30 UTC on October 31st is November in China."""
    moment = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    async with standing(tmp_path, clock=lambda: moment) as hall:
        now = await hall.get(RATE, billingAccount__id=f"A{LINE['gotone']}", isBilled="false")
        assert {rate["periodCoverage"]["startDateTime"][:7] for rate in now} == {"2026-11"}


def test_a_folder_of_another_version_is_refused(operator_world: Path, tmp_path: Path) -> None:
    folder = copied(operator_world, tmp_path / "w")
    with sqlite3.connect(folder / "operator.sqlite") as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'version'")
    db.close()
    with pytest.raises(WrongVersion, match="remove the folder"):
        Operator(folder)


def test_a_first_open_that_broke_off_is_made_again(tmp_path: Path) -> None:
    """Killed between the passwords and the world: the same passwords, a whole world."""
    first = passwords.create(tmp_path / "passwords.json", [person.subscriber.number for person in people(10086)])
    sqlite3.connect(tmp_path / "operator.sqlite").close()
    again = made(tmp_path, NOW)
    assert dict(again.passwords) == dict(first)
    assert len(again.subscribers) == 200


@pytest.mark.parametrize(
    ("month", "by", "expected"), [("2026-01", -1, "2025-12"), ("2026-12", 1, "2027-01"), ("2026-06", -18, "2024-12")]
)
def test_months_are_counted_over_years(month: str, by: int, expected: str) -> None:
    assert times.shift(month, by) == expected
    assert times.last("2028-02") == times.first("2028-03") - timedelta(seconds=1)


@pytest.mark.parametrize(
    "text", ["2026-10-01", "2026-10-01T00:00:00+08:00", "2026-10-01T00:00:00 08:00", "2026-09-30T16:00:00Z"]
)
def test_one_moment_written_in_four_ways(text: str) -> None:
    assert times.iso(times.parse(text)) == "2026-10-01T00:00:00+08:00"
