"""The calls of TM Forum's v4: lists in pages, refusals with the operator's code, a POST exactly once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Literal, TypeVar

from msgspec import Struct

from bot.adapters.http import Answer, Decoder, JsonHttp, decoder, quoted
from bot.adapters.tmf.settings import PATHS, TmfSettings
from bot.adapters.tmf.shapes import shaped
from bot.adapters.tmf.values import Json, code, obj, rows, wrong
from bot.errors import HallError, OutcomeUnknown, Refused, Unavailable

S = TypeVar("S", bound=Struct)
T = TypeVar("T")
Asked = Coroutine[Any, Any, T]
PAGE = 200  # rows asked for at once: some 150 KB, well below the cap
PAGES = 20  # at most, of one list
_OURS = frozenset({401, 407, 429})  # our credentials or our pace: nothing a customer could be told


class Client:
    def __init__(self, settings: TmfSettings) -> None:
        self._paths = {api: settings.path(api) for api in PATHS}
        self._wanted: dict[type[Struct], Decoder] = {}
        self._http = JsonHttp(settings.base, settings.token, what="operator", limits=settings.limits)
        self.start = self._http.start
        self.close = self._http.close
        self.as_one = self._http.as_one

    def rows(self, api: str, query: Mapping[str, str], *segments: str, certain: bool = False) -> Asked[list[Json]]:
        """All pages of a list. 404 means none, unless that must be `certain`. Unavailable, Refused."""
        return self._pages(self._path(api, segments), query, _rows, certain=certain)

    def shaped(self, api: str, query: Mapping[str, str], shape: type[S]) -> Asked[list[S]]:
        """The same as rows of a known shape."""
        wanted = self._wanted.get(shape)
        if wanted is None:
            wanted = self._wanted[shape] = decoder(list[shape])  # type: ignore[valid-type]  # known at run time only

        def read(answer: Answer) -> list[S]:
            fitting: Any = answer.data
            return fitting if answer.fits else shaped(answer.data, shape)

        return self._pages(self._paths[api], query, read, wanted)

    async def page(self, api: str, query: Mapping[str, str], offset: int, limit: int) -> tuple[list[Json], int]:
        """One page of a list, and how many rows the whole of it has (at least, when the operator does not count)."""
        asked = {**query, "offset": str(offset), "limit": str(limit)}
        answer = await self._http.get(self._path(api, ()), asked.items())
        if answer.status == 404 and _is_error(answer.data):
            return [], offset
        if not answer.ok:
            raise _refusal(answer)
        found = rows(answer.data)
        return found[:limit], max(_expected(answer, len(found), offset + len(found)), offset + len(found))

    async def one(self, api: str, *segments: str) -> Json | None:
        """One resource, None when there is no such."""
        answer = await self._http.get(self._path(api, segments))
        if answer.ok:
            return obj(answer.data)
        if answer.status == 404 and _is_error(answer.data):
            return None
        raise _refusal(answer)

    async def post(self, api: str, body: Mapping[str, object], *segments: str, key: str = "") -> object:
        """What was answered to it. Refused, Unavailable: not sent, OutcomeUnknown."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = await self._http.post(self._path(api, segments), body, headers)
        if answer.ok:
            return answer.data
        raise _refusal_of_change(answer)

    # --- TMF658 v1: balances below the account, moves below the balance ---------------------------------------------

    def balances(self, account: str) -> Asked[list[Json]]:
        return self.rows("loyalty", {}, account, "loyaltyBalance", certain=True)

    async def moves(
        self, account: str, balance: str, kind: Literal["Earn", "Burn"], query: Mapping[str, str]
    ) -> list[Json]:
        return await self.rows("loyalty", query, account, "loyaltyBalance", balance, f"loyalty{kind}", certain=True)

    async def burn(self, account: str, balance: str, body: Mapping[str, object], key: str) -> object:
        return await self.post("loyalty", body, account, "loyaltyBalance", balance, "loyaltyBurn", key=key)

    async def _pages(
        self,
        path: str,
        query: Mapping[str, str],
        read: Callable[[Answer], list[T]],
        wanted: Decoder | None = None,
        certain: bool = False,
    ) -> list[T]:
        found: list[T] = []
        until = self._http.deadline()  # of all pages together
        page = {**query, "limit": str(PAGE)}
        for _ in range(PAGES):
            if found:
                page["offset"] = str(len(found))
            answer = await self._http.get(path, page.items(), until, wanted)
            if answer.status == 404 and not certain and _is_error(answer.data):
                return found
            if not answer.ok:
                raise _refusal(answer)
            new = read(answer)
            found += new
            if not new or len(found) >= _expected(answer, len(new), len(found)):
                return found
        raise wrong()

    def _path(self, api: str, segments: tuple[str, ...]) -> str:
        path = self._paths[api]
        return "/".join((path, *map(segment, segments))) if segments else path


def _rows(answer: Answer) -> list[Json]:
    return rows(answer.data)


def segment(text: str) -> str:
    """One segment of a path, whatever is in it. Ids come from answers too: `..` stays where it is."""
    if text in {"", ".", ".."}:
        raise wrong()
    return quoted(text)


def _expected(answer: Answer, new: int, found: int) -> int:
    """How many rows the whole list has; without a count, a 206 says that there are more."""
    if answer.total is not None:
        return answer.total
    return found + 1 if answer.status == 206 else found


def _is_error(data: object) -> bool:
    """TM Forum's Error: `code` with `reason` (v4) or `message` (658 v1)."""
    return isinstance(data, dict) and "code" in data and ("reason" in data or "message" in data)


def _code(error: Json) -> str:
    """658 v1 has the HTTP status as code, and the word for programs, if any, as description."""
    given, said = error["code"], error.get("description")
    return code(
        said if isinstance(given, int) and isinstance(said, str) and said.isalpha() and said.isascii() else given
    )


def _refusal(answer: Answer) -> HallError:
    if answer.status in _OURS or not isinstance(answer.data, dict) or not _is_error(answer.data):
        return Unavailable("operator")
    return Refused(_code(answer.data))


def _refusal_of_change(answer: Answer) -> HallError:
    """A gateway's own page (no Error in it) says nothing about what happened behind it, but for "no such place"."""
    if answer.status == 408 or (answer.status not in {*_OURS, 404, 405} and not _is_error(answer.data)):
        return OutcomeUnknown("operator")
    return _refusal(answer)
