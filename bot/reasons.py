"""Why a file cannot be read or a port not be listened on, as one sentence."""

from __future__ import annotations

import errno
import os

from bot.errors import ConfigError


def reason(error: Exception) -> str:
    """Why a file or a port cannot be used, in the system's own words: asyncio says more, and less well."""
    match error:
        case OSError(errno=int(number)):
            return os.strerror(number)
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case _:
            return type(error).__name__


def taken(error: OSError, port: int, where: str) -> ConfigError:
    """A port that cannot be listened on; `where` another one is named."""
    if error.errno == errno.EADDRINUSE:
        return ConfigError(f"port {port} is in use: stop the program that holds it, or choose another one with {where}")
    return ConfigError(f"cannot listen on port {port}: {reason(error)}")
