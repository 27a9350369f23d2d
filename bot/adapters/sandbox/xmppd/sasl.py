"""The server's side of SASL: SCRAM-SHA-256, SCRAM-SHA-1 and PLAIN, one step at a time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import NamedTuple, Protocol

from bot.adapters.sandbox.xmppd.credentials import ITERATIONS, Credentials, Keys

SCRAM = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1"}


class Refused(Exception):
    """The log-in failed; the text is a SASL condition (RFC 6120 6.5)."""


class Challenge(NamedTuple):
    data: bytes


class Success(NamedTuple):
    local: str
    data: bytes


class Exchange(Protocol):
    def step(self, data: bytes) -> Challenge | Success:
        """Raises Refused."""


def begin(mechanism: str, credentials: Credentials, domain: str, plain: bool) -> Exchange:
    if mechanism in SCRAM:
        return Scram(credentials, SCRAM[mechanism], domain)
    if mechanism == "PLAIN" and plain:
        return Plain(credentials, domain)
    raise Refused("invalid-mechanism")


def decode(text: str) -> bytes:
    """The content of <auth/> and <response/>; a lone "=" is the empty string."""
    try:
        return b"" if text.strip() == "=" else base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("incorrect-encoding") from None


class Plain:
    def __init__(self, credentials: Credentials, domain: str) -> None:
        self._credentials, self._domain = credentials, domain

    def step(self, data: bytes) -> Challenge | Success:
        try:
            identity, name, password = data.decode().split("\0")
        except ValueError:
            raise Refused("malformed-request") from None
        local = _local(name, self._domain)
        if not self._credentials.fits(local, password):
            raise Refused("not-authorized")
        _only_oneself(identity, local, self._domain)
        return Success(local, b"")


class Scram:
    """RFC 5802 without channel binding: first message -> challenge -> proof -> verifier."""

    def __init__(self, credentials: Credentials, algorithm: str, domain: str) -> None:
        self._credentials, self._algorithm, self._domain = credentials, algorithm, domain
        self._keys: Keys | None = None
        self._local = self._header = self._nonce = self._first = self._challenge = ""

    def step(self, data: bytes) -> Challenge | Success:
        try:
            text = data.decode()
            return self._start(text) if self._keys is None else self._finish(text, self._keys)
        except (ValueError, KeyError, binascii.Error):
            raise Refused("malformed-request") from None

    def _start(self, text: str) -> Challenge:
        binding, identity, self._first = text.split(",", 2)
        if binding not in ("n", "y"):
            raise Refused("malformed-request")
        self._header = f"{binding},{identity},"
        fields = _fields(self._first)
        self._local = _local(_unescape(fields["n"]), self._domain)
        _only_oneself(_unescape(identity.removeprefix("a=")), self._local, self._domain)
        self._nonce = fields["r"] + secrets.token_urlsafe(18)
        self._keys = self._credentials.keys(self._local, self._algorithm)
        salt = base64.b64encode(self._keys.salt).decode()
        self._challenge = f"r={self._nonce},s={salt},i={ITERATIONS}"
        return Challenge(self._challenge.encode())

    def _finish(self, text: str, keys: Keys) -> Success:
        without_proof, _, proof = text.rpartition(",p=")
        fields = _fields(without_proof)
        signed = f"{self._first},{self._challenge},{without_proof}".encode()
        signature = hmac.digest(keys.stored, signed, self._algorithm)
        key = _xor(base64.b64decode(proof, validate=True), signature)
        stored = hashlib.new(self._algorithm, key).digest()
        fresh = hmac.compare_digest(fields["r"].encode(), self._nonce.encode())
        header = base64.b64decode(fields["c"], validate=True) == self._header.encode()
        if not (hmac.compare_digest(stored, keys.stored) and fresh and header):
            raise Refused("not-authorized")
        verifier = hmac.digest(keys.server, signed, self._algorithm)
        return Success(self._local, b"v=" + base64.b64encode(verifier))


def _fields(text: str) -> dict[str, str]:
    return {part[0]: part[2:] for part in text.split(",") if part[1:2] == "="}


def _unescape(name: str) -> str:
    return name.replace("=2C", ",").replace("=3D", "=")


def _xor(left: bytes, right: bytes) -> bytes:
    if len(left) != len(right):
        raise ValueError("lengths differ")
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _local(name: str, domain: str) -> str:
    """Some clients send the whole address."""
    return name.lower().removesuffix(f"@{domain}")


def _only_oneself(identity: str, local: str, domain: str) -> None:
    if identity and identity.lower() != f"{local}@{domain}":
        raise Refused("invalid-authzid")
