"""What every part of bot.yaml is made of."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _reference(text: str) -> str:
    if not re.fullmatch(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)", text):
        raise ValueError("a secret is given as env:NAME or file:PATH, never in this file")
    return text


Reference = Annotated[str, AfterValidator(_reference)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def loopback(host: str) -> bool:
    """This machine, and nothing that only begins like it (127.example.net, localhost.example.net)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
