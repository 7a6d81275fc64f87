"""Secrets of webhooks: made, kept so that they can sign, and never shown twice.

A secret that signs must be read again, so a digest will not do. It is kept encrypted, under a key
drawn from ``SECRET_KEY``: a copy of the database alone signs nothing.
"""

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

#: How a secret begins by the Standard Webhooks, so that people and leak scanners know it.
MARK = "whsec_"
_BYTES = 32


class Unreadable(Exception):
    """A secret was kept under another ``SECRET_KEY``."""


def new_secret() -> str:
    """Return a fresh secret as its receiver writes it: ``whsec_`` and base64 of 32 random bytes."""
    return MARK + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sealed(secret: str) -> str:
    """Return ``secret`` as it is kept."""
    return _box().encrypt(secret.encode()).decode()


def opened(kept: str) -> str:
    """Return the secret that was ``sealed``.

    Raises:
        Unreadable: neither ``SECRET_KEY`` nor one of ``SECRET_KEY_FALLBACKS`` opens it.
    """
    try:
        return _box().decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret_key: str) -> bytes:
    drawn = salted_hmac("partnerships.WebhookSubscription", "secret", secret_key, algorithm="sha256")
    return base64.urlsafe_b64encode(drawn.digest())
