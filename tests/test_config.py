"""bot.yaml: complete, checked as a whole, every error with its place and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from bot.config import Config, load
from bot.errors import ConfigError
from bot.gate import Limits
from bot.parts import loopback
from bot.paths import shipped
from bot.secret_files import ROOT, exposed
from bot.sections import LimitsPart

SHIPPED = shipped("bot.yaml").read_text("utf-8")


def loaded(folder: Path, text: str) -> Config:
    path = folder / "bot.yaml"
    path.write_text(text, "utf-8")
    return load(path)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        loaded(folder, text)
    return str(error.value)


def changed(old: str, new: str) -> str:
    assert SHIPPED.count(old) == 1, old
    return SHIPPED.replace(old, new)


def kept(path: Path, text: str) -> None:
    """A secret file as it should be."""
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")


def place(text: str, word: str) -> str:
    """Line and column of the first line that has `word` as its key."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith(word):
            return f"bot.yaml:{number}:{len(line) - len(line.lstrip()) + 1}: "
    raise AssertionError(word)


# --- the shipped file ------------------------------------------------------------------------------------------


def test_the_shipped_file_holds_the_defaults(config: Config) -> None:
    assert config.limits == LimitsPart()
    assert config.limits.as_limits() == Limits()
    assert (config.house, config.redis.partitions, config.ledger.url) == ("示例移动", 256, "sqlite:///ledger.sqlite")


def keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= keys(inner, f"{name}.")
        else:
            found.add(prefix + name)
    return found


def test_every_key_is_explained_in_the_shipped_file() -> None:
    """Set, or shown as a remark."""
    for name in keys(Config) - {"folder"}:
        assert re.search(rf"^\s*(#\s*)?{name.rpartition('.')[2]}:", SHIPPED, re.MULTILINE), name


