"""Staff accounts and log-ins: argon2id and TOTP; nothing that is stored lets anybody log in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Connection, RowMapping, and_, delete, insert, select, update

from bot.adapters.ledger.database import Database
from bot.adapters.records.browsers import doors_of, forget, hashed, known_here, note, remember
from bot.adapters.records.passwords import HASHER, Passwords, fresh
from bot.adapters.records.tables import LOGINS as L
from bot.adapters.records.tables import STAFF as T
from bot.adapters.records.totp import address, base32, step_of
from bot.errors import ConfigError
from bot.model import Ms
from bot.ports import Clock, Seal
from bot.staff import ABSOLUTE, IDLE, NEAR, NUMBER, WRONG, Login, Member, Role, Screen, jid_of, passed, screen, tried

MOST_HELD = 40  # customers at once
SEEN_EVERY: Ms = 20_000  # an open page is noted no more often


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Shown once, to whoever made the account."""

    number: str
    password: str = field(repr=False, default="")
    totp: str = field(repr=False, default="")  # base32

    def address(self, house: str) -> str:
        """The otpauth address that an authenticator app reads as a QR code."""
        return address(self.number, self.totp, house)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a browser holds after a log-in: `token` is the log-in, `browser` says later that it was here before."""

    token: str = field(repr=False)
    browser: str = field(repr=False)


class SqlStaff:
    """Every call may raise Unavailable("database")."""

    def __init__(self, database: Database, seal: Seal, clock: Clock, hasher: PasswordHasher = HASHER) -> None:
        self._db = database
        self._seal = seal
        self._clock = clock
        self._passwords = Passwords(hasher)
        self._noted: dict[str, Ms] = {}

    # --- accounts -----------------------------------------------------------------------------------------------

    async def add(self, member: Member) -> Enrolled:
        """A new account with a password and a TOTP secret. ConfigError when the number was ever given, or is none."""
        _check(member)
        password = fresh()
        secret = secrets.token_bytes(20)
        values = {
            **_values(member),
            "password": await self._passwords.hash(password),
            "totp": self._sealed(member.number, secret),
            "added": self._clock(),
        }

        def work(db: Connection) -> None:
            if db.execute(select(T.c.number).where(T.c.number == member.number)).first():
                raise ConfigError(f"工号 {member.number} was given before: numbers are never used again")
            _alone(db, values)
            db.execute(insert(T).values(values))

        await self._db.write(work)
        return Enrolled(member.number, password, base32(secret))

    async def everybody(self) -> list[Member]:
        return [_member(row) for row in await self._db.read(select(T).order_by(T.c.number))]

    async def member(self, number: str) -> Member | None:
        rows = await self._db.read(select(T).where(T.c.number == number))
        return _member(rows[0]) if rows else None

    async def change(self, member: Member) -> None:
        """Name, roles, skills, JID, capacity. ConfigError when there is no such account."""
        _check(member)
        await self._update(member.number, **_values(member))

    async def disable(self, number: str) -> None:
        """For good: no log-in, and those that are open end."""
        await self._update(number, disabled=self._clock())
        await self._forget(number)

    async def reset_totp(self, number: str) -> Enrolled:
        """A new secret; whoever is logged in must log in again."""
        secret = secrets.token_bytes(20)
        await self._update(number, totp=self._sealed(number, secret), step=0, wrong=0, locked_until=0)
        await self._forget(number)
        return Enrolled(number, totp=base32(secret))

    async def reset_password(self, number: str) -> Enrolled:
        password = fresh()
        await self._update(number, password=await self._passwords.hash(password), wrong=0, locked_until=0)
        await self._forget(number)
        return Enrolled(number, password=password)

    async def _forget(self, number: str) -> None:
        """Whoever had the old secrets may have a known browser, too."""
        await self.log_out_everywhere(number)
        await self._db.write(lambda db: forget(db, number))

    async def _update(self, account: str, **values: Any) -> None:
        def work(db: Connection) -> None:
            _alone(db, {"number": account, **values})
            if not db.execute(update(T).where(T.c.number == account).values(values)).rowcount:
                raise ConfigError(f"there is no 工号 {account}")

        await self._db.write(work)

    # --- logging in ---------------------------------------------------------------------------------------------

    async def log_in(self, number: str, password: str, code: str, browser: str = "") -> Opened | None:
        """What the browser holds from now on, or None: the same answer, in the same time, whatever was wrong.

        `browser`: what it holds from an earlier log-in. The try is counted before anything is compared, and given
        back when all was right. Crowded, when too many are at the door: nothing was counted.
        """
        number = number if NUMBER.fullmatch(number) else ""  # nobody's: nothing else is asked of the database
        known = bool(browser) and bool(await self._db.read(known_here(number, browser, self._clock())))
        async with self._passwords.turn(known):
            row = await self._count(number, browser)
            right = await self._passwords.right(row["password"] if row is not None else None, password)
        if row is None or not right or row["disabled"] or row["refused"]:
            return None
        now = self._clock()

        def come_in(db: Connection) -> str:
            account = _account(db, number)
            if account is None or not self._spend(db, account, code):
                return ""
            note(db, number, browser, passed(doors_of(db, account, browser, now), now))
            return remember(db, number, browser, now)

        held = await self._db.write(come_in)
        return Opened(await self._open(number), held) if held else None

    async def let_in(self, number: str) -> str:
        """A log-in without password, for the demo's links. ConfigError when there is no such account."""
        member = await self.member(number)
        if member is None or not member.active:
            raise ConfigError(f"there is no 工号 {number}")
        return await self._open(number)

    async def reopen(self, login: Login, code: str) -> Screen:
        """A locked screen is opened with a TOTP. Its tries are its own: who is logged in is not kept out by strangers.

        Counted before it is compared, in the same write.
        """

        def work(db: Connection) -> Screen:
            here = db.execute(select(L.c.wrong).where(L.c.id == login.id).with_for_update()).first()
            account = _account(db, login.staff)
            if here is None or account is None or account["disabled"]:
                return Screen.OVER
            wrong = here.wrong + 1
            found = screen(wrong, wrong <= WRONG and self._spend(db, account, code))
            match found:
                case Screen.OPEN:
                    db.execute(update(L).where(L.c.id == login.id).values(locked=False, seen=self._clock(), wrong=0))
                case Screen.WRONG:
                    db.execute(update(L).where(L.c.id == login.id).values(wrong=wrong))
                case Screen.OVER:
                    db.execute(delete(L).where(L.c.id == login.id))
            return found

        found = await self._db.write(work)
        if found is Screen.OVER:
            self._noted.pop(login.id, None)
        return found

    async def login(self, token: str) -> Login | None:
        """Whose browser this is; None when that is over. A screen that nobody touched for 15 min is locked."""
        rows = await self._db.read(
            select(L, T.c.disabled).join(T, T.c.number == L.c.staff).where(L.c.id == hashed(token))
        )
        now = self._clock()
        if not rows or rows[0]["disabled"] or now - rows[0]["at"] > ABSOLUTE:
            return None
        row = rows[0]
        seen = max(row["seen"], self._noted.get(row["id"], 0))
        return Login(row["id"], row["staff"], row["at"], seen, row["locked"] or now - seen > IDLE)

    def near(self, login: Login) -> bool:
        """Was somebody at this screen not long ago?"""
        return self._clock() - login.seen < NEAR

    async def seen(self, login: Login) -> None:
        """Somebody is at this screen."""
        now = self._clock()
        if login.locked or now - login.seen < SEEN_EVERY:
            return
        self._noted[login.id] = now
        await self._db.write(lambda db: db.execute(update(L).where(L.c.id == login.id).values(seen=now)))

    async def lock(self, login: Login) -> None:
        await self._db.write(lambda db: db.execute(update(L).where(L.c.id == login.id).values(locked=True)))

    async def log_out(self, login: Login) -> None:
        await self._db.write(lambda db: db.execute(delete(L).where(L.c.id == login.id)))
        self._noted.pop(login.id, None)

    async def log_out_everywhere(self, number: str) -> None:
        await self._db.write(lambda db: db.execute(delete(L).where(L.c.staff == number)))

    async def _open(self, number: str) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        values = {"id": hashed(token), "staff": number, "at": now, "seen": now, "locked": False}

        def work(db: Connection) -> None:
            db.execute(delete(L).where(L.c.at < now - ABSOLUTE))
            db.execute(insert(L).values(values))

        await self._db.write(work)
        return token

    async def _count(self, number: str, browser: str) -> dict[str, Any] | None:
        """The account as it was before this try, and whether it is `refused`: then nothing was counted."""
        now = self._clock()

        def work(db: Connection) -> dict[str, Any] | None:
            row = _account(db, number)
            if row is None:
                return None
            doors = tried(doors_of(db, row, browser, now), now)
            if doors is not None:
                note(db, number, browser, doors)
            return {**row, "refused": doors is None}

        return await self._db.write(work)

    def _spend(self, db: Connection, account: RowMapping, code: str) -> bool:
        """Is it the code of now, one step off at most, and never used before?"""
        number = account["number"]
        step = step_of(self._seal.open(account["totp"], f"staff:{number}:totp"), code, self._clock())
        fresh = and_(T.c.number == number, T.c.step < step)
        return step > 0 and db.execute(update(T).where(fresh).values(step=step)).rowcount == 1

    def _sealed(self, number: str, secret: bytes) -> bytes:
        return self._seal.seal(secret, f"staff:{number}:totp")


