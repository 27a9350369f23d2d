"""How many text messages a text takes. Pure."""

from __future__ import annotations

_GSM = frozenset(  # 3GPP 23.038: one septet each; those of the extension take two
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")


def segments(text: str) -> int:
    """160 septets in one, 153 in each of several; with any other character 70 and 67 units of UTF-16."""
    if all(c in _GSM or c in _EXTENDED for c in text):
        size, one, each = len(text) + sum(c in _EXTENDED for c in text), 160, 153
    else:
        size, one, each = len(text.encode("utf-16-be", "surrogatepass")) // 2, 70, 67
    return 1 if size <= one else -(-size // each)
