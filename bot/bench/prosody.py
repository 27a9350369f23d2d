"""Prosody under the bench: a chat server that others wrote, on loopback, with accounts and archive as in deploy/."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.adapters.sandbox.world import DOMAIN, HOST
from bot.errors import ConfigError

PATIENCE = 20.0  # seconds to its first connection
_MODULES = ("roster", "saslauth", "disco", "posix", "ping", "carbons", "csi_simple", "smacks", "mam")


@asynccontextmanager
async def prosody(
    folder: Path, accounts: Mapping[str, str], components: Mapping[str, str]
) -> AsyncIterator[tuple[int, int]]:
    """Its ports for clients and for components. ConfigError where it is not installed, or does not start."""
    program = shutil.which("prosody", path="/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin:/opt/homebrew/bin")
    if program is None:
        raise ConfigError("Prosody is not installed here: apt install prosody, or leave --server out")
    c2s, component = _free_ports()
    write_accounts(folder / "data", accounts)
    settings = folder / "prosody.cfg.lua"
    settings.touch(mode=0o600)
    settings.write_text(_settings(folder, c2s, component, components), "utf-8")
    log = folder / "prosody.log"
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            program, "-F", "--config", str(settings), stdin=asyncio.subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        await _listens(process, (c2s, component), log)
        yield c2s, component
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _settings(folder: Path, c2s: int, component: int, components: Mapping[str, str]) -> str:
    modules = "; ".join(quoted(module) for module in _MODULES)
    attached = "\n".join(
        f"Component({quoted(domain)})\n\tcomponent_secret = {quoted(secret)}" for domain, secret in components.items()
    )
    return f"""run_as_root = true
interfaces = {{ {quoted(HOST)} }}
component_interfaces = {{ {quoted(HOST)} }}
c2s_ports = {{ {c2s} }}
component_ports = {{ {component} }}
data_path = {quoted(str(folder / "data"))}
pidfile = {quoted(str(folder / "prosody.pid"))}
modules_enabled = {{ {modules} }}
modules_disabled = {{ "s2s"; "tls" }}
network_settings = {{ nagle = false }}
authentication = "internal_hashed"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
default_archive_policy = true
storage_archive_item_limit = 100000
log = {{ warn = "*console" }}
VirtualHost({quoted(DOMAIN)})
{attached}
"""


def write_accounts(data: Path, accounts: Mapping[str, str]) -> None:
    """Letters and digits -> plain password, which Prosody hashes at the first log-in."""
    folder = data / DOMAIN.replace(".", "%2e") / "accounts"  # its names for files escape all else
    folder.mkdir(mode=0o700, parents=True)
    for localpart, password in accounts.items():
        assert localpart.isalnum()
        (folder / f"{localpart}.dat").write_text(f'return {{ ["password"] = {quoted(password)} }};\n')


def quoted(text: str) -> str:
    """A string of Lua; all texts here are plain ASCII."""
    return json.dumps(text)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind((HOST, 0))
        other.bind((HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


async def _listens(process: asyncio.subprocess.Process, ports: tuple[int, int], log: Path) -> None:
    end = asyncio.get_running_loop().time() + PATIENCE
    for port in ports:
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError as error:
                if process.returncode is not None or asyncio.get_running_loop().time() > end:
                    raise ConfigError(f"Prosody does not start: {_last_word(log)}") from error
                await asyncio.sleep(0.05)
            else:
                writer.close()
                break


def _last_word(log: Path) -> str:
    return " ".join(log.read_text("utf-8", "replace").strip().splitlines()[-1:])
