"""bot.yaml → frozen Config, and the secrets that it points to.

Secrets are never written into bot.yaml: a secret is `env:NAME` or `file:PATH` (relative to bot.yaml).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from rapidfuzz import process

from bot.desk.settings import DeskPart
from bot.errors import ConfigError, Keys, WrongSetting
from bot.model import Brand
from bot.parts import Part, loopback
from bot.secret_files import read as read_secret
from bot.sections import (
    ConsolePart,
    EnglishPart,
    Entry,
    KeepPart,
    LedgerPart,
    LimitsPart,
    OperatorPart,
    PushPart,
    RedisPart,
    Secrets,
    SmsPart,
    Title,
    WebPart,
    Xmpp,
)
from bot.yaml_file import explained, read


class Config(Part):
    house: str = "示例移动"
    office: str = "工作日9:00至18:00"
    hotline: str = Field("10086", max_length=20)
    language: Literal["zh", "en"] = "zh"
    english: EnglishPart = EnglishPart()
    binding: Literal["localpart", "directory", "sms"] = "localpart"
    xmpp: Xmpp
    redis: RedisPart = RedisPart()
    operator: OperatorPart
    sms: SmsPart
    ledger: LedgerPart = LedgerPart()
    keep: KeepPart = KeepPart()
    web: WebPart = WebPart()
    push: PushPart = PushPart()
    desk: DeskPart = DeskPart()
    console: ConsolePart = ConsolePart()
    secrets: Secrets
    limits: LimitsPart = LimitsPart()
    counters: Mapping[str, Title] = {}
    menus: Mapping[Literal["gotone", "mzone", "easyown", "group"], tuple[Entry, ...]]
    common_menu: tuple[Entry, ...]
    wording: str = ""
    folder: Path = Path()

    @model_validator(mode="after")
    def _desk_needs_a_component(self) -> Config:
        if self.desk.domain and self.xmpp.attach != "component":
            said = "staff are contacts of a component; with attach: client use the web desk"
            raise WrongSetting(said, "desk", "domain")
        return self

    @model_validator(mode="after")
    def _menus_fit(self) -> Config:
        for brand in Brand:
            if brand.value not in self.menus:
                raise WrongSetting(f"{brand.value} is missing", "menus")
        for name, at, entries in self.every_menu():
            if not 1 <= len(entries) <= 12:
                raise WrongSetting(f"{name} needs 1 to 12 entries", *at)
            for n, entry in enumerate(entries):
                if not isinstance(entry, str):
                    self._counters_fit(name, (*at, n), entry)
        return self

    def _counters_fit(self, name: str, at: Keys, entry: Mapping[str, tuple[str, ...]]) -> None:
        for key, inside in entry.items():
            if key not in self.counters:
                near = process.extractOne(key, list(self.counters), score_cutoff=60)
                meant = f", did you mean {near[0]!r}?" if near else ""
                raise WrongSetting(f"{name} names a counter {key!r} that counters does not have{meant}", *at, key)
            if not 1 <= len(inside) <= 12:
                raise WrongSetting(f"{name}.{key} needs 1 to 12 entries", *at, key)

    def every_menu(self) -> list[tuple[str, Keys, tuple[Entry, ...]]]:
        """(whose it is, where it stands, what is in it)"""
        by_brand: list[tuple[str, Keys, tuple[Entry, ...]]] = [
            (brand, ("menus", brand), entries) for brand, entries in self.menus.items()
        ]
        return [*by_brand, ("common", ("common_menu",), self.common_menu)]

    @property
    def wording_folder(self) -> Path | None:
        return self.folder / self.wording if self.wording else None

    @property
    def desk_on(self) -> bool:
        """Can there be staff? Named here, or in the database, whom a page or the chat server lets in."""
        return bool(self.desk.staff or self.desk.domain or self.console.port)

    @property
    def public(self) -> str:
        """Where others reach this process, "" where nobody does. On loopback host and port are address enough."""
        web = self.web
        here = f"http://{web.host}:{web.port}" if loopback(web.host) else ""
        return (web.public or here) if web.port else ""

    def secret(self, reference: str) -> SecretStr:
        """The value behind env:NAME or file:PATH. ConfigError when it is missing, empty, or open to others."""
        value, complaint = self._read(reference)
        if complaint and self.secrets.exposed == "refuse":
            raise ConfigError(complaint)
        if not value:
            raise ConfigError(f"the secret {reference} is empty; set it before starting")
        return SecretStr(value)

    def _read(self, reference: str) -> tuple[str, str]:
        """The value, and a sentence when it lies in a file that others can read."""
        kind, _, name = reference.partition(":")
        return (os.environ.get(name, ""), "") if kind == "env" else read_secret(self.folder / name, reference)

    @property
    def _keys(self) -> tuple[str, ...]:
        return (self.secrets.ids, self.secrets.pepper, *self.secrets.sealing.values())

    def _references(self) -> dict[str, Keys]:
        """Every secret that this deployment needs, keys last, and where it is named."""
        named: list[tuple[str | None, Keys]] = [
            (self.xmpp.secret, ("xmpp", "secret")),
            (self.desk.secret if self.desk.domain else None, ("desk", "secret")),
            (self.redis.password, ("redis", "password")),
            (self.operator.token, ("operator", "token")),
            (self.sms.token, ("sms", "token")),
            (self.sms.password, ("sms", "password")),
            (self.console.demo, ("console", "demo")),
            (self.console.key_file, ("console", "key")),
            (self.secrets.ids, ("secrets", "ids")),
            (self.secrets.pepper, ("secrets", "pepper")),
            *((key, ("secrets", "sealing", name)) for name, key in self.secrets.sealing.items()),
        ]
        found: dict[str, Keys] = {}
        for reference, at in named:
            if reference:
                found.setdefault(reference, at)
        return found

    def exposed_secrets(self) -> list[str]:
        """A sentence for every secret in a file that others can read, also for those that `exposed: warn` lets pass."""
        found: list[str] = []
        for reference in self._references():
            with suppress(ConfigError):  # one that cannot be read here is another process' or told by who needs it
                found.append(self._read(reference)[1])
        return list(filter(None, found))

    def missing_secrets(self) -> list[ConfigError]:
        """One for every secret that is not there yet, or not fit for use."""
        found: list[ConfigError] = []
        for reference, at in self._references().items():
            try:
                self.key(reference) if reference in self._keys else self.secret(reference)
            except ConfigError as error:
                found.append(ConfigError(str(error), at))
        return found

    def key(self, reference: str) -> bytes:
        """A key of ≥ 32 bytes, written as hexadecimal digits."""
        try:
            key = bytes.fromhex(self.secret(reference).get_secret_value())
        except ValueError as error:
            raise ConfigError(f"the key {reference} must be hexadecimal digits") from error
        if len(key) < 32:
            raise ConfigError(f"the key {reference} is shorter than 32 bytes")
        return key


def load(path: Path) -> Config:
    """Read and validate; ConfigError with every error, one a line, as `bot.yaml:12:3: …`."""
    text, data = read(path)
    if "folder" in data:
        raise ConfigError(f"{path.name}:1:1: unknown key 'folder'")
    try:
        return Config(**data, folder=path.resolve().parent)
    except ValidationError as error:
        raise explained(path, text, error, Config) from None
    except TypeError as error:
        raise ConfigError(f"{path.name}:1:1: keys must be words") from error
