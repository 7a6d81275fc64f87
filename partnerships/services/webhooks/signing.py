"""Signatures by the Standard Webhooks scheme: an HMAC over id, timestamp and the exact bytes."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from .secrets import MARK


def signed_headers(*, secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers that let a receiver tell that ``body`` is ours and fresh.

    Args:
        secrets: each signs; while a secret is replaced there are two, and either one verifies.
        timestamp: the time of this attempt, in seconds since 1970.
    """
    signatures = " ".join(signature(secret, message_id, timestamp, body) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures,
    }


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return ``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``."""
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
