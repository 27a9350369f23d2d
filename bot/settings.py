"""What bot.yaml says to each adapter, in the adapter's own terms."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from importlib.metadata import version
from urllib.parse import quote

from bot.adapters.camara import CamaraOtp, CamaraSettings
from bot.adapters.dialects import dialect
from bot.adapters.records import Keep
from bot.adapters.redis import CodeLimits, Pace
from bot.adapters.seal import AesSeal
from bot.adapters.sms import Gateway, HttpSms, NoSms, SmsSettings
from bot.adapters.xmpp import XmppSettings
from bot.commands import nodes
from bot.config import Config
from bot.desk.errands import CONTACT
from bot.errors import ConfigError
from bot.model import Ms
from bot.ports.dialect import OpenHall, Operator
from bot.wiring import Words


def _optional(config: Config, reference: str | None) -> str:
    return config.secret(reference).get_secret_value() if reference else ""


def seal_of(config: Config) -> AesSeal:
    keys = {name: config.key(reference) for name, reference in config.secrets.sealing.items()}
    return AesSeal(keys, config.secrets.current)


def pace_of(config: Config) -> Pace:
    return Pace(burst=config.limits.burst, rate=config.limits.per_second)


def redis_url(config: Config) -> str:
    url = config.redis.url
    if not config.redis.password:
        return url
    scheme, _, rest = url.partition("://")
    return f"{scheme}://:{quote(_optional(config, config.redis.password), safe='')}@{rest}"


def keep_of(config: Config) -> Keep:
    return Keep(config.keep.transcripts, config.keep.texts, config.keep.audit)


def ledger_url(config: Config) -> str:
    """`sqlite:///name` lies beside bot.yaml; the drivers are ours to choose."""
    url = config.ledger.url
    if url.startswith("sqlite:///"):
        return f"sqlite+aiosqlite:///{config.folder / url.removeprefix('sqlite:///')}"
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def code_limits(config: Config) -> CodeLimits:
    limits = config.limits
    return CodeLimits(
        tries=limits.code_tries,
        wrong=limits.wrong_codes,
        cooldown=limits.sms_cooldown * 1000,
        hour_sms=limits.sms_hour,
        day_sms=limits.sms_day,
        sends=limits.code_sends,
    )


def gateway(config: Config) -> tuple[Gateway, CamaraOtp | None]:
    """What bot.yaml chooses: who sends the codes, or who makes and compares them, too. ConfigError for an address or a
    token that no request could carry."""
    try:
        return _gateway(config)
    except ValueError as error:
        raise ConfigError(f"sms: {error}", ("sms",)) from error


def _gateway(config: Config) -> tuple[Gateway, CamaraOtp | None]:
    sms, token = config.sms, _optional(config, config.sms.token)
    match sms.kind:
        case "camara":
            return NoSms(), CamaraOtp(CamaraSettings(sms.base, token))
        case "smpp":
            from bot.adapters.smpp import SmppSettings, SmppSms  # a start without it is quicker

            password = _optional(config, sms.password)
            return SmppSms(SmppSettings(sms.host, sms.port, sms.system_id, password, sms.source)), None
        case "handset":
            return HttpSms(SmsSettings(config.operator.base, _optional(config, config.operator.token))), None
        case _:
            return HttpSms(SmsSettings(sms.base, token)), None


def certificate(config: Config) -> ssl.SSLContext | None:
    """Of the web desk, where it speaks TLS itself."""
    console = config.console
    if not console.certificate:
        return None
    if console.key_file:
        config.secret(console.key_file)  # refused when others can read it
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(config.folder / console.certificate, config.folder / console.key)
    except (OSError, ssl.SSLError) as error:
        said = f"console.certificate: cannot be used ({type(error).__name__})"
        raise ConfigError(said, ("console", "certificate")) from error
    return context


def operator_hall(config: Config, now: Callable[[], Ms]) -> OpenHall:
    """The operator in the dialect that bot.yaml names; ConfigError when it cannot be spoken."""
    part = config.operator
    operator = Operator(
        part.base,
        _optional(config, part.token),
        timeout=part.timeout,
        cache_seconds=part.cache_seconds,
        number_filter=part.number_filter,
        cashier=f"{part.cashier}/" if part.cashier else "",
        names={
            "paths": part.paths,
            "traits": part.traits,
            "kinds": part.kinds,
            "offerings": part.offerings,
            "brands": part.brands,
            "words": part.words,
        },
    )
    try:
        return dialect(part.dialect).hall(operator, now)
    except ValueError as error:
        raise ConfigError(f"operator.{error}", ("operator", *getattr(error, "at", ()))) from error


def commands_of(config: Config, words: Words) -> tuple[tuple[str, str], ...]:
    """(node, title) of what clients with a command menu list."""
    tongue = words.tongues[config.language]
    return tuple((name, words.catalogue[name].called(tongue)) for name in nodes(words.menus))


def xmpp_settings(config: Config, commands: tuple[tuple[str, str], ...] = ()) -> XmppSettings:
    xmpp = config.xmpp
    return XmppSettings(
        attach=xmpp.attach,
        jid=xmpp.jid,
        secret=_optional(config, xmpp.secret),
        host=xmpp.host,
        port=xmpp.port,
        bot=xmpp.bot,
        allowed_domains=frozenset(xmpp.domains),
        resource=xmpp.resource,
        priority=xmpp.priority,
        tls=xmpp.tls,
        ca=str(config.folder / xmpp.ca) if xmpp.ca else "",
        typing=xmpp.typing,
        receipts=xmpp.receipts,
        version=version("hallbot"),
        commands=commands,
    )


def desk_settings(config: Config) -> XmppSettings:
    """The desk as a component of its own, beside the hall's."""
    try:
        return _desk_settings(config)
    except ConfigError as error:  # in the words of the hall's own component
        raise ConfigError(f"desk: {error}", ("desk", "secret" if "secret" in str(error) else "domain")) from error


def _desk_settings(config: Config) -> XmppSettings:
    xmpp = config.xmpp
    return XmppSettings(
        attach="component",
        jid=config.desk.domain,
        secret=_optional(config, config.desk.secret or ""),
        host=xmpp.host,
        port=config.desk.port or xmpp.port,
        bot=f"{CONTACT}@{config.desk.domain}",
        allowed_domains=frozenset(xmpp.domains),
        typing=False,
        receipts=xmpp.receipts,
        name="坐席台",
        version=version("hallbot"),
    )
