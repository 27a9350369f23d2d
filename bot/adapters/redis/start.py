"""What must be so in Redis before anything is stored there."""

from __future__ import annotations

import re

from bot.adapters.redis.link import Link
from bot.errors import ConfigError

PARTITIONS = "{meta}:partitions"
INSTANCES = b"{meta}:instances"


def check_instance(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name):
        raise ConfigError("an instance name has 1 to 64 letters, digits, dots, hyphens and underscores")
    return name


async def check_policy(link: Link) -> None:
    """With any other policy Redis throws sessions and counters away when memory is short."""
    memory: bytes = await link.command("INFO", "memory")  # CONFIG is often forbidden
    found = re.search(rb"^maxmemory_policy:(\S+)", memory, re.MULTILINE)
    policy = found[1].decode() if found else "unknown"
    if policy != "noeviction":
        raise ConfigError(f"Redis evicts keys (maxmemory-policy {policy}): set it to noeviction")


async def fix_partitions(link: Link, partitions: int) -> None:
    """The first start decides; names of keys follow from the count."""
    await link.command("SET", PARTITIONS, partitions, "NX")
    there = int(await link.command("GET", PARTITIONS))
    if there != partitions:
        raise ConfigError(f"this Redis was set up with {there} partitions, the configuration says {partitions}")
