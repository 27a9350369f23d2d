"""Mobile numbers as people type them: with blanks, hyphens, +86, full-width, in Chinese digits. Pure."""

from __future__ import annotations

import re

from bot.spoken.folding import folded
from bot.spoken.numerals import DIGITS, digits

_ASCII_DIGITS = 11
_HAN_RUN = re.compile(rf"[{''.join(DIGITS)}](?:[\s-]*[{''.join(DIGITS)}]){{2,}}")
_NUMBER = re.compile(
    r"(?<![\d+])(?:\(?(?:\+|00)?\s*\(?86\)?[\s-]*)?(?P<own>1[\s-]*[3-9](?:[\s-]*\d){9})(?!\d)",
    re.ASCII,
)
_CARD = re.compile(r"(?<!\d)\d{4}(?:[ -]\d{4}){2,}(?:[ -]\d{1,4})?(?!\d)", re.ASCII)  # of a bank
_SHORT = re.compile(r"(?<!\d)(\d{3,8})(?!\d)", re.ASCII)
_CALLED_SHORT = re.compile(r"(?:短号|short (?:number|no\.?))\s*[是为用:]?\s*(\d{1,2})(?!\d|个)", re.ASCII)


def phones(text: str) -> tuple[str, ...]:
    """Every Chinese mobile number in `text` as 11 digits, in order, once each."""
    return tuple(dict.fromkeys(own for _, own in _found(_arabic(folded(text)))))


def phone(text: str) -> str:
    """The one mobile number in `text`, "" when there is none, or there are several."""
    found = phones(text)
    return found[0] if len(found) == 1 else ""


def short_number(text: str) -> str:
    """The one 短号 in `text` that is no part of a mobile number; "" when there is none or several.

    3 to 8 digits anywhere, fewer right behind the word: whether they can be one is for its handler to say.
    """
    line = without_phones(folded(text))
    found = dict.fromkeys(_SHORT.findall(line) or _CALLED_SHORT.findall(line))
    return next(iter(found)) if len(found) == 1 else ""


def without_phones(text: str) -> str:
    """A folded text with blanks where its mobile numbers stood."""
    line = _arabic(text)
    for typed, _ in _found(line):
        line = line.replace(typed, " ")
    return line if line != _arabic(text) else text


def _arabic(text: str) -> str:
    """Runs of three and more Chinese digits in figures, where a number may be spelt so."""
    if sum(c.isdecimal() or c in DIGITS for c in text) < _ASCII_DIGITS:
        return text
    return _HAN_RUN.sub(lambda run: digits(run[0]), text)


def _found(line: str) -> list[tuple[str, str]]:
    """(as typed, 11 digits)"""
    pairs = ((match[0], re.sub(r"\D", "", match["own"])) for match in _NUMBER.finditer(_CARD.sub(" ", line)))
    return [(typed, own) for typed, own in pairs if _mobile(own)]


def _mobile(own: str) -> bool:
    import phonenumbers  # 15 ms and its tables: only where somebody types a number

    number = phonenumbers.parse(own, "CN")
    kind = phonenumbers.number_type(number)
    return phonenumbers.is_valid_number(number) and kind == phonenumbers.PhoneNumberType.MOBILE
