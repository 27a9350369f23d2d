"""What every database keeps of staff and their log-ins: `tests/servers` runs the same on PostgreSQL."""

from __future__ import annotations

import asyncio
import base64

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.ledger.database import Database
from bot.adapters.records import Enrolled, SqlStaff
from bot.adapters.records.passwords import WAITING
from bot.errors import ConfigError, Crowded
from bot.staff import ABSOLUTE, IDLE, KNOWN, LOCK, Member, Role, Screen
from tests.adapters.records.database import OnDatabase
from tests.support.till import SEAL, START, Clock

LI = Member("1207", "李娜", frozenset({Role.AGENT}), ("bill",), "lina@im.example", 8)
STEP = 30_000
QUICK = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def code(who: Enrolled, at: int) -> str:
    totp = TOTP(base64.b32decode(who.totp), 6, SHA1(), 30, enforce_key_length=False)
    return totp.generate(at // 1000).decode()


class StaffContract(OnDatabase):
    @pytest.fixture
    async def staff(self, database: Database, clock: Clock) -> SqlStaff:
        return SqlStaff(database, SEAL, clock, QUICK)

    @pytest.fixture
    async def li(self, staff: SqlStaff) -> Enrolled:
        return await staff.add(LI)

    async def test_an_account_is_kept_as_it_was_made(self, staff: SqlStaff, li: Enrolled) -> None:
        got = await staff.member("1207")
        assert got is not None
        assert (got.name, got.roles, got.skills, got.jid, got.capacity) == (
            LI.name, LI.roles, LI.skills, LI.jid, LI.capacity,
        )  # fmt: skip
        assert got.added == START
        assert [m.number for m in await staff.everybody()] == ["1207"]
        assert await staff.member("1208") is None

    async def test_roles_and_skills_change(self, staff: SqlStaff, li: Enrolled) -> None:
        await staff.change(Member("1207", "李娜", frozenset({Role.AGENT, Role.LEADER}), (), "", 40))
        got = await staff.member("1207")
        assert got is not None
        assert (got.leads, got.skills, got.capacity) == (True, (), 40)
        with pytest.raises(ConfigError, match="1208"):
            await staff.change(Member("1208", "王珊"))

    async def test_a_number_is_never_given_again(self, staff: SqlStaff, li: Enrolled) -> None:
        await staff.disable("1207")
        with pytest.raises(ConfigError, match="never used again"):
            await staff.add(Member("1207", "王珊"))

    async def test_a_jid_is_one_account_s(self, staff: SqlStaff, li: Enrolled) -> None:
        """The second one acted under the first one's 工号."""
        await staff.add(Member("1208", "王珊", jid=" WangS@IM.example/pc"))
        got = await staff.member("1208")
        assert got
        assert got.jid == "wangs@im.example"
        taken = Member("1209", "赵敏", jid="LiNa@im.example")
        with pytest.raises(ConfigError, match="is 1207's"):
            await staff.add(taken)
        with pytest.raises(ConfigError, match="is 1207's"):
            await staff.change(replace(got, jid=taken.jid))
        await staff.change(replace(got, capacity=6))  # his own
        await staff.disable("1207")
        await staff.add(taken)

    @pytest.mark.parametrize(
        "wrong",
        [
            Member("x", "李"),
            Member("1", "李"),
            Member("123456789", "李"),
            Member("12", " "),
            Member("12", "李" * 41),
            Member("12", "李", frozenset()),
            Member("12", "李", jid="im.example"),
            Member("12", "李", capacity=0),
            Member("12", "李", capacity=41),
        ],
    )
    async def test_an_account_that_cannot_be_meant(self, staff: SqlStaff, wrong: Member) -> None:
        with pytest.raises(ConfigError):
            await staff.add(wrong)

    async def test_password_and_code_log_in(self, staff: SqlStaff, li: Enrolled) -> None:
        opened = await staff.log_in("1207", li.password, code(li, START))
        assert opened
        login = await staff.login(opened.token)
        assert login is not None
        assert (login.staff, login.locked) == ("1207", False)
        assert await staff.login(opened.token + "x") is None
        assert await staff.login(opened.browser) is None
        assert opened.token not in repr(opened)
        assert opened.browser not in repr(opened)
        await staff.log_out(login)
        assert await staff.login(opened.token) is None

    async def test_each_half_alone_is_nothing(self, staff: SqlStaff, li: Enrolled) -> None:
        good = code(li, START)
        assert await staff.log_in("1207", "x", good) is None
        assert await staff.log_in("1208", li.password, good) is None
        for bad in ("", "000000" if good != "000000" else "000001", good + "1", "١٢٣٤٥٦"):
            if bad != good:
                assert await staff.log_in("1207", li.password, bad) is None

    @pytest.mark.parametrize("number", ["12\x0007", "\ud800", "", "9" * 200, "１２０７", "' or 1=1 --"])
    async def test_what_is_no_number_is_nobodys(self, staff: SqlStaff, li: Enrolled, number: str) -> None:
        """PostgreSQL takes no NUL in a text, and no database half a character."""
        assert await staff.log_in(number, li.password, "000000", "\x00") is None
        assert await staff.log_in(li.number, number, "000000") is None

    async def test_a_code_counts_once(self, staff: SqlStaff, li: Enrolled, clock: Clock) -> None:
        spent = code(li, START)
        assert await staff.log_in("1207", li.password, spent)
        assert await staff.log_in("1207", li.password, spent) is None
        clock.at += STEP
        assert await staff.log_in("1207", li.password, spent) is None
        assert await staff.log_in("1207", li.password, code(li, clock.at))

    async def test_a_code_used_by_two_at_once_lets_one_in(self, staff: SqlStaff, li: Enrolled) -> None:
        spent = code(li, START)
        found = await asyncio.gather(*(staff.log_in("1207", li.password, spent) for _ in range(4)))
        assert sum(token is not None for token in found) == 1

    @pytest.mark.parametrize(("off", "fits"), [(-61_000, False), (-30_000, True), (30_000, True), (61_000, False)])
    async def test_a_clock_may_be_one_step_off(self, staff: SqlStaff, li: Enrolled, off: int, fits: bool) -> None:
        assert bool(await staff.log_in("1207", li.password, code(li, START + off))) is fits

    async def test_five_wrong_lock_and_more_lock_longer(self, staff: SqlStaff, li: Enrolled, clock: Clock) -> None:
        for _ in range(5):
            assert await staff.log_in("1207", "wrong", "000000") is None
        assert await staff.log_in("1207", li.password, code(li, clock.at)) is None
        clock.at += LOCK - 1
        assert await staff.log_in("1207", li.password, code(li, clock.at)) is None
        clock.at += 1
        assert await staff.log_in("1207", "wrong", "000000") is None
        clock.at += LOCK
        assert await staff.log_in("1207", li.password, code(li, clock.at)) is None
        clock.at += LOCK
        assert await staff.log_in("1207", li.password, code(li, clock.at))

    async def test_many_at_once_compare_five(self, staff: SqlStaff, li: Enrolled) -> None:
        """Nine find a place at the door, whoever comes then is told to come again."""
        tries = (staff.log_in("1207", "wrong", "000000") for _ in range(64))
        found = await asyncio.gather(*tries, return_exceptions=True)
        assert found[: 1 + WAITING] == [None] * (1 + WAITING)
        assert all(isinstance(answer, Crowded) for answer in found[1 + WAITING :])
        assert await staff.log_in("1207", li.password, code(li, START)) is None

    async def test_a_right_one_forgives_the_wrong_ones(self, staff: SqlStaff, li: Enrolled, clock: Clock) -> None:
        for _ in range(3):
            for _ in range(4):
                await staff.log_in("1207", "wrong", "000000")
            assert await staff.log_in("1207", li.password, code(li, clock.at))
            clock.at += STEP

    async def test_silence_locks_the_screen_and_a_code_opens_it(
        self, staff: SqlStaff, li: Enrolled, clock: Clock
    ) -> None:
        token = await staff.let_in("1207")
        clock.at += IDLE
        login = await staff.login(token)
        assert login is not None
        assert not login.locked
        await staff.seen(login)
        clock.at += IDLE + 1
        login = await staff.login(token)
        assert login is not None
        assert login.locked
        await staff.seen(login)  # a locked screen is not woken by moving the mouse
        assert (await staff.login(token) or login).locked
        assert await staff.reopen(login, "000000") is Screen.WRONG
        assert await staff.reopen(login, code(li, clock.at)) is Screen.OPEN
        login = await staff.login(token)
        assert login is not None
        assert not login.locked

    async def test_strangers_who_lock_the_door_keep_nobody_from_his_screen(
        self, staff: SqlStaff, li: Enrolled, clock: Clock
    ) -> None:
        """Five wrong log-ins from anywhere kept whoever was at work out of his own locked screen."""
        token = await staff.let_in("1207")
        for _ in range(6):
            assert await staff.log_in("1207", "guess", "000000") is None
        clock.at += IDLE + 1
        login = await staff.login(token)
        assert login is not None
        assert login.locked
        for _ in range(6):
            assert await staff.log_in("1207", "guess", "000000") is None
        assert await staff.reopen(login, code(li, clock.at)) is Screen.OPEN
        assert await staff.log_in("1207", li.password, code(li, clock.at + STEP)) is None  # the door is locked still

    async def test_the_fifth_wrong_code_ends_this_log_in_and_no_other(self, staff: SqlStaff, li: Enrolled) -> None:
        tokens = [await staff.let_in("1207") for _ in range(2)]
        one, other = [login for token in tokens if (login := await staff.login(token))]
        await staff.lock(one)
        found = await asyncio.gather(*(staff.reopen(one, "000000") for _ in range(64)))
        assert found == [Screen.WRONG] * 4 + [Screen.OVER] * 60
        assert await staff.reopen(one, code(li, START)) is Screen.OVER
        assert await staff.login(tokens[0]) is None
        await staff.lock(other)
        assert await staff.reopen(other, code(li, START)) is Screen.OPEN
        assert await staff.log_in("1207", li.password, code(li, START + STEP))  # nothing was counted at the door

    async def test_a_known_browser_has_a_door_of_its_own(self, staff: SqlStaff, li: Enrolled, clock: Clock) -> None:
        first = await staff.log_in("1207", li.password, code(li, clock.at))
        assert first
        for _ in range(6):
            assert await staff.log_in("1207", "guess", "000000") is None
        clock.at += STEP
        assert await staff.log_in("1207", li.password, code(li, clock.at)) is None
        assert await staff.log_in("1207", li.password, code(li, clock.at), "x" * 43) is None
        second = await staff.log_in("1207", li.password, code(li, clock.at), first.browser)
        assert second
        assert second.browser != first.browser
        clock.at += STEP
        assert await staff.log_in("1207", li.password, code(li, clock.at), first.browser) is None  # it was changed
        for _ in range(5):
            assert await staff.log_in("1207", "guess", "000000", second.browser) is None
        assert await staff.log_in("1207", li.password, code(li, clock.at), second.browser) is None
        clock.at += LOCK
        assert await staff.log_in("1207", li.password, code(li, clock.at), second.browser)

    async def test_a_browser_is_known_to_who_logged_in_there(self, staff: SqlStaff, li: Enrolled, clock: Clock) -> None:
        """A place of work is shared: what it holds is changed by whoever logs in, and is known to both."""
        other = await staff.add(Member("1208", "王珊"))
        mine = await staff.log_in("1207", li.password, code(li, clock.at))
        assert mine
        for _ in range(5):
            assert await staff.log_in("1208", "guess", "000000") is None
        assert await staff.log_in("1208", other.password, code(other, clock.at), mine.browser) is None
        clock.at += LOCK
        ours = await staff.log_in("1208", other.password, code(other, clock.at), mine.browser)
        assert ours
        for number in ("1207", "1208"):
            for _ in range(5):
                assert await staff.log_in(number, "guess", "000000") is None
        both = await staff.log_in("1207", li.password, code(li, clock.at), ours.browser)
        assert both
        assert await staff.log_in("1208", other.password, code(other, clock.at + STEP), both.browser)

    @pytest.mark.parametrize("what", ["reset_totp", "reset_password", "later"])
    async def test_a_browser_is_known_no_more(self, staff: SqlStaff, li: Enrolled, clock: Clock, what: str) -> None:
        opened = await staff.log_in("1207", li.password, code(li, clock.at))
        assert opened
        if what == "later":
            clock.at += KNOWN + 1
            who = li
        else:
            who = await getattr(staff, what)("1207")
        who = Enrolled("1207", who.password or li.password, who.totp or li.totp)
        clock.at += STEP
        for _ in range(5):
            assert await staff.log_in("1207", "guess", "000000") is None
        assert await staff.log_in("1207", who.password, code(who, clock.at), opened.browser) is None

    async def test_locked_by_hand(self, staff: SqlStaff, li: Enrolled) -> None:
        token = await staff.let_in("1207")
        login = await staff.login(token)
        assert login is not None
        await staff.lock(login)
        assert (await staff.login(token) or login).locked

    async def test_ten_hours_are_the_end(self, staff: SqlStaff, li: Enrolled, clock: Clock) -> None:
        token = await staff.let_in("1207")
        for _ in range(ABSOLUTE // (10 * 60_000)):
            clock.at += 10 * 60_000
            login = await staff.login(token)
            assert login is not None
            await staff.seen(login)
        clock.at += 1
        assert await staff.login(token) is None

    async def test_a_disabled_account_is_out_at_once(self, staff: SqlStaff, li: Enrolled) -> None:
        token = await staff.let_in("1207")
        await staff.disable("1207")
        assert await staff.login(token) is None
        assert await staff.log_in("1207", li.password, code(li, START)) is None
        with pytest.raises(ConfigError):
            await staff.let_in("1207")

    async def test_new_secrets_end_what_the_old_ones_opened(self, staff: SqlStaff, li: Enrolled) -> None:
        token = await staff.let_in("1207")
        fresh = await staff.reset_totp("1207")
        assert await staff.login(token) is None
        assert await staff.log_in("1207", li.password, code(li, START)) is None
        assert await staff.log_in("1207", li.password, code(fresh, START))
        other = await staff.reset_password("1207")
        assert await staff.log_in("1207", li.password, code(fresh, START + STEP)) is None
        assert await staff.log_in("1207", other.password, code(fresh, START + STEP))

    async def test_nothing_stored_lets_anybody_in(
        self, staff: SqlStaff, database: Database, li: Enrolled, url: str
    ) -> None:
        opened = await staff.log_in("1207", li.password, code(li, START))
        assert opened
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            rows = [*(await connection.execute(text("SELECT * FROM staff"))).all()]
            rows += (await connection.execute(text("SELECT * FROM logins"))).all()
            rows += (await connection.execute(text("SELECT * FROM browsers"))).all()
        assert len(rows) == 3
        await engine.dispose()
        stored = b"|".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)
        held = (opened.token.encode(), opened.browser.encode())
        for secret in (*held, li.password.encode(), li.totp.encode(), base64.b32decode(li.totp)):
            assert secret not in stored
        assert li.password not in repr(li)
        assert li.totp not in repr(li)

    async def test_the_address_is_one_that_apps_read(self, li: Enrolled) -> None:
        assert li.address("示例 移动") == (
            "otpauth://totp/%E7%A4%BA%E4%BE%8B%20%E7%A7%BB%E5%8A%A8%3A1207?secret=" + li.totp
            + "&issuer=%E7%A4%BA%E4%BE%8B%20%E7%A7%BB%E5%8A%A8"
        )  # fmt: skip
