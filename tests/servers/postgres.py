"""A PostgreSQL of the tests' own: an ordinary process in a temporary folder, on a unix socket only."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 30.0


@dataclass
class Postgres:
    """`url()` of a database that is new and empty; `stop()` and `start()` as an administrator would."""

    folder: Path
    binaries: Path
    user: str
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    databases: int = 0

    def url(self) -> str:
        self.databases += 1
        name = f"hall{self.databases}"
        self.sql(f"CREATE DATABASE {name}")
        return f"postgresql+asyncpg://{self.user}@/{name}?host={self.folder}"

    def sql(self, statement: str) -> None:
        command = [f"{self.binaries}/psql", "-h", f"{self.folder}", "-U", self.user, "-d", "postgres", "-qc", statement]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        place = ["-D", f"{self.folder}/data", "-k", f"{self.folder}", "-c", "listen_addresses="]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [f"{self.binaries}/postgres", *place, "-F"],  # no fsync: nothing here outlives the tests
                stdout=log,
                stderr=log,
                user=self.user,
                cwd=self.folder,
            )
        until = time.monotonic() + READY_SECONDS
        ready = [f"{self.binaries}/pg_isready", "-q", "-h", f"{self.folder}"]
        while subprocess.run(ready).returncode:
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)  # PostgreSQL's "fast": closes the connections and ends
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(10)
        self.process = None


def _binaries() -> Path:
    """Where Debian keeps them, newest first; else wherever `postgres` is found."""
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = kept[-1] if kept else shutil.which("postgres")
    assert found, "PostgreSQL is missing: apt-get install postgresql"
    return Path(found).resolve().parent


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """PostgreSQL refuses to run as root; then it runs as the user that its package made."""
    root = os.geteuid() == 0
    user = "postgres" if root else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="hall-pg-"))  # a socket's path must be short
    server = Postgres(folder, _binaries(), user)
    try:
        if root:
            shutil.chown(folder, user)
        given = ["-D", f"{folder}/data", "-U", user, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        command = [f"{server.binaries}/initdb", *given]
        made = subprocess.run(command, capture_output=True, text=True, user=user, cwd=folder)
        assert made.returncode == 0, made.stderr
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
