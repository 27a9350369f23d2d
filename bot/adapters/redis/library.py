"""A function library of Redis, named by the hash of its content so that two versions run side by side."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files

HEAD = """#!lua name={name}
{constants}
local function register(name, callback, flags)
  redis.register_function{{function_name = name .. '{suffix}', callback = callback, flags = flags or {{}}}}
end
"""


class Library:
    """`source` with `constants` (Lua locals) in front; functions carry the hash in their names."""

    def __init__(self, family: str, source: str, constants: Mapping[str, int | float]) -> None:
        lines = "\n".join(f"local {name} = {value}" for name, value in sorted(constants.items()))
        self.suffix = "_" + sha256(f"{lines}\n{source}".encode()).hexdigest()[:12]
        self.name = f"hallbot_{family}{self.suffix}"
        self.code = HEAD.format(name=self.name, constants=lines, suffix=self.suffix) + source


def source(family: str) -> str:
    """The Lua text beside this file."""
    return files(__package__).joinpath(f"{family}.lua").read_text(encoding="utf-8")
