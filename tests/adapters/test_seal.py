"""Sealing: opens what it sealed, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.adapters.seal import AT_ONCE, NONCE, AesSeal, Nonces, Unsealable
from bot.errors import ConfigError

OLD, NEW = b"o" * 32, b"n" * 32
NOVEMBER, DECEMBER = 1_795_500_000.0, 1_797_500_000.0
ABOUT = "{c17}:s:17-abc:session"


def seal(at: float = NOVEMBER) -> AesSeal:
    return AesSeal({"old": OLD, "new": NEW}, "new", clock=lambda: at)


def test_what_was_sealed_opens() -> None:
    for clear in (b"", b"123456", "验证码".encode() * 500):
        assert seal().open(seal().seal(clear, ABOUT), ABOUT) == clear


def test_nothing_of_it_can_be_read() -> None:
    sealed = seal().seal(b"the secret is 123456", ABOUT)
    assert b"123456" not in sealed
    assert sealed != seal().seal(b"the secret is 123456", ABOUT)


@pytest.mark.parametrize("about", ["{c17}:s:17-abd:session", "{c18}:s:17-abc:session", "{c17}:s:17-abc:reply", ""])
def test_it_opens_only_where_it_was_put(about: str) -> None:
    sealed = seal().seal(b"x", ABOUT)
    with pytest.raises(Unsealable):
        seal().open(sealed, about)


def test_every_changed_byte_breaks_it() -> None:
    sealed = seal().seal(b"123456", ABOUT)
    for i in range(len(sealed)):
        broken = bytearray(sealed)
        broken[i] ^= 1
        with pytest.raises(Unsealable) as raised:
            seal().open(bytes(broken), ABOUT)
        assert "123456" not in str(raised.value)


def test_a_piece_of_it_does_not_open() -> None:
    sealed = seal().seal(b"123456", ABOUT)
    for length in range(len(sealed)):
        with pytest.raises(Unsealable):
            seal().open(sealed[:length], ABOUT)


def test_older_keys_still_open_and_unknown_ones_do_not() -> None:
    before = AesSeal({"old": OLD}, "old").seal(b"x", ABOUT)
    assert seal().open(before, ABOUT) == b"x"
    with pytest.raises(Unsealable):
        AesSeal({"old": OLD}, "old").open(seal().seal(b"x", ABOUT), ABOUT)


def test_the_current_key_seals() -> None:
    assert seal().seal(b"x", ABOUT)[:5] == b"\x01\x03new"


def test_another_month_has_another_key_and_opens_the_former() -> None:
    november, december = seal().seal(b"x", ABOUT), seal(DECEMBER).seal(b"x", ABOUT)
    assert november[5:7] != december[5:7]
    assert seal(DECEMBER).open(november, ABOUT) == b"x"


def test_the_month_changes_while_it_runs() -> None:
    now = NOVEMBER
    running = AesSeal({"new": NEW}, "new", clock=lambda: now)
    november = running.seal(b"x", ABOUT)
    now = DECEMBER
    assert running.seal(b"x", ABOUT)[5:7] != november[5:7]


def test_no_nonce_comes_twice() -> None:
    nonces = Nonces()
    drawn = [nonces.next() for _ in range(5 * AT_ONCE)]
    assert {len(nonce) for nonce in drawn} == {NONCE}
    assert len(set(drawn)) == len(drawn)


FORK = """
import os
from bot.adapters.seal import Nonces
nonces = Nonces()
nonces.next()
child = os.fork()
os.write(1, nonces.next().hex().encode() + b" ")
if child:
    os.waitpid(child, 0)
"""


def test_a_forked_process_draws_nonces_of_its_own() -> None:
    run = subprocess.run([sys.executable, "-c", FORK], capture_output=True, timeout=60, check=True)
    one, other = run.stdout.split()
    assert one != other


@pytest.mark.parametrize(("keys", "current"), [({"a": OLD}, "b"), ({"a": b"short"}, "a"), ({"": OLD}, "")])
def test_keys_that_cannot_be_used_are_refused(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(ConfigError) as raised:
        AesSeal(keys, current)
    assert "short" not in str(raised.value).replace("shorter", "")


def test_no_key_in_its_repr() -> None:
    assert repr(seal()) == "AesSeal(2 keys)"
