"""Reading an operator's JSON: lenient about form, strict about meaning. Pure; what cannot be read is Unavailable."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from bot.errors import Unavailable
from bot.model import SHANGHAI

Json = Mapping[str, object]
FEN = Decimal("0.01")
_MOST = Decimal(10) ** 12  # no bill of a customer is as long as this; keeps absurd exponents out of arithmetic

_UNITS = {
    **dict.fromkeys(("", "cny", "rmb", "yuan", "元", "人民币", "人民币元", "¥"), Decimal(1)),
    **dict.fromkeys(("jiao", "角"), Decimal("0.1")),
    **dict.fromkeys(("fen", "分", "cent", "cents", "cnycent", "cnycents", "人民币分"), FEN),
    **dict.fromkeys(("li", "厘"), Decimal("0.001")),
}


def wrong() -> Unavailable:
    """An answer of the wrong shape; its content stays out of the text."""
    return Unavailable("operator")


def obj(value: object) -> Json:
    if not isinstance(value, dict):
        raise wrong()
    return value


def rows(value: object) -> list[Json]:
    """A list of objects; a missing one is empty, a single object counts as a list of one."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise wrong()
    for row in value:
        if not isinstance(row, dict):
            raise wrong()
    return value


@lru_cache(maxsize=256)  # as many as the code and its settings name
def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def at(value: object, path: str) -> object:
    """What stands at `a.b.0.c`, None when any part is missing."""
    for part in _parts(path):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def mine(found: list[Json], path: str, id: str) -> list[Json]:
    """Without what belongs to somebody else: an operator that does not know a filter answers with everything."""
    return [row for row in found if at(row, path) in (None, id)]


def text(value: object, path: str = "", cap: int = 200) -> str:
    """Words that may be shown: one line, printable, trimmed, capped. Numbers count as words; missing is empty."""
    found = at(value, path) if path else value
    if not isinstance(found, str):
        found = str(found) if isinstance(found, (int, Decimal)) and not isinstance(found, bool) else ""
    if found.isprintable() and " " not in found:  # most are one word: no other blank is printable
        return found[:cap]
    line = " ".join(found.split())
    return (line if line.isprintable() else "".join(filter(str.isprintable, line)))[:cap]


def ident(value: object, path: str = "") -> str:
    """An id, exactly as it was given; missing, empty, overlong or with control characters is wrong."""
    found = at(value, path) if path else value
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        raise wrong()
    id = str(found)
    if not id or len(id) > 200 or not id.isprintable():
        raise wrong()
    return id


def enum(value: object, path: str = "") -> str:
    """A state or type, trimmed and folded: TMF637 itself writes "aborted " with a trailing blank."""
    return _folded(text(value, path))


@lru_cache(maxsize=1024)
def _folded(word: str) -> str:
    return word.casefold().replace(" ", "")


def flag(value: object, path: str = "") -> bool:
    found = at(value, path) if path else value
    return found is True or text(found).casefold() in {"true", "yes", "y", "1", "是"}


def decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise wrong()
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
        within = -_MOST < number < _MOST
    except InvalidOperation:  # also of what is no number, when it is compared
        raise wrong() from None
    if not within:
        raise wrong()
    return number


def whole(value: object) -> int:
    """Points and counts: 120, 120.0, "120"."""
    if type(value) is int and -_MOST < value < _MOST:
        return value
    number = decimal(value)
    if number != number.to_integral_value():
        raise wrong()
    return int(number)


def yuan(value: object) -> Decimal:
    """Money of any API (`value`/`unit`, `amount`/`units`, `amount`/`unit`) in yuan, exact; without unit it is yuan."""
    told = obj(value)
    number = told["value"] if "value" in told else told.get("amount")
    if isinstance(number, dict):  # some nest the Money: {"amount": {"unit": …, "value": …}}
        return yuan(number)
    factor = _factor(text(told["unit"] if "unit" in told else told.get("units", told.get("currency"))))
    if factor is None:
        raise wrong()
    return decimal(number) * factor


def fen(amount: Decimal) -> Decimal:
    """Rounded to the fen: servers that add binary fractions answer 58.300000000000004."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def money(value: object) -> Decimal:
    return fen(yuan(value))


def moment(value: object) -> datetime:
    """A date or a date-time, on the hall's clock; without a zone it is meant so already."""
    if not isinstance(value, str):
        raise wrong()
    return _moment(value.strip())


@lru_cache(maxsize=1024)  # bills, services and points of everybody begin and end on the same days
def _moment(value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(SHANGHAI) if found.tzinfo else found.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError):
        raise wrong() from None


def day(value: object) -> str:
    """ "2027-03-31", empty when missing."""
    return "" if value is None else moment(value).date().isoformat()


def month_of(value: object) -> str:
    return moment(value).isoformat()[:7] if value is not None else ""


def start_of(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:7]), 1, tzinfo=SHANGHAI)


def since_of(since: str) -> datetime:
    """Where a history starts: a month, a date or a date-time, of our own making."""
    return start_of(since) if len(since) == 7 else moment(since)


def next_month(month: str) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:7]), 12)
    return f"{year:04d}-{number + 1:02d}"


def code(value: object) -> str:
    """The operator's own code of a refusal, fit for logs: short, and nothing that could be a number of a person."""
    found = text(value, cap=60)
    kept = found if found.isascii() and all(letter.isalnum() or letter in "_.-" for letter in found) else ""
    digits = sum(letter.isdigit() for letter in kept)
    return kept if kept and len(kept) <= 40 and digits < 7 else "refused"


@lru_cache(maxsize=256)
def _factor(unit: str) -> Decimal | None:
    """Yuan of one; None for no money."""
    plain = unicodedata.normalize("NFKC", unit).casefold().replace(" ", "").replace("-", "").replace("_", "")
    return _UNITS.get(plain)
