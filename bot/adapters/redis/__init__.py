"""Sessions and Codes in Redis: Lua functions, sealed texts, one pipeline per loop tick."""

from bot.adapters.redis.archive import ArchiveMarker
from bot.adapters.redis.bell import Bell, Ear
from bot.adapters.redis.codes import CodeLimits, RedisCodes
from bot.adapters.redis.files import RedisFiles
from bot.adapters.redis.link import Link
from bot.adapters.redis.pace import Pace
from bot.adapters.redis.quota import RedisQuota
from bot.adapters.redis.sessions import RedisSessions

__all__ = [
    "ArchiveMarker",
    "Bell",
    "CodeLimits",
    "Ear",
    "Link",
    "Pace",
    "RedisCodes",
    "RedisFiles",
    "RedisQuota",
    "RedisSessions",
]
