"""The operator's dialect, found among the entry points of the installed packages and checked before the first call."""

from __future__ import annotations

from importlib.metadata import entry_points

from rapidfuzz import process

from bot.adapters.tmf.dialect import Tmf
from bot.errors import ConfigError
from bot.model import OrderKind
from bot.ports.dialect import HERE, Dialect

GROUP = "hallbot.hall"
AT = ("operator", "dialect")
OURS = "tmf"  # an entry point like any other, which no start needs to search for


def dialect(name: str) -> Dialect:
    """ConfigError when there is none of that name, or one that could lose sight of an order."""
    speaks = Tmf() if name == OURS else _installed(name)
    lost = [kind.value for kind in OrderKind if kind not in HERE and kind not in speaks.recognises]
    if lost:
        raise ConfigError(
            f"operator.dialect: {name!r} does not say how orders of kind {', '.join(lost)} are found again when their "
            "answer is lost; without a client key or a natural key they could happen twice",
            AT,
        )
    return speaks


def _installed(name: str) -> Dialect:
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in found:
        near = process.extractOne(name, [OURS, *found], score_cutoff=60)
        meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted({OURS, *found}))}"
        raise ConfigError(f"operator.dialect: there is no {name!r}, {meant}", AT)
    speaks: Dialect = found[name].load()()
    return speaks
