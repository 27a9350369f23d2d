"""A bounded memory of names: the longest unseen is forgotten first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator


class Recent:
    def __init__(self, size: int) -> None:
        self._size = size
        self._names: OrderedDict[str, None] = OrderedDict()

    def add(self, name: str) -> bool:
        """Remember; was it new?"""
        new = name not in self._names
        self._names[name] = None
        self._names.move_to_end(name)
        if len(self._names) > self._size:
            self._names.popitem(last=False)
        return new

    def discard(self, name: str) -> None:
        self._names.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)