def csrf(token: str) -> str:
    """What every form of this log-in carries: made from the cookie, which other sites cannot read."""
    return hmac.new(token.encode(), b"hallbot desk form", hashlib.sha256).hexdigest()


def _account(db: Connection, number: str) -> RowMapping | None:
    return db.execute(select(T).where(T.c.number == number).with_for_update()).mappings().first()


def _check(member: Member) -> None:
    if not NUMBER.fullmatch(member.number):
        raise ConfigError("a 工号 has 2 to 8 digits")
    if not member.name.strip() or len(member.name) > 40:
        raise ConfigError("a name has 1 to 40 characters")
    if not member.roles:
        raise ConfigError(f"give at least one role: {', '.join(Role)}")
    try:
        jid_of(member.jid)
    except ValueError as error:
        raise ConfigError(f"the jid {error}") from None
    if not 1 <= member.capacity <= MOST_HELD:
        raise ConfigError(f"a capacity is 1 to {MOST_HELD} customers at once")


def _alone(db: Connection, values: dict[str, Any]) -> None:
    """Whoever writes from a JID acts under one 工号."""
    if not values.get("jid"):
        return
    others = and_(T.c.jid == values["jid"], T.c.number != values["number"], T.c.disabled == 0)
    if other := db.execute(select(T.c.number).where(others)).first():
        raise ConfigError(f"the jid is {other.number}'s")


def _values(member: Member) -> dict[str, Any]:
    return {
        "number": member.number,
        "name": member.name.strip(),
        "roles": ",".join(sorted(member.roles)),
        "skills": ",".join(member.skills),
        "jid": jid_of(member.jid),
        "capacity": member.capacity,
    }


def _member(row: RowMapping) -> Member:
    return Member(
        row["number"],
        row["name"],
        frozenset(Role(role) for role in row["roles"].split(",")),
        tuple(filter(None, row["skills"].split(","))),
        row["jid"],
        row["capacity"],
        row["added"],
        row["disabled"],
        row["locked_until"],
    )
