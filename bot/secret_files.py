"""A secret in a file: read as text, and who else on this machine could."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bot.errors import ConfigError
from bot.reasons import reason

ROOT = 0


def exposed(mode: int, owner: int) -> bool:
    """Can others than its owner read a file of this mode? Pure.

    Two ways in which an administrator hands a secret to a service are no mistake: root's file for one group (0640
    root:hallbot, as packages do), and root's file that nobody may write (0444: mounted by Docker or Podman, 0440 by
    systemd and Kubernetes). 0644, what a plain `echo > file` leaves behind, is one, whoever owns it.
    """
    bits = stat.S_IMODE(mode)
    if not bits & 0o077:
        return False
    for_one_group, for_reading = not bits & 0o037, not bits & 0o333
    return not (owner == ROOT and (for_one_group or for_reading))


def read(path: Path, reference: str) -> tuple[str, str]:
    """The secret, and a sentence if it is exposed, else "". ConfigError without its text when it cannot be read."""
    try:
        with path.open(encoding="utf-8") as file:
            found = os.fstat(file.fileno())
            text = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:  # its text would quote the secret
        raise ConfigError(f"the secret {reference} cannot be read: {reason(error)}") from None
    return text, told(reference, found.st_mode) if exposed(found.st_mode, found.st_uid) else ""


def told(reference: str, mode: int) -> str:
    return f"the secret {reference} can be read by others than its owner (mode {stat.S_IMODE(mode):04o}): chmod 600"
