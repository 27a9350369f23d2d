"""bot.yaml → frozen Config; every error at once with file:line:column and "did you mean".

Secrets are never written into bot.yaml: a secret is `env:NAME` or `file:PATH` (relative to bot.yaml).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from rapidfuzz import process
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from bot.errors import ConfigError
from bot.gate import MINUTE, SECOND, Limits
from bot.model import Brand


def loopback(host: str) -> bool:
    """This machine, and nothing that only begins like it (127.example.net, localhost.example.net)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _reference(text: str) -> str:
    if not re.fullmatch(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)", text):
        raise ValueError("a secret is given as env:NAME or file:PATH, never in this file")
    return text


def _safe_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "http" and not loopback(parts.hostname or ""):
        raise ValueError("use https: plain http is for loopback only")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("give a whole address such as https://operator.example/api")
    return text.rstrip("/")


Reference = Annotated[str, AfterValidator(_reference)]
Url = Annotated[str, AfterValidator(_safe_url)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Xmpp(Part):
    attach: Literal["component", "client"] = "component"
    host: str = "127.0.0.1"
    port: int = Field(5347, ge=1, le=65535)
    jid: str
    bot: str = ""
    secret: Reference
    domains: tuple[str, ...] = Field(min_length=1)
    resource: str = "hall"
    tls: Literal["starttls", "none"] = "starttls"
    ca: str = ""
    typing: bool = True
    receipts: bool = True

    @model_validator(mode="after")
    def _plain_only_here(self) -> Xmpp:
        if self.attach == "client" and self.tls == "none" and not loopback(self.host):
            raise ValueError("tls: none is for loopback only")
        return self


class RedisPart(Part):
    url: str = "redis://127.0.0.1:6379/0"
    password: Reference | None = None
    partitions: int = Field(256, ge=1, le=256)
    instance: str = "hall-1"


class OperatorPart(Part):
    base: Url
    token: Reference | None = None
    number_filter: str = "productSerialNumber"
    paths: Mapping[str, str] = {}
    traits: Mapping[str, str] = {}
    kinds: Mapping[str, str] = {}
    brands: Mapping[str, Brand] = {}
    words: Mapping[str, str] = {}
    cache_seconds: float = Field(30, ge=0, le=300)
    timeout: float = Field(10, ge=0.2, le=10)  # what was sent and not answered is sent again no sooner than 12 s later


class SmsPart(Part):
    kind: Literal["http"] = "http"
    base: Url
    token: Reference | None = None


class LedgerPart(Part):
    url: str = "sqlite:///ledger.sqlite"


class WebPart(Part):
    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535)


class Secrets(Part):
    ids: Reference
    pepper: Reference
    sealing: Mapping[str, Reference] = Field(min_length=1)
    current: str

    @model_validator(mode="after")
    def _current_is_there(self) -> Secrets:
        if self.current not in self.sealing:
            raise ValueError(f"current: {self.current!r} is not one of sealing: {', '.join(self.sealing)}")
        return self


class LimitsPart(Part):
    """Seconds and counts. The ceilings are those of security.md; above them the bot refuses to start."""

    code_digits: int = Field(6, ge=6, le=10)
    code_life: int = Field(180, ge=30, le=600)
    code_tries: int = Field(3, ge=1, le=5)
    code_sends: int = Field(3, ge=1, le=5)
    sms_cooldown: int = Field(60, ge=1, le=3600)
    sms_hour: int = Field(5, ge=1, le=60)
    sms_day: int = Field(10, ge=1, le=200)
    idle: int = Field(300, ge=30, le=1800)
    absolute: int = Field(1800, ge=60, le=7200)
    unconfirmed: int = Field(600, ge=60, le=3600)
    menu: int = Field(600, ge=60, le=3600)
    password_digits: int = Field(6, ge=6, le=12)
    burst: int = Field(10, ge=1, le=1000)
    per_second: float = Field(1.0, gt=0, le=1000)
    wrong_codes: int = Field(10, ge=3, le=100)

    def as_limits(self) -> Limits:
        return Limits(
            digits=self.code_digits,
            life=self.code_life * SECOND,
            tries=self.code_tries,
            sends=self.code_sends,
            cooldown=self.sms_cooldown * SECOND,
            idle=self.idle * SECOND,
            absolute=self.absolute * SECOND,
            unconfirmed=self.unconfirmed * SECOND,
            menu=self.menu * SECOND,
            stale=2 * MINUTE,
            jid_hour=self.sms_hour,
            jid_day=self.sms_day,
            password=self.password_digits,
        )


