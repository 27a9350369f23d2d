"""What an administrator does in the database of a deployment: staff accounts, what a person is owed of his data."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from bot.errors import ConfigError
from bot.model import SHANGHAI
from bot.staff import Member, Role, jid_of

if TYPE_CHECKING:
    from bot.adapters.records import Enrolled, Records, SqlStaff
    from bot.adapters.redis.remembered import Remembered

T = TypeVar("T")
staff = typer.Typer(no_args_is_help=True, help="Accounts of the staff: log-in at the desk, roles, skills.")
out = Console(highlight=False, soft_wrap=True, markup=False)

ConfigFile = Annotated[Path, typer.Option("--config", help="bot.yaml of the deployment")]
Number = Annotated[str, typer.Argument(help="工号, 2 to 8 digits; never given to anybody else")]
HERE = Path("bot.yaml")
DEEDS = {
    "监": "watched",
    "停监": "stopped watching",
    "耳": "whispered",
    "插": "barged in",
    "夺": "took over",
    "评": "scored",
}  # else as they are kept


@staff.command()
def add(
    number: Number,
    name: Annotated[str, typer.Option(help="as colleagues see it; customers read the 工号 only")],
    role: Annotated[list[Role] | None, typer.Option(help="agent, leader, admin; several times")] = None,
    skill: Annotated[list[str] | None, typer.Option(help="skill group; several times; none = all of them")] = None,
    capacity: Annotated[int, typer.Option(help="customers at once, 1 to 40")] = 5,
    jid: Annotated[str, typer.Option(help="where this person serves from an XMPP client")] = "",
    config: ConfigFile = HERE,
) -> None:
    """Open an account; password and TOTP secret are shown this once."""
    member = Member(number, name, frozenset(role or [Role.AGENT]), tuple(skill or ()), _jid(jid), capacity)
    _alone(member, config)
    _shown(config, lambda accounts: accounts.add(member))


def _jid(text: str) -> str:
    try:
        return jid_of(text)
    except ValueError as error:
        raise ConfigError(f"the jid {error}") from None


def _alone(member: Member, config: Path) -> None:
    """ConfigError: bot.yaml names somebody else who serves from there."""
    from bot.config import load

    for number, named in load(config).desk.staff.items():
        if named.jid and number != member.number and named.jid == member.jid:
            raise ConfigError(f"the jid is {number}'s in bot.yaml")


@staff.command("list")
def everybody(config: ConfigFile = HERE) -> None:
    """All accounts, the closed ones too."""
    members, now = _with(config, _everybody)
    table = Table("工号", "name", "roles", "skills", "at once", "state", box=None)
    for one in members:
        state = "closed" if one.disabled else "locked" if one.locked_until > now else "open"
        table.add_row(
            one.number, one.name, " ".join(sorted(one.roles)), " ".join(one.skills) or "all", str(one.capacity), state
        )
    out.print(table)


@staff.command()
def audit(
    session: Annotated[int, typer.Option(help="of this session only; 0 = of all")] = 0,
    by: Annotated[str, typer.Option(help="by this 工号 only")] = "",
    last: Annotated[int, typer.Option(help="how many", min=1, max=100_000)] = 50,
    config: ConfigFile = HERE,
) -> None:
    """Who read which transcript, watched and left off, barged in, took over, with the reason; the latest first."""
    table = Table("when", "工号", "what", "session", "reason", box=None)
    for one in _with_records(config, lambda records: records.history.audited(last, str(session or ""), by)):
        table.add_row(clock_of(one.at), one.staff, DEEDS.get(one.what, one.what), one.about, one.reason)
    out.print(table)


@staff.command()
def role(
    number: Number,
    roles: Annotated[list[Role], typer.Argument(help="all roles that the account has from now on")],
    skill: Annotated[list[str] | None, typer.Option(help="all skills from now on")] = None,
    capacity: Annotated[int, typer.Option(help="customers at once; 0 = as it was")] = 0,
    config: ConfigFile = HERE,
) -> None:
    """Give an account these roles (and skills, and capacity)."""

    async def work(accounts: SqlStaff) -> None:
        member = await accounts.member(number)
        if member is None:
            raise ConfigError(f"there is no 工号 {number}")
        skills = tuple(skill) if skill else member.skills
        await accounts.change(
            replace(member, roles=frozenset(roles), skills=skills, capacity=capacity or member.capacity)
        )

    _with(config, work)
    out.print(f"{number}: {' '.join(sorted(roles))}")


@staff.command()
def disable(number: Number, config: ConfigFile = HERE) -> None:
    """Close an account for good: logged out at once; the customers it has go back to the head of the queue."""
    _with(config, lambda accounts: accounts.disable(number))
    out.print(f"{number}: closed")


@staff.command("reset-totp")
def reset_totp(number: Number, config: ConfigFile = HERE) -> None:
    """A new TOTP secret, shown this once; the old one is worth nothing from now on."""
    _shown(config, lambda accounts: accounts.reset_totp(number))


@staff.command("reset-password")
def reset_password(number: Number, config: ConfigFile = HERE) -> None:
    """A new password, shown this once; also unlocks the account."""
    _shown(config, lambda accounts: accounts.reset_password(number))


async def _everybody(accounts: SqlStaff) -> tuple[list[Member], int]:
    from bot.wiring import wall

    return await accounts.everybody(), wall()


def _with(config: Path, work: Callable[[SqlStaff], Awaitable[T]]) -> T:
    return _with_records(config, lambda records: work(records.staff))


def _with_records(config: Path, work: Callable[[Records], Awaitable[T]]) -> T:
    async def run() -> T:
        async with records_of(config) as records:
            return await work(records)

    return asyncio.run(run())


def clock_of(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, SHANGHAI):%Y-%m-%d %H:%M}"


def _subscriber(number: str) -> str:
    """ConfigError for what is no number: of a slip of the finger nothing is kept, and it must not read as forgotten."""
    if not re.fullmatch(r"1\d{10}", number, re.ASCII):
        raise ConfigError(f"{number!r} is no subscriber number: it has 11 digits and begins with 1")
    return number


def export(number: str, config: Path) -> str:
    """All that is kept about a subscriber number, as JSON."""
    return json.dumps(asyncio.run(export_of(_subscriber(number), config)), ensure_ascii=False, indent=1)


async def export_of(number: str, config: Path) -> dict[str, Any]:
    async with records_of(config) as records, remembered_of(config) as redis:
        talks = await _talks(records, redis, number, config)
        await records.history.audit("command line", "export", number=number)
        return await records.history.export(number) | await redis.export(number, talks)


def erase(number: str, config: Path) -> dict[str, int]:
    """What was said and what names the person is gone; operations stay, masked."""
    return asyncio.run(erase_of(_subscriber(number), config))


async def erase_of(number: str, config: Path) -> dict[str, int]:
    """What Redis remembers goes first: by what the database holds it is found."""
    async with records_of(config) as records, remembered_of(config) as redis:
        talks = await _talks(records, redis, number, config)
        cases = await records.history.numbers_of_sessions(number)
        forgotten = await redis.erase(talks, cases, await _feeds(records, redis, config, cases))
        gone = await records.history.erase(number)
        await records.history.audit("command line", "erase", number=number)
        busy = {"still going on, erase again": forgotten.busy} if forgotten.busy else {}
        return gone | {"conversations": forgotten.conversations, "files": forgotten.files} | busy


def suggested(config: Path) -> list[tuple[str, str]]:
    """(intent, phrase) as team leaders explained what was not understood, each once."""

    async def run() -> list[tuple[str, str]]:
        async with records_of(config) as records:
            return await records.history.suggested()

    return asyncio.run(run())


async def _talks(records: Records, redis: Remembered, number: str, config: Path) -> list[str]:
    """The conversations that are written down as this number's, and those of the accounts that are called by it."""
    from bot.config import load

    accounts = (f"{number}@{domain}" for domain in load(config).xmpp.domains)
    called = [redis.conversation(bare) for bare in accounts]
    return list(dict.fromkeys([*await records.history.conversations(number), *called]))


