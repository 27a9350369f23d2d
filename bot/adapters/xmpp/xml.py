"""Text that is safe in a stanza: escaped, and without characters that XML 1.0 does not know. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
# Everything but what XML 1.0 knows, without the five above: one search for both.
_UNSAFE = re.compile("[^\t\n\r\x20!#-%(-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def esc(text: str) -> str:
    """`text` for an element or for an attribute in either kind of quotes."""
    return _UNSAFE.sub(_entity, text) if _UNSAFE.search(text) else text


def safe(*texts: str) -> Sequence[str]:
    """All of them as `esc` makes them: one search for all, because hardly one needs it."""
    return [esc(text) for text in texts] if _UNSAFE.search("".join(texts)) else texts


def _entity(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0], "")


def attributes(**pairs: str) -> str:
    """` name='value'` for each pair that has a value."""
    return "".join(f" {name}='{esc(value)}'" for name, value in pairs.items() if value)


def namespace(element: Element) -> str:
    """`{namespace}` of an element, with the braces, "" if it has none."""
    return element.tag[: element.tag.find("}") + 1]


def local_name(element: Element) -> str:
    return element.tag[element.tag.find("}") + 1 :]
