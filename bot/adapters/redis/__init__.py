"""Sessions and Codes in Redis: Lua functions, sealed texts, one pipeline per loop tick."""

from bot.adapters.redis.archive import ArchiveMarker
from bot.adapters.redis.codes import CodeLimits, RedisCodes
from bot.adapters.redis.link import Link
from bot.adapters.redis.pace import Pace
from bot.adapters.redis.sessions import RedisSessions

__all__ = ["ArchiveMarker", "CodeLimits", "Link", "Pace", "RedisCodes", "RedisSessions"]
