"""TM Forum as a dialect: every order carries an externalId, and is found by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.adapters.tmf.hall import TmfHall
from bot.adapters.tmf.settings import TmfSettings
from bot.model import Brand, Ms, OrderKind
from bot.ports.dialect import HERE, OpenHall, Operator, Recognised


class Tmf:
    """Implements `ports.dialect.Dialect`."""

    recognises: Mapping[OrderKind, Recognised] = {kind: "client key" for kind in OrderKind if kind not in HERE}

    def hall(self, operator: Operator, now: Callable[[], Ms]) -> OpenHall:
        names = operator.names
        settings = TmfSettings(
            operator.base,
            operator.token,
            paths=names["paths"],
            number_filter=operator.number_filter,
            traits=names["traits"],
            kinds=names["kinds"],
            offerings=names["offerings"],
            brands={theirs: Brand(ours) for theirs, ours in names["brands"].items()},
            words=names["words"],
            cashier=operator.cashier,
            cache_seconds=operator.cache_seconds,
            total=operator.timeout,
        )
        return TmfHall(settings, now)