async def _feeds(records: Records, redis: Remembered, config: Path, cases: Sequence[int]) -> list[str]:
    """Of all staff, and what each was told of these sessions alone. Who only watches never sat down."""
    from bot.config import load
    from bot.desk.model import told_to

    desk = load(config).desk
    staff = {*await redis.staff(), *desk.staff, *(member.number for member in await records.staff.everybody())}
    numbers = (0, *cases)
    return [redis.conversation(told_to(one, desk.domain or "desk", number)) for one in staff for number in numbers]


@asynccontextmanager
async def remembered_of(config: Path) -> AsyncIterator[Remembered]:
    from bot.adapters.redis import Link
    from bot.adapters.redis.desk import RedisDesk
    from bot.adapters.redis.files import RedisFiles
    from bot.adapters.redis.remembered import Remembered
    from bot.config import load
    from bot.settings import redis_url, seal_of

    found = load(config)
    seal, key, link = seal_of(found), found.key(found.secrets.ids), Link(redis_url(found))
    files = RedisFiles(link, seal, key=key, base="", partitions=found.redis.partitions)
    desk = RedisDesk(link, seal)
    try:
        redis = Remembered(link, seal, key=key, partitions=found.redis.partitions, desk=desk, files=files)
        await redis.start()
        yield redis
    finally:
        await link.close()


@asynccontextmanager
async def records_of(config: Path) -> AsyncIterator[Records]:
    from bot.adapters.ledger.database import Database
    from bot.adapters.records import Records
    from bot.adapters.watch import LogWatch
    from bot.config import load
    from bot.settings import keep_of, ledger_url, seal_of
    from bot.wiring import wall

    found = load(config)
    database = await Database.open(ledger_url(found))
    try:
        yield Records(database, seal_of(found), found.key(found.secrets.ids), LogWatch(), wall, keep_of(found))
    finally:
        await database.close()


def _shown(config: Path, work: Callable[[SqlStaff], Awaitable[Enrolled]]) -> None:
    from bot.config import load

    enrolled = _with(config, work)
    if enrolled.password:
        out.print(f"工号 {enrolled.number}, password {enrolled.password}")
    if enrolled.totp:
        import segno

        segno.make(enrolled.address(load(config).house), error="m").terminal(compact=True)
        out.print(f"TOTP {enrolled.totp}")
        out.print("Scan it with an authenticator app now: neither is shown again.")
