"""`hallbot staff` as an administrator types it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.admin import records_of
from tests.support.valkey import Valkey, valkey
from tests.test_cli import ROOT, SECRETS, hallbot


@pytest.fixture
def redis() -> Iterator[Valkey]:
    with valkey() as server:
        yield server


async def staff(folder: Path, *words: str) -> tuple[int, str, str]:
    shutil.copy(ROOT / "bot.yaml", folder / "bot.yaml")
    return await hallbot("staff", *words, "--config", str(folder / "bot.yaml"), **SECRETS)


async def test_an_account_from_its_opening_to_its_end(tmp_path: Path) -> None:
    code, out, err = await staff(tmp_path, "add", "1207", "--name", "李娜", "--role", "agent", "--role", "leader")
    assert code == 0, err
    assert re.search(r"password [a-z2-9]{14}\n", out)
    assert re.search(r"TOTP [A-Z2-7]{32}\n", out)
    assert "█" in out  # the QR code
    code, listed, _ = await staff(tmp_path, "list")
    assert code == 0
    assert re.search(r"1207 +李娜 +agent leader +all +5 +open", listed)
    assert (await staff(tmp_path, "role", "1207", "admin", "--skill", "bill"))[0] == 0
    assert re.search(r"1207 +李娜 +admin +bill +5", (await staff(tmp_path, "list"))[1])
    assert "TOTP" in (await staff(tmp_path, "reset-totp", "1207"))[1]
    assert "password" in (await staff(tmp_path, "reset-password", "1207"))[1]
    assert (await staff(tmp_path, "disable", "1207"))[0] == 0
    assert "closed" in (await staff(tmp_path, "list"))[1]


async def test_the_jid_of_a_colleague_is_given_to_nobody_else(tmp_path: Path) -> None:
    code, _, err = await staff(tmp_path, "add", "3001", "--name", "李娜", "--jid", "GH1207@im.localhost")
    assert (code, "is 1207's in bot.yaml" in err) == (2, True), err
    code, _, err = await staff(tmp_path, "add", "1207", "--name", "王芳", "--jid", "GH1207@im.localhost")
    assert code == 0, err


async def test_a_person_is_shown_what_is_kept_and_can_have_it_forgotten(tmp_path: Path, redis: Valkey) -> None:
    text = (ROOT / "bot.yaml").read_text("utf-8")
    (tmp_path / "bot.yaml").write_text(re.sub(r"redis://[^ \n]+", redis.url, text), "utf-8")
    place = ("13800138001", "--config", str(tmp_path / "bot.yaml"))
    code, out, err = await hallbot("export", *place, **SECRETS)
    assert code == 0, err
    assert json.loads(out)["said"] == []
    code, out, _ = await hallbot("mine", "--suggested", *place[1:], **SECRETS)
    assert (code, out) == (0, "")
    assert (await hallbot("mine"))[0] == 2
    code, out, _ = await hallbot("erase", *place, typed="n\n", **SECRETS)
    assert code == 1
    code, out, _ = await hallbot("erase", *place, "--yes", **SECRETS)
    assert code == 0
    assert "said: 0" in out
    code, out, _ = await hallbot("export", *place, **SECRETS)
    assert [one["what"] for one in json.loads(out)["read_by"]] == ["export", "erase", "export"]


async def test_who_read_what_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    await staff(tmp_path, "add", "1299", "--name", "赵敏", "--role", "leader")
    async with records_of(tmp_path / "bot.yaml") as records:
        await records.history.audit("1299", "监", "7", "质检抽查")
        await records.history.audit("1207", "read", "8")
    code, out, err = await staff(tmp_path, "audit")
    assert code == 0, err
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d +1299 +watched +7 +质检抽查", out)
    assert re.search(r"1207 +read +8", out)
    _, out, _ = await staff(tmp_path, "audit", "--session", "7")
    assert "1207" not in out
    _, out, _ = await staff(tmp_path, "audit", "--by", "1207")
    assert "1299" not in out


async def test_without_redis_nothing_is_shown_as_if_it_were_all(tmp_path: Path) -> None:
    text = (ROOT / "bot.yaml").read_text("utf-8")
    (tmp_path / "bot.yaml").write_text(re.sub(r"redis://[^ \n]+", f"unix://{tmp_path}/none.sock", text), "utf-8")
    for words in (["export"], ["erase", "--yes"]):
        code, out, err = await hallbot(*words, "13800138001", "--config", str(tmp_path / "bot.yaml"), **SECRETS)
        assert (code, out) == (2, "")
        assert "redis" in err.lower()
        assert len(err.splitlines()) == 1


async def test_what_cannot_be_meant_is_one_sentence(tmp_path: Path) -> None:
    for words in (["disable", "1207"], ["add", "x", "--name", "李"], ["role", "1207", "agent"], ["reset-totp", "1"]):
        code, _, err = await staff(tmp_path, *words)
        assert code == 2
        assert err.startswith("hallbot: ")
        assert len(err.splitlines()) == 1


async def test_what_is_no_number_is_not_forgotten(tmp_path: Path) -> None:
    """`erase` of a number with a digit too few answered "said: 0", as if there were nothing."""
    shutil.copy(ROOT / "bot.yaml", tmp_path / "bot.yaml")
    place = ("--config", str(tmp_path / "bot.yaml"))
    for words in (["erase", "1380013800", "--yes"], ["export", "abc"]):
        code, out, err = await hallbot(*words, *place, **SECRETS)
        assert (code, out) == (2, "")
        assert "is no subscriber number" in err
