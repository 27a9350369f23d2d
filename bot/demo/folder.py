"""The demo's folder: secrets made at first start, the bot.yaml that uses them, sockets, logs, databases."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bot.adapters.sandbox.ports import Ports
from bot.adapters.sandbox.world import BOT, DESK, DOMAIN, HALL, HOST, WorldSecrets
from bot.errors import ConfigError
from bot.paths import shipped

KEYS = ("ids", "pepper", "sealing", "component", "operator", "accounts", "desk", "links")
NEEDED = 64 << 20  # bytes: databases, the append-only file, logs
LONGEST_SOCKET = 100  # bytes; the path of a unix socket has at most 104 on macOS


class Folder:
    """ConfigError, one sentence, when it cannot be used."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.logs = self.root / "logs"
        self.redis = self.root / "redis"
        self.keys = self.root / "secrets"
        try:
            for folder in (self.root, self.logs, self.redis, self.keys):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._room(root)
            for name in KEYS:
                self._key(name)
        except OSError as error:
            raise ConfigError(
                f"the folder {root} cannot be written ({error.strerror}): choose another one with --data"
            ) from error

    def _room(self, root: Path) -> None:
        free = shutil.disk_usage(self.root).free
        if free < NEEDED:
            raise ConfigError(
                f"the disk of {root} has {free >> 20} MB left and {NEEDED >> 20} are needed: "
                "free some, or choose another folder with --data"
            )

    def _key(self, name: str) -> None:
        path = self.keys / f"{name}.hex"
        if not path.exists():
            fresh = path.with_suffix(".new")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)

    def read(self, name: str) -> str:
        return (self.keys / f"{name}.hex").read_text("ascii").strip()

    @property
    def socket(self) -> Path:
        """Of Valkey: in the folder, or in one of short name when the path would be too long for a socket."""
        here = self.redis / "v.sock"
        if len(os.fsencode(here)) <= LONGEST_SOCKET:
            return here
        short = Path("/tmp") / f"hallbot-{os.getuid()}-{abs(hash_of(str(self.root))):x}"
        short.mkdir(mode=0o700, exist_ok=True)
        if short.is_symlink() or short.stat().st_uid != os.getuid():  # whoever made it first would read along
            raise ConfigError(f"{short} is somebody else's: choose a shorter --data")
        return short / "v.sock"

    @property
    def world_secrets(self) -> WorldSecrets:
        accounts = bytes.fromhex(self.read("accounts"))
        return WorldSecrets(self.read("component"), self.read("operator"), accounts, self.read("desk"))

    @property
    def config(self) -> Path:
        return self.root / "bot.yaml"

    @property
    def staff(self) -> list[tuple[str, str, str]]:
        """Number, name and role of the demo's staff: one who serves, one who leads."""
        found: dict[str, tuple[str, str, str]] = {}
        for number, one in yaml.safe_load(shipped("bot.yaml").read_text("utf-8"))["desk"]["staff"].items():
            role = one.get("role", "agent")
            found.setdefault(role, (number, one["name"], role))
        return list(found.values())

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Only one demo uses a folder at a time."""
        with (self.root / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ConfigError(f"a demo already runs in {self.root}: stop it, or choose --data") from error
            yield

    def write_config(
        self, ports: Ports, instance: str = "hall-1", name: str = "bot.yaml", desk: int = 0, web: int = 0
    ) -> Path:
        """bot.yaml as shipped, with this folder's addresses and secrets; `web`: the bot's own port, 0 = none."""
        data = yaml.safe_load(shipped("bot.yaml").read_text("utf-8"))
        operator = f"http://{HOST}:{ports.operator}"
        data["xmpp"] |= {
            "host": HOST,
            "port": ports.component,
            "jid": HALL,
            "bot": BOT,
            "domains": [DOMAIN],
            "secret": "file:secrets/component.hex",
        }
        data["desk"] |= {"domain": DESK, "secret": "file:secrets/desk.hex"}
        data["redis"] |= {"url": f"unix://{self.socket}", "instance": instance}
        data["operator"] |= {"base": operator, "token": "file:secrets/operator.hex"}
        data["sms"] |= {"base": operator, "token": "file:secrets/operator.hex"}
        data["web"] |= {"host": HOST, "port": web}
        data["secrets"] = {
            "ids": "file:secrets/ids.hex",
            "pepper": "file:secrets/pepper.hex",
            "sealing": {"k1": "file:secrets/sealing.hex"},
            "current": "k1",
        }
        data["console"] |= {"host": HOST, "port": desk, "demo": "file:secrets/links.hex"}
        path = self.root / name
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        return path


def hash_of(text: str) -> int:
    """Stable over processes, unlike `hash`."""
    value = 0
    for char in text.encode():
        value = (value * 131 + char) % (1 << 48)
    return value
