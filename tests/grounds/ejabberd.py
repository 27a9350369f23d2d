"""ejabberd as an ordinary process, with the settings that are shipped in deploy/."""

import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import yaml

from tests.grounds.base import (
    BOT,
    DEPLOY,
    DOMAIN,
    HALL,
    HOST,
    Daemon,
    Ground,
    GroundFailed,
    free_ports,
    new_secret,
    program,
    running,
    self_made_certificate,
    serves_xmpp,
)

# Runs inside ejabberd once it has started. Mnesia keeps archives in slow files; a test keeps them in memory, so that
# they do not survive a restart.
RESET = 'file:delete("prepared").'
PREPARE = """
{ok, Accounts} = file:consult("accounts"),
[ok = case ejabberd_auth:try_register(User, Host, Password) of {error, exists} -> ok; Made -> Made end
    || {User, Host, Password} <- Accounts],
case mnesia:change_table_copy_type(archive_msg, node(), ram_copies) of
    {atomic, ok} -> ok; {aborted, {already_exists, _, _, ram_copies}} -> ok end,
ok = file:write_file("prepared", <<>>).
"""


@asynccontextmanager
async def ejabberd(accounts: Mapping[str, str]) -> AsyncIterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="ejabberd-") as name:
        folder = Path(name)
        c2s, component, desk = free_ports(3)
        secret, password = new_secret(), new_secret()
        certificate, key = self_made_certificate(folder, DOMAIN)
        (folder / "server.pem").write_bytes(certificate.read_bytes() + key.read_bytes())
        (folder / "hall.yml").write_text(json.dumps({"define_macro": {"HALL_SECRET": secret}}))
        (folder / "ejabberd.yml").write_text(_settings(folder, c2s, component, desk))
        _write_accounts(folder / "accounts", {**accounts, BOT: password})
        daemon = Daemon(_erlang(folder), _environment(folder), folder)

        async def ready() -> bool:
            return (folder / "prepared").exists() and await serves_xmpp(c2s, component)

        async with running(daemon, ready) as restart:
            bot = f"{BOT}@{DOMAIN}", password
            yield Ground(
                "ejabberd", HOST, c2s, component, DOMAIN, HALL, secret, dict(accounts), bot, certificate, restart, desk
            )


def _settings(folder: Path, c2s: int, component: int, desk: int) -> str:
    # Only what a test needs otherwise: ports, loopback, its folder, log-in without TLS and fast, no flood limit.
    settings = yaml.safe_load((DEPLOY / "ejabberd.yml").read_text().replace("im.example.org", DOMAIN))
    settings["include_config_file"] = {str(folder / "hall.yml"): {"allow_only": ["define_macro"]}}
    settings["certfiles"] = [str(folder / "server.pem")]
    subscribers, halls, desks = settings["listen"]
    subscribers |= {"port": c2s, "ip": HOST, "starttls_required": False, "shaper": "none"}
    halls |= {"port": component, "ip": HOST}
    desks |= {"port": desk, "ip": HOST}
    settings["auth_password_format"] = "plain"
    return yaml.safe_dump(settings)


def _erlang(folder: Path) -> list[str]:
    # No node name: then Erlang opens no distribution port, and no epmd stays behind. ejabberdctl would insist on both,
    # and on a user of its own. The schedulers do not spin: the cores are shared.
    calm = ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"]
    database = json.dumps(str(folder / "database"))
    start = [program("erl"), "-noinput", *calm, "-mnesia", "dir", database]
    return [*start, "-eval", RESET, "-s", "ejabberd", "-eval", PREPARE]


def _environment(folder: Path) -> dict[str, str]:
    return {
        "EJABBERD_CONFIG_PATH": str(folder / "ejabberd.yml"),
        "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"),
        "ERL_LIBS": str(_libraries()),
        "ERL_CRASH_DUMP_BYTES": "0",
    }


def _libraries() -> Path:
    for ebin in sorted(Path("/usr/lib").glob("*/ejabberd-*/ebin")):
        return ebin.parents[1]
    raise GroundFailed("ejabberd is not installed")


def _write_accounts(path: Path, accounts: Mapping[str, str]) -> None:
    lines = (
        f"{{{', '.join(f'<<{json.dumps(part)}/utf8>>' for part in (user, DOMAIN, password))}}}."
        for user, password in accounts.items()
    )
    path.write_text("\n".join(lines) + "\n")
