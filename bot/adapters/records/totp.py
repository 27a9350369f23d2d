"""One-time codes of an authenticator app (RFC 6238). Pure."""

from __future__ import annotations

import base64
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.model import Ms

STEP = 30  # seconds, as every authenticator app has it
DRIFT = (-1, 0, 1)  # steps that a phone's clock may be off


def step_of(secret: bytes, code: str, now: Ms) -> int:
    """The step whose code this is, one off at most; 0 = none. A step counts once: whoever asks remembers it."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return 0
    totp = TOTP(secret, 6, SHA1(), STEP, enforce_key_length=False)
    for off in DRIFT:
        at = now // 1000 + off * STEP
        try:
            totp.verify(digits.encode(), at)
        except InvalidToken:
            continue
        return at // STEP
    return 0


def base32(secret: bytes) -> str:
    return base64.b32encode(secret).decode()


def address(label: str, secret: str, issuer: str) -> str:
    """The otpauth address that an authenticator app reads as a QR code. `secret` in base32."""
    named = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{label}', safe='')}?{named}"