def ceilings(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(key, the most that it may be)"""
    for name, about in model.model_fields.items():
        inner = about.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from ceilings(inner, f"{name}.")
        else:
            yield from ((f"{prefix}{name}", f"{most.le}") for most in about.metadata if hasattr(most, "le"))


@pytest.mark.parametrize(("name", "most"), [pair for pair in ceilings(Config) if pair[1] != "65535"])
def test_every_ceiling_stands_in_the_shipped_file(name: str, most: str) -> None:
    section, _, key = name.partition(".")
    below = SHIPPED.partition(f"\n{section}:")[2]
    line = re.search(rf"^  (?:# )?{key}:.*$", below, re.MULTILINE)
    assert line
    assert re.search(rf"(?<!\d){most}(?!\d)", line[0]), line[0]


def test_no_secret_and_no_foreign_address_is_in_it() -> None:
    assert not re.search(r"https?://(?!127\.0\.0\.1)[\w.]+\.(com|cn|net|org)\b", SHIPPED)
    given = re.findall(r"^\s*(?:secret|ids|pepper|k1):\s*(\S+)", SHIPPED, re.MULTILINE)
    assert given
    assert all(value.startswith("env:") for value in given)


# --- errors with their place -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "word", "says"),
    [
        (
            "  code_life: 180 ",
            "  code_lfe: 180 ",
            "code_lfe",
            "limits.code_lfe: unknown key, did you mean 'code_life'?",
        ),
        ("house: 示", "huose: 示", "huose", "huose: unknown key, did you mean 'house'?"),
        (
            "  partitions: 256 ",
            "  zzz: 1 ",
            "zzz",
            "redis.zzz: unknown key; known are url, password, partitions, instance",
        ),
        ("  code_life: 180 ", "  code_life: 601 ", "code_life", "limits.code_life: "),
        ("  code_digits: 6 ", "  code_digits: 5 ", "code_digits", "limits.code_digits: "),
        ("  code_tries: 3 ", "  code_tries: 6 ", "code_tries", "limits.code_tries: "),
        ("  idle: 300 ", "  idle: soon ", "idle", "limits.idle: "),
        ("  wrong_codes: 10 ", "  wrong_codes: 101 ", "wrong_codes", "limits.wrong_codes: "),
        (
            "attach: component ",
            "attach: componant ",
            "attach",
            "must be one of component, client, did you mean 'component'?",
        ),
        ("  secret: env:HALLBOT_XMPP_SECRET ", "  secret: hunter22 ", "secret", "never in this file"),
        ("  domains: [im.localhost] ", "  domains: [] ", "domains", "xmpp.domains: "),
        ("  partitions: 256 ", "  partitions: 257 ", "partitions", "redis.partitions: "),
        ("  current: k1 ", "  current: k9 ", "current", "secrets.current: 'k9' is not one of sealing: k1"),
        ("  kind: http ", "  kind: smpp ", "kind: smpp", "sms.kind: smpp needs host, system_id and password"),
        (
            "  domains: [im.localhost] ",
            "  domains: [im.localhost, a@b] ",
            "domains",
            "xmpp.domains.1: 'a@b' is no domain",
        ),
        (
            "  bot: 10086@hall.im.localhost ",
            "  bot: 10086@elsewhere ",
            "bot: 10086@e",
            "xmpp.bot: must be an address of",
        ),
        ("  instance: hall-1 ", "  instance: hall 1 ", "instance", "redis.instance: "),
        ("  max_wait: 600 ", "  max_wait: 100 ", "max_wait", "desk.max_wait: max_wait is more than patience"),
        ("role: leader, cap", "role: leader, skills: [x], cap", '"1299"', "desk.staff.1299.skills: 1299 has a skill"),
        ("  mzone:\n    - bill.query", "  mzone:\n    - moneyy: [bill.query]", "- moneyy", "did you mean 'money'?"),
        ("  port: 5347 ", "  port: 70000 ", "port", "xmpp.port: "),
        ("  priority: 10 ", "  priority: 200 ", "priority", "xmpp.priority: "),
        ("  mzone:", "  mzon:", "mzon", "menus.mzon"),
    ],
)
def test_an_error_says_where_and_what_was_meant(old: str, new: str, word: str, says: str, tmp_path: Path) -> None:
    text = changed(old, new)
    line = next(line for line in refused(tmp_path, text).split("\n") if says in line)
    where = place(text, word)  # of a value in a list or mapping on one line, the line
    assert line.startswith(where if word[0].isalpha() and word != "domains" else where.rsplit(":", 2)[0])


def test_a_secret_in_the_file_is_not_repeated_in_the_error(tmp_path: Path) -> None:
    text = changed("  secret: env:HALLBOT_XMPP_SECRET ", "  secret: hunter22hunter22 ")
    assert "hunter22" not in refused(tmp_path, text)


def test_every_error_is_told_at_once(tmp_path: Path) -> None:
    text = changed("  code_life: 180 ", "  code_life: 9999 ").replace("  code_digits: 6 ", "  code_digits: 1 ")
    assert len(refused(tmp_path, text).split("\n")) == 2


def test_something_that_is_missing(tmp_path: Path) -> None:
    assert "bot.yaml:1:1: xmpp: is missing" in refused(tmp_path, "house: x\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "bot.yaml:1:1: the file must be a mapping"),
        ("- a\n", "the file must be a mapping"),
        ("house: [\n", "bot.yaml:2:1: "),
        ("house: a\n\tb: c\n", "bot.yaml:2:1: "),
        ("a: &x [*x]\nhouse: b\n", "unknown key"),
        ("1: a\n", "keys must be words"),
        ("folder: /tmp\n", "unknown key 'folder'"),
        ("house: !!python/object/apply:os.system ['true']\n", "could not determine a constructor"),
    ],
)
def test_what_is_no_bot_yaml(text: str, says: str, tmp_path: Path) -> None:
    assert says in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("holidays: []", "holidays: [2027-13-45]", ":14: '2027-13-45': month must be in 1..12"),
        ("extra: {}", "extra: {2027-02-30: 9:00-17:00}", ":11: '2027-02-30': day is out of range for month"),
        ("port: 5347 ", f"port: {'9' * 5000} ", "Exceeds the limit"),
        ("url: redis://127.0.0.1:6379/0", "url: http://127.0.0.1", "redis.url: must begin with redis://"),
        ("url: redis://127.0.0.1:6379/0", "url: redis://[::1", "redis.url: Invalid IPv6 URL"),
        ("url: sqlite:///ledger.sqlite", "url: mysql://x", "ledger.url: must begin with sqlite:///"),
        ('  origin: "" ', '  origin: "http://[" ', "console.origin: Invalid IPv6 URL"),
        ('  origin: "" ', "  origin: desk.example ", "console.origin: must be as browsers name it"),
        ("  jid: hall.im.localhost", "  jid: a@@b", "jid: must be a domain"),
        ("  bot: 10086@hall.im.localhost", "  bot: hall", "bot: must be an address"),
        ("jid: gh1208@im.localhost", "jid: GH1207@im.localhost/pc", "1208 has the jid of 1207"),
        ("jid: gh1208@im.localhost", "jid: im.localhost", "must be the address of an account"),
        ("house: 示例移动 ", f"house: {'[' * 3000}{']' * 3000} ", "house: "),
    ],
)
def test_what_ended_in_a_traceback_or_only_at_the_start(old: str, new: str, says: str, tmp_path: Path) -> None:
    error = refused(tmp_path, changed(old, new))
    assert says in error
    assert all(line.startswith("bot.yaml:") for line in error.splitlines())


def test_a_secret_that_is_no_text_is_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(b"geheim\xff")
    with pytest.raises(ConfigError, match="the secret file:raw cannot be read: it is not UTF-8") as error:
        loaded(tmp_path, SHIPPED).secret("file:raw")
    assert error.value.__suppress_context__


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml cannot be read: No such file"):
        load(tmp_path / "none.yaml")
    (tmp_path / "bot.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        load(tmp_path / "bot.yaml")


# --- plain text only on this machine ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("localhost", True),
        ("im.localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("evillocalhost", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("", False),
    ],
)
def test_loopback(host: str, here: bool) -> None:
    assert loopback(host) is here


@pytest.mark.parametrize(
    "base",
    [
        "http://operator.example/api",
        "http://127.0.0.1.evil.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "operator",
        "http://",
    ],
)
def test_plain_http_leaves_this_machine_never(base: str, tmp_path: Path) -> None:
    text = SHIPPED.replace("  base: http://127.0.0.1:8080   #", f"  base: {base}   #", 1)
    assert text != SHIPPED
    assert "operator.base: " in refused(tmp_path, text)


def test_a_client_without_tls_stays_on_this_machine(tmp_path: Path) -> None:
    text = changed("attach: component ", "attach: client ").replace("  tls: starttls ", "  tls: none ")
    text = text.replace("  jid: hall.im", "  jid: hall@im").replace("  bot: 10086@hall.im.localhost", '  bot: ""')
    assert loaded(tmp_path, text).xmpp.tls == "none"
    assert "loopback only" in refused(tmp_path, text.replace("  host: 127.0.0.1  ", "  host: chat.example  ", 1))


# --- menus, secrets --------------------------------------------------------------------------------------------


def test_menus_have_one_to_twelve_entries_for_every_brand(tmp_path: Path) -> None:
    data = yaml.safe_load(SHIPPED)
    for names in ([], ["help"] * 13):
        text = yaml.safe_dump(data | {"common_menu": names}, allow_unicode=True)
        assert "common needs 1 to 12 entries" in refused(tmp_path, text)
    brands = {name: menu for name, menu in data["menus"].items() if name != "mzone"}
    assert "mzone is missing" in refused(tmp_path, yaml.safe_dump(data | {"menus": brands}, allow_unicode=True))


def test_secrets_come_from_environment_or_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = loaded(tmp_path, SHIPPED)
    monkeypatch.setenv("HALLBOT_TEST_SECRET", "from the environment")
    kept(tmp_path / "secret", " from a file\n")
    kept(tmp_path / "empty", "\n")
    assert config.secret("env:HALLBOT_TEST_SECRET").get_secret_value() == "from the environment"
    assert config.secret("file:secret").get_secret_value() == "from a file"
    assert "from" not in repr(config.secret("file:secret"))
    for reference in ("env:HALLBOT_TEST_NONE", "file:none", "file:empty"):
        with pytest.raises(ConfigError, match=reference):
            config.secret(reference)


def test_a_key_is_32_bytes_in_hexadecimal(tmp_path: Path) -> None:
    config = loaded(tmp_path, SHIPPED)
    for name, text in (("good", "ab" * 32), ("short", "ab" * 31), ("words", "not hexadecimal at all")):
        kept(tmp_path / name, text)
    assert config.key("file:good") == b"\xab" * 32
    with pytest.raises(ConfigError, match="shorter than 32 bytes"):
        config.key("file:short")
    with pytest.raises(ConfigError, match="hexadecimal digits") as error:
        config.key("file:words")
    assert "not hexadecimal" not in str(error.value)


def test_what_is_missing_is_told_before_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XMPP_SECRET", "KEY_IDS", "KEY_PEPPER", "KEY_SEALING"):
        monkeypatch.delenv(f"HALLBOT_{name}", raising=False)
    config = loaded(tmp_path, SHIPPED)
    assert len(config.missing_secrets()) == 4
    monkeypatch.setenv("HALLBOT_XMPP_SECRET", "s" * 20)
    for name in ("KEY_IDS", "KEY_PEPPER", "KEY_SEALING"):
        monkeypatch.setenv(f"HALLBOT_{name}", "ab" * 32)
    assert config.missing_secrets() == []
    monkeypatch.setenv("HALLBOT_KEY_PEPPER", "ab")
    assert [(str(one), one.at) for one in config.missing_secrets()] == [
        ("the key env:HALLBOT_KEY_PEPPER is shorter than 32 bytes", ("secrets", "pepper"))
    ]


@pytest.mark.parametrize(
    ("mode", "owner", "found"),
    [
        (0o600, 1000, False),
        (0o400, 1000, False),
        (0o600, ROOT, False),
        (0o640, 1000, True),  # its owner is the service or a person: nobody else needs it
        (0o644, 1000, True),
        (0o444, 1000, True),
        (0o640, ROOT, False),  # root:hallbot
        (0o440, ROOT, False),  # systemd, Kubernetes with fsGroup
        (0o444, ROOT, False),  # Docker, Podman
        (0o644, ROOT, True),
        (0o660, ROOT, True),
        (0o604, ROOT, True),
        (0o602, ROOT, True),
    ],
)
def test_who_else_can_read_a_secret(mode: int, owner: int, found: bool) -> None:
    assert exposed(0o100000 | mode, owner) is found


def test_a_secret_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """bot.yaml promised mode 0600, and nothing looked."""
    kept(tmp_path / "secret", "geheim")
    (tmp_path / "secret").chmod(0o644)
    with pytest.raises(ConfigError) as error:
        loaded(tmp_path, SHIPPED).secret("file:secret")
    said = "the secret file:secret can be read by others than its owner (mode 0644): chmod 600"
    assert str(error.value) == said
    text = changed("  exposed: refuse ", "  exposed: warn ").replace("env:HALLBOT_XMPP_SECRET", "file:secret")
    config = loaded(tmp_path, text)
    assert config.secret("file:secret").get_secret_value() == "geheim"
    assert config.exposed_secrets() == [said]


@pytest.mark.parametrize(
    ("desk", "console", "on"),
    [
        ({}, {}, False),
        ({"staff": {"1207": {"name": "王芳"}}}, {}, True),
        ({}, {"port": 8471}, True),
        ({"domain": "desk.im.localhost", "secret": "env:X"}, {}, True),
    ],
)
def test_accounts_of_the_database_are_a_desk(
    desk: dict[str, object], console: dict[str, object], on: bool, tmp_path: Path
) -> None:
    """With nobody in bot.yaml the web desk let staff in, and the bots made a ticket of every 人工."""
    data = yaml.safe_load(SHIPPED) | {"desk": desk, "console": console}
    assert loaded(tmp_path, yaml.safe_dump(data, allow_unicode=True)).desk_on is on


def test_limits_are_seconds_in_the_file_and_milliseconds_inside(tmp_path: Path) -> None:
    text = changed("  idle: 300 ", "  idle: 60 ").replace("  code_sends: 3 ", "  code_sends: 2 ")
    limits = loaded(tmp_path, text).limits.as_limits()
    assert (limits.idle, limits.sends, limits.life) == (60_000, 2, 180_000)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("kind: camara", "kind: camara needs base"),
        ("kind: smpp", "kind: smpp needs host, system_id and password"),
        ("kind: smtp", "must be one of http, smpp, camara, handset, did you mean 'smpp'?"),
    ],
)
def test_a_gateway_needs_its_own_keys(kind: str, said: str, tmp_path: Path) -> None:
    data = yaml.safe_load(shipped("bot.yaml").read_text("utf-8")) | {"sms": yaml.safe_load(kind)}
    assert said in refused(tmp_path, yaml.safe_dump(data, allow_unicode=True))
