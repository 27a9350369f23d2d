"""`hallbot check` finds what a start would refuse, and says where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.check import check
from bot.errors import ConfigError
from bot.paths import shipped

SHIPPED = shipped("bot.yaml").read_text("utf-8")
SECRETS = {"XMPP_SECRET": "s" * 20, "KEY_IDS": "11" * 32, "KEY_PEPPER": "22" * 32, "KEY_SEALING": "33" * 32}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"HALLBOT_{name}", value)


def refused(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """Every change is told; the text that was changed stands alone in its line."""
    text = SHIPPED
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "bot.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as error:
        check(path)
    return str(error.value).split("\n")


def line_of(old: str) -> int:
    return SHIPPED[: SHIPPED.index(old)].count("\n") + 1


def test_the_shipped_file_is_fit_for_a_start() -> None:
    found = check(shipped("bot.yaml"))
    assert (found.brands, found.warnings) == (4, ())


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        (
            "balance.query, payment.topup",
            "balance.qery, payment.topup",
            ":15",
            "menus.gotone: there is no intent 'balance.qery', did you mean 'balance.query'?",
        ),
        ("  paths: {} ", "  paths: {paymnt: /x} ", ":11", "operator.paths: unknown paymnt; known are product, "),
        ("  paths: {} ", "  paths: {payment: x} ", ":11", "operator.paths: payment must start with /"),
        ("  traits: {} ", "  traits: {brnad: x} ", ":12", "operator.traits: unknown brnad; known are brand, "),
        ("  dialect: tmf ", "  dialect: tmg ", ":3", "operator.dialect: there is no 'tmg', did you mean 'tmf'?"),
        ("  # token: env:HALLBOT_SMS_TOKEN ", "  token: env:NONE_SUCH ", ":3", "the secret env:NONE_SUCH is empty"),
        ("  host: 127.0.0.1               # loopback only", "  host: 10.0.0.1 # loopback only", ":3", "console.host: "),
        ("# wording: words ", "wording: wrods ", ":1", "wording: there is no folder 'wrods'"),
        ('  certificate: "" ', "  certificate: no.pem ", ":3", "console.certificate: a certificate needs its key"),
    ],
)
def test_what_only_the_start_refused_has_its_place(old: str, new: str, place: str, says: str, tmp_path: Path) -> None:
    changes = [(old, new)]
    if says.startswith("console"):
        changes.append(("  port: 0                       # 0 = off\n", "  port: 8471\n"))
    told = refused(tmp_path, *changes)
    where = line_of(old)
    assert [line for line in told if line.startswith(f"bot.yaml:{where}{place}: {says}")], told


def test_everything_is_told_together_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HALLBOT_XMPP_SECRET")
    told = refused(
        tmp_path,
        ("  paths: {} ", "  paths: {paymnt: /x} "),
        ("balance.query, payment.topup", "balance.qery, payment.topup"),
        ("- handoff\n  mzone", "- handof\n  mzone"),
    )
    assert len(told) == 4
    assert all(line.startswith("bot.yaml:") for line in told)
