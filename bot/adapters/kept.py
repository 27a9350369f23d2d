"""What took long to work out, kept in the user's cache folder; whatever is odd about it there is as good as nothing."""

from __future__ import annotations

import hmac
import mmap
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path

import structlog

from bot.adapters.room import Found, surplus

MARK = b"hallbot\x01"
MOST = 256 << 20  # bytes of one file
BESIDE = ".being-written-"
ABANDONED = 3600.0  # seconds after which nobody is writing it any more
_DIGEST = 32
_log = structlog.get_logger(__name__)


def cache_folder() -> Path | None:
    """Where the system has users' caches; None for a user without a home."""
    if found := os.environ.get("XDG_CACHE_HOME"):
        return Path(found) / "hallbot" if Path(found).is_absolute() else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "hallbot"


class Kept:
    """Implements `intents.learned.Memory`. Only files of our own user that nobody else may write are read.

    Written at once or not at all; a folder that cannot be written is no error, only slower.
    """

    def __init__(self, folder: Path | None, kind: str = "learned") -> None:
        self._folder = folder
        self._kind = kind

    def usable(self) -> bool:
        """Can anything be kept?"""
        try:
            if self._folder:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return False
        return self._folder is not None and os.access(self._folder, os.W_OK | os.X_OK)

    def recall(self, name: str) -> memoryview | None:
        """Pages of the file: processes share them, and what is never looked at takes no memory."""
        if self._folder is None:
            return None
        try:
            return _read(self._folder / self._file(name))
        except (OSError, ValueError):
            return None

    def keep(self, name: str, learned: bytes) -> None:
        """For later starts."""
        if self._folder is None:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._folder / self._file(name), (MARK, sha256(learned).digest(), learned))
            self._tidy(self._file(name))
        except OSError as error:
            _log.info("cache not written", error=error.strerror)

    def _file(self, name: str) -> str:
        return f"{self._kind}-{sha256(name.encode()).hexdigest()[:32]}"

    def _tidy(self, newest: str) -> None:
        """Another process may do the same: what it took away is gone, and what it reads stays mapped for it."""
        assert self._folder
        now = time.time()
        gone = surplus(_found(self._folder, f"{self._kind}-"), now, newest)
        gone += [half.name for half in _found(self._folder, BESIDE) if now - half.used > ABANDONED]
        for name in gone:
            with suppress(OSError):
                (self._folder / name).unlink()


def _found(folder: Path, prefix: str) -> Iterator[Found]:
    for entry in os.scandir(folder):
        if entry.name.startswith(prefix):
            with suppress(OSError):
                about = entry.stat(follow_symlinks=False)
                yield Found(entry.name, about.st_size, about.st_mtime)


def _read(path: Path) -> memoryview:
    """OSError for anything but a plain file of ours, ValueError when it is not whole."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as file:
        about = os.fstat(number)
        others = about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or others or about.st_size > MOST:
            raise PermissionError("not a file of ours")
        if file.read(len(MARK)) != MARK:
            raise ValueError("another kind of file")
        told, found = file.read(_DIGEST), file_digest(file, "sha256").digest()
        if not hmac.compare_digest(told, found):
            raise ValueError("not what was written")
        with suppress(OSError):  # used just now; not every disk notes who reads
            os.utime(number)
        # Files are replaced, never written to: these pages stay as they are.
        return memoryview(mmap.mmap(number, about.st_size, access=mmap.ACCESS_READ))[len(MARK) + _DIGEST :]


def _write(path: Path, parts: tuple[bytes, ...]) -> None:
    """Beside it first (readable by us alone), then in its place."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=BESIDE)
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines(parts)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