class Config(Part):
    house: str = "示例移动"
    office: str = "工作日9:00至18:00"
    xmpp: Xmpp
    redis: RedisPart = RedisPart()
    operator: OperatorPart
    sms: SmsPart
    ledger: LedgerPart = LedgerPart()
    web: WebPart = WebPart()
    secrets: Secrets
    limits: LimitsPart = LimitsPart()
    menus: Mapping[Literal["gotone", "mzone", "easyown", "group"], tuple[str, ...]]
    common_menu: tuple[str, ...]
    folder: Path = Path()

    @model_validator(mode="after")
    def _menus_fit(self) -> Config:
        for brand in Brand:
            if brand.value not in self.menus:
                raise ValueError(f"menus: {brand.value} is missing")
        for brand_name, names in [*self.menus.items(), ("common", self.common_menu)]:
            if not 1 <= len(names) <= 12:
                raise ValueError(f"menus: {brand_name} needs 1 to 12 entries")
        return self

    def secret(self, reference: str) -> SecretStr:
        """The value behind env:NAME or file:PATH. ConfigError when it is missing or empty."""
        kind, _, name = reference.partition(":")
        if kind == "env":
            value = os.environ.get(name, "")
        else:
            try:
                value = (self.folder / name).read_text("utf-8").strip()
            except OSError as error:
                raise ConfigError(f"the secret {reference} cannot be read: {error.strerror}") from error
        if not value:
            raise ConfigError(f"the secret {reference} is empty; set it before starting")
        return SecretStr(value)

    def missing_secrets(self) -> list[str]:
        """A sentence for every secret that is not there yet."""
        optional = (self.redis.password, self.operator.token, self.sms.token)
        keys = (self.secrets.ids, self.secrets.pepper, *self.secrets.sealing.values())
        found: list[str] = []
        for reference in (self.xmpp.secret, *filter(None, optional), *keys):
            try:
                self.key(reference) if reference in keys else self.secret(reference)
            except ConfigError as error:
                found.append(str(error))
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
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path.name} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
        ) from error
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise ConfigError(_syntax(path, error)) from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path.name}: {error}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path.name}:1:1: the file must be a mapping of keys")
    if "folder" in data:
        raise ConfigError(f"{path.name}:1:1: unknown key 'folder'")
    try:
        return Config(**data, folder=path.resolve().parent)
    except ValidationError as error:
        places = Places(text)
        raise ConfigError("\n".join(_line(path, places, item) for item in error.errors())) from None
    except TypeError as error:
        raise ConfigError(f"{path.name}:1:1: keys must be words") from error


def _syntax(path: Path, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
    return f"{path.name}:{where}: {error.problem or 'not YAML'}"


class Places:
    """Line and column of keys, read with ruamel.yaml only when there is an error to place."""

    def __init__(self, text: str) -> None:
        try:
            self._root: Any = YAML(typ="rt").load(text)
        except MarkedYAMLError:  # e.g. a key given twice: PyYAML is more lenient
            self._root = None

    def of(self, path: tuple[int | str, ...]) -> str:
        node, where = self._root, (0, 0)
        for step in path:
            marks = getattr(node, "lc", None)
            if marks is None or node is None:
                break
            try:
                where = marks.key(step) if isinstance(node, dict) else marks.item(step)
                node = node[step]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        return f"{where[0] + 1}:{where[1] + 1}"


def _line(path: Path, places: Places, item: Any) -> str:
    where = tuple(item["loc"])
    name = ".".join(str(part) for part in where) or "the file"
    return f"{path.name}:{places.of(where)}: {name}: {_message(item, where)}"


def _message(item: Any, where: tuple[int | str, ...]) -> str:
    if item["type"] == "extra_forbidden":
        known = _fields(where[:-1])
        near = process.extractOne(str(where[-1]), known, score_cutoff=60) if known else None
        return "unknown key" + (f", did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}")
    if item["type"] == "missing":
        return "is missing"
    if item["type"] == "literal_error":
        options = re.findall(r"'([^']*)'", item["ctx"]["expected"])
        near = process.extractOne(str(item["input"]), options, score_cutoff=50)
        return f"must be one of {', '.join(options)}" + (f", did you mean {near[0]!r}?" if near else "")
    return str(item["msg"]).removeprefix("Value error, ")


def _fields(path: tuple[int | str, ...]) -> list[str]:
    model: Any = Config
    for step in path:
        annotation = (
            model.model_fields[str(step)].annotation if str(step) in getattr(model, "model_fields", {}) else None
        )
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return [name for name in model.model_fields if name != "folder"]
