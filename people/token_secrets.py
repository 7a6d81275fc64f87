"""The secrets of API tokens: made, told from noise, digested."""

import secrets
import string
import zlib

from django.utils.crypto import salted_hmac

_ALPHABET = string.ascii_letters + string.digits
_MARK = "ent_"
_SECRET_LENGTH = 32
_CHECK_LENGTH = 6
_PREFIX_LENGTH = 10


def new_secret() -> str:
    """Return a secret with a mark in front and a checksum at the end, so that leak scanners find it."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))
    return f"{_MARK}{body}{_checksum(body)}"


def is_secret(text: str) -> bool:
    """True if ``text`` may be a secret: what was mistyped or cut off never reaches the database."""
    if len(text) != len(_MARK) + _SECRET_LENGTH + _CHECK_LENGTH or not text.startswith(_MARK):
        return False
    body, check = text[len(_MARK) : -_CHECK_LENGTH], text[-_CHECK_LENGTH:]
    return text.isascii() and _checksum(body) == check


def prefix_of(secret: str) -> str:
    """How the secret begins, to recognise it in a list."""
    return secret[:_PREFIX_LENGTH]


def digest_of(secret: str) -> str:
    """What is stored of it: a digest keyed with ``SECRET_KEY``."""
    return salted_hmac("people.ApiToken", secret, algorithm="sha256").hexdigest()


def _checksum(body: str) -> str:
    """CRC-32 of the random part in base 62."""
    value, digits = zlib.crc32(body.encode()), ""
    while len(digits) < _CHECK_LENGTH:
        value, digit = divmod(value, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
