"""Several wishes in one line: 查余额和积分, 查话费再退掉手机报, 开彩铃退手机报. Pure."""

from __future__ import annotations

import re

MOST = 3
_AND = re.compile(r"和|跟|还有(?!多少|几|没|啥|什么|吗|呢|点)|顺便|以及|另外|再(?=查|看)|[,;、&]|\band\b")
_DOES = (
    "(?:查|看看|看一?下|开|订|办|退|取消|关|停|充|交|缴|换|改|兑|加|删|设|发|挂失|恢复|复机"
    r"|(?:check|show|cancel|subscribe|unsubscribe|top up|recharge|open|activate|turn o(?:n|ff)|stop|remove|redeem"
    r"|change|switch|send|get|order)\b)"
)
_THEN = re.compile(
    r"(?:[,;、。!&]|并且|然后|接着|顺便|另外|还有|以及|同时"
    rf"|和(?={_DOES})|[再并](?=帮|给|把|{_DOES})|\band(?: then)?\b|\bthen\b)+"
)
_FIRST = re.compile(rf"(?:先|再|也|还|帮我|帮忙|给我|请|我|要|想|麻烦|你|您|please|i want to| )*(?P<do>{_DOES}.{{2,}})")
_LAST = re.compile(
    r"(?:先|再|也|还|帮我|给我|请|我|要|想)*(?P<do>[把将]?.{2,}(?:退|关|停|开|订|取消|删)(?:订|掉|了|通|上|一下|吧)*)"
)
_VERB = "(?<!办理)(?:开通|(?<!退)订购?|开|办理?|退订|取消|关闭|退掉|关掉|停掉|退|关|停|查询|查看|查查|查|充值?|交|缴)"
_RUN = re.compile(rf"(?P<a>{_VERB}.{{2,12}}?)(?P<b>{_VERB}.{{2,12}})")


def questions(said: str) -> list[str]:
    """The parts of what may be two questions or three; `said` is the core of a line."""
    return _few(_AND.split(said))


def orders(said: str) -> list[str]:
    """The parts where one at least may be an order: each begins or ends with what is to be done, and to what."""
    run = _RUN.fullmatch(said)
    found = _few(_THEN.split(said)) or (list(run.groups()) if run else [])
    done = [_FIRST.fullmatch(part.strip()) or _LAST.fullmatch(part.strip()) for part in found]
    return [one["do"] for one in done if one] if all(done) else []


def _few(split: list[str]) -> list[str]:
    parts = [part for part in split if part and part.strip()]
    return parts if 1 < len(parts) <= MOST else []
