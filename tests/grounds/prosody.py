"""Prosody as an ordinary process, with the settings that are shipped in deploy/."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.bench.prosody import quoted, write_accounts
from tests.grounds.base import (
    BOT,
    DEPLOY,
    DOMAIN,
    HALL,
    HOST,
    Daemon,
    Ground,
    free_ports,
    new_secret,
    program,
    running,
    self_made_certificate,
    serves_xmpp,
)


@asynccontextmanager
async def prosody(accounts: Mapping[str, str]) -> AsyncIterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="prosody-") as name:
        folder = Path(name)
        c2s, component = free_ports(2)
        secret, password = new_secret(), new_secret()
        certificate, key = self_made_certificate(folder, DOMAIN)
        everyone = {**accounts, BOT: password}
        write_accounts(folder / "data", everyone)
        config = folder / "prosody.cfg.lua"
        config.write_text(_settings(folder, c2s, component, certificate, key))
        environment = {
            "HALL_DOMAIN": DOMAIN,
            "HALL_COMPONENT_SECRET": secret,
            "HALL_BOT": BOT,
            "HALL_DESK_SECRET": secret,
        }
        daemon = Daemon([program("prosody"), "-F", "--config", str(config)], environment, folder)
        async with running(daemon, lambda: serves_xmpp(c2s, component)) as restart:
            bot = f"{BOT}@{DOMAIN}", password
            yield Ground(
                "prosody", HOST, c2s, component, DOMAIN, HALL, secret, dict(accounts), bot, certificate, restart
            )


def _settings(folder: Path, c2s: int, component: int, certificate: Path, key: Path) -> str:
    # Only what a test needs otherwise: ports, loopback, its folder, plain log-in, no flood limit (leaving it
    # out would mean 10 kB/s), and room in the archive for a load test.
    return f"""
Include {quoted(str(DEPLOY / "prosody.cfg.lua"))}
run_as_root = true
interfaces = {{ "{HOST}" }}
c2s_ports = {{ {c2s} }}
component_ports = {{ {component} }}
data_path = {quoted(str(folder / "data"))}
pidfile = {quoted(str(folder / "prosody.pid"))}
ssl = {{ certificate = {quoted(str(certificate))}; key = {quoted(str(key))} }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
limits = {{ c2s = {{ rate = "100mb/s" }} }}
storage_archive_item_limit = 100000
"""
