"""The sections of bot.yaml: every key with its default and its ceiling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from bot.errors import WrongSetting
from bot.gate import MINUTE, SECOND, Limits
from bot.model import Brand
from bot.parts import Part, Reference, loopback


def _safe_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "http" and not loopback(parts.hostname or ""):
        raise ValueError("use https: plain http is for loopback only")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("give a whole address such as https://operator.example/api")
    return text.rstrip("/")


def _safe_url_or_none(text: str) -> str:
    return _safe_url(text) if text else ""


Url = Annotated[str, AfterValidator(_safe_url)]


def _redis_url(text: str) -> str:
    if urlsplit(text).scheme not in ("redis", "rediss", "unix"):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return text


def _ledger_url(text: str) -> str:
    urlsplit(text)
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+asyncpg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return text


class Xmpp(Part):
    attach: Literal["component", "client"] = "component"
    host: str = "127.0.0.1"
    port: int = Field(5347, ge=1, le=65535)
    jid: str
    bot: str = ""
    secret: Reference
    domains: tuple[str, ...] = Field(min_length=1)
    resource: str = "hall"
    priority: int = Field(10, ge=0, le=127)
    tls: Literal["starttls", "none"] = "starttls"
    ca: str = ""
    typing: bool = True
    receipts: bool = True

    @model_validator(mode="after")
    def _plain_only_here(self) -> Xmpp:
        if self.attach == "client" and self.tls == "none" and not loopback(self.host):
            raise WrongSetting("tls: none is for loopback only", "tls")
        return self

    @model_validator(mode="after")
    def _addresses_fit(self) -> Xmpp:
        bare, domain = r"[^@/\s]+@[^@/\s]+", r"[^@/\s]+"
        if not re.fullmatch(bare if self.attach == "client" else domain, self.jid):
            what = "the bot's address, like hall@example.org" if self.attach == "client" else "a domain"
            raise WrongSetting(f"must be {what}", "jid")
        if self.bot and not re.fullmatch(bare, self.bot):
            raise WrongSetting("must be an address, like 10086@hall.example.org", "bot")
        if self.bot and self.bot.partition("@")[2].casefold() != self.jid.rpartition("@")[2].casefold():
            raise WrongSetting(f"must be an address of {self.jid.rpartition('@')[2]}, where the hall is", "bot")
        for n, served in enumerate(self.domains):
            if not re.fullmatch(domain, served):
                raise WrongSetting(f"{served!r} is no domain", "domains", n)
        return self


class RedisPart(Part):
    url: Annotated[str, AfterValidator(_redis_url)] = "redis://127.0.0.1:6379/0"
    password: Reference | None = None
    partitions: int = Field(256, ge=1, le=256)
    instance: str = Field("hall-1", pattern=r"^[A-Za-z0-9_.-]{1,64}$")


class OperatorPart(Part):
    base: Url
    dialect: str = "tmf"
    token: Reference | None = None
    number_filter: str = "productSerialNumber"
    paths: Mapping[str, str] = {}
    traits: Mapping[str, str] = {}
    kinds: Mapping[str, str] = {}
    offerings: Mapping[str, str] = {}
    brands: Mapping[str, Brand] = {}
    words: Mapping[str, str] = {}
    cashier: Annotated[str, AfterValidator(_safe_url_or_none)] = ""
    cache_seconds: float = Field(30, ge=0, le=300)
    timeout: float = Field(10, ge=0.2, le=10)  # what was sent and not answered is sent again no sooner than 12 s later


class SmsPart(Part):
    """How codes reach a phone: `base` for http and camara, the rest for smpp; the handset is the sandbox's."""

    kind: Literal["http", "smpp", "camara", "handset"] = "http"
    base: Url = ""
    token: Reference | None = None
    host: str = ""
    port: int = Field(2775, ge=1, le=65535)
    system_id: str = Field("", max_length=15)
    password: Reference | None = None
    source: str = Field("10086", max_length=20)

    @model_validator(mode="after")
    def _all_is_there(self) -> SmsPart:
        if self.kind in ("http", "camara") and not self.base:
            raise WrongSetting(f"{self.kind} needs base, the address of the gateway", "kind")
        if self.kind == "smpp" and not (self.host and self.system_id and self.password):
            raise WrongSetting("smpp needs host, system_id and password", "kind")
        return self


class LedgerPart(Part):
    url: Annotated[str, AfterValidator(_ledger_url)] = "sqlite:///ledger.sqlite"


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
        raise ValueError("must be as browsers name it, like https://desk.example")
    return text


class KeepPart(Part):
    """Days."""

    transcripts: int = Field(180, ge=1, le=3650)
    texts: int = Field(90, ge=1, le=3650)
    audit: int = Field(180, ge=180, le=3650)


class WebPart(Part):
    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535)
    public: Annotated[str, AfterValidator(_safe_url_or_none), Field(max_length=40)] = ""


class ConsolePart(Part):
    """The web desk."""

    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535)
    origin: Annotated[str, AfterValidator(_origin)] = ""
    certificate: str = ""
    key: str = ""
    demo: Reference | None = None

    @model_validator(mode="after")
    def _certificate_with_its_key(self) -> ConsolePart:
        if self.certificate and not self.key:
            raise WrongSetting("a certificate needs its key", "certificate")
        return self

    @property
    def key_file(self) -> str | None:
        """The key of its certificate is a secret like any other."""
        return f"file:{self.key}" if self.certificate and self.port else None


class PushPart(Part):
    per_second: int = Field(50, ge=1, le=50)
    every: int = Field(1800, ge=300, le=86400)


class Secrets(Part):
    ids: Reference
    pepper: Reference
    sealing: Mapping[str, Reference] = Field(min_length=1)
    current: str
    exposed: Literal["refuse", "warn"] = "refuse"

    @model_validator(mode="after")
    def _current_is_there(self) -> Secrets:
        if self.current not in self.sealing:
            raise WrongSetting(f"{self.current!r} is not one of sealing: {', '.join(self.sealing)}", "current")
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


class Title(Part):
    zh: str = Field(min_length=1, max_length=8)
    en: str = Field(min_length=1, max_length=20)


Entry = str | dict[str, tuple[str, ...]]


class EnglishPart(Part):
    """What the hall calls itself and its wares in English."""

    house: str = "Example Mobile"
    office: str = "9:00 to 18:00 on workdays"
    names: Mapping[str, str] = {}
