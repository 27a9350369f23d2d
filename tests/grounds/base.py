"""What the servers under test have in common: an address, free ports, and a process that surely ends."""

import asyncio
import contextlib
import os
import random
import secrets
import shutil
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
DOMAIN = "im.localhost"
HALL = f"hall.{DOMAIN}"
DESK = f"desk.{DOMAIN}"
BOT = "hall"
READY_SECONDS = 30.0
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


class GroundFailed(Exception):
    """A server did not come up; carries the end of its log."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One running XMPP server."""

    name: str
    host: str
    c2s: int
    component: int
    domain: str
    hall: str
    secret: str = field(repr=False)
    accounts: Mapping[str, str] = field(repr=False)
    bot: tuple[str, str] = field(repr=False)
    certificate: Path
    restart: Callable[[], Awaitable[None]] = field(repr=False, compare=False)
    """Stops the server as an operator would and starts it again on the same ports with the same data."""
    desk: int = 0
    """The port of the desk's component, 0 = that of the hall's."""


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on, below the range from which outgoing connections take theirs."""
    ports: list[int] = []
    for port in random.SystemRandom().sample(range(20000, 32000), 400):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            ports.append(port)
        if len(ports) == count:
            return ports
    raise GroundFailed("no free ports")


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def self_made_certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """A certificate and its key, valid for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    paths = folder / "ground.crt", folder / "ground.key"
    paths[0].write_bytes(certificate.public_bytes(encoding))
    paths[1].touch(mode=0o600)
    paths[1].write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    return paths


def program(*names: str) -> str:
    """The full path of the first of these programs that is installed."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    raise GroundFailed(f"{names[0]} is not installed")


class Daemon:
    """A server process with its own folder and log, in its own process group, ended by its id."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        # Without this a test run that is killed would leave its servers behind.
        guard = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        self._argv = [*guard, *argv]
        self._environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8", **environment}
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def log(self) -> str:
        return (self._folder / "server.log").read_text(errors="replace")

    async def start(self, ready: Callable[[], Awaitable[bool]]) -> None:
        with (self._folder / "server.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                cwd=self._folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await self._until(ready)

    async def _until(self, ready: Callable[[], Awaitable[bool]]) -> None:
        end = time.monotonic() + READY_SECONDS
        while self.running and time.monotonic() < end:
            if await ready():
                return
            await asyncio.sleep(0.02)
        raise GroundFailed(f"{Path(self._argv[-1]).name} did not start:\n{self.log()[-2000:]}")

    async def stop(self, patience: float = 10.0) -> None:
        """Asks the server to end, as an operator would."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), patience)
        await self.kill()

    async def kill(self) -> None:
        if self._process is None:
            return
        # The group is ours: its leader is the process started above.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()


async def answers(port: int, domain: str, namespace: str, until: bytes) -> bool:
    """Does an XMPP server answer a stream header on this port?"""
    header = (
        f"<?xml version='1.0'?><stream:stream xmlns='{namespace}' to='{domain}' version='1.0' "
        "xmlns:stream='http://etherx.jabber.org/streams'>"
    )
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    try:
        writer.write(header.encode())
        await asyncio.wait_for(reader.readuntil(until), 2)
        return True
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def serves_xmpp(c2s: int, component: int) -> bool:
    return await answers(c2s, DOMAIN, "jabber:client", b"</stream:features>") and await answers(
        component, HALL, "jabber:component:accept", b"<stream:stream"
    )


@contextlib.asynccontextmanager
async def running(daemon: Daemon, ready: Callable[[], Awaitable[bool]]) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Runs a daemon; yields what restarts it."""

    async def restart() -> None:
        await daemon.stop()
        await daemon.start(ready)

    try:
        await daemon.start(ready)
        yield restart
    finally:
        await daemon.kill()
