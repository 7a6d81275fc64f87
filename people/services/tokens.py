"""API tokens: made, recognised, revoked."""

import secrets
import string
import zlib
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from people.authority import may_issue
from people.history import acting
from people.models import ApiToken, Office

_ALPHABET = string.ascii_letters + string.digits
_MARK = "ent_"
_SECRET_LENGTH = 32
_CHECK_LENGTH = 6
#: "Last used" is true to this: a write on every request would cost more than it tells.
USE_NOTED_EVERY = timedelta(minutes=10)


@transaction.atomic
def issue_token(
    *, name: str, scopes: list[str], office: Office | None = None, expires_at: datetime | None = None, by=None
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is never shown again.

    Args:
        by: who issues it; None is the command line, which may do everything.

    Raises:
        PermissionDenied: ``by`` does not manage the office, or gives away more than they hold.
        django.core.exceptions.ValidationError: the name is taken or a scope is unknown.
    """
    if by is not None and not may_issue(by, office, scopes):
        raise PermissionDenied("You may not issue a token with these scopes for this office.")
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))
    secret = f"{_MARK}{body}{_checksum(body)}"
    token = ApiToken(
        name=name,
        prefix=secret[:10],
        digest=_digest(secret),
        scopes=scopes,
        office=office,
        expires_at=expires_at,
    )
    with acting(user=by, reason="token issued"):
        token.full_clean()
        token.save()
    return token, secret


def find_token(secret: str) -> ApiToken | None:
    """Return the usable token with this secret, or None. A mistyped one never reaches the database."""
    body, check = secret.removeprefix(_MARK)[:-_CHECK_LENGTH], secret[-_CHECK_LENGTH:]
    if not secret.startswith(_MARK) or len(body) != _SECRET_LENGTH or _checksum(body) != check:
        return None
    return ApiToken.objects.usable().select_related("office").filter(digest=_digest(secret)).first()


def note_use(token: ApiToken) -> None:
    """Remember that a token was used just now, to within ``USE_NOTED_EVERY``."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


@transaction.atomic
def revoke_token(*, token: ApiToken, by=None, reason: str = "token revoked") -> None:
    """Make a token unusable from this moment on.

    Raises:
        PermissionDenied: ``by`` (None is the command line) does not manage the token's office.
    """
    if by is not None and not by.has_perm("people.change_apitoken", token):
        raise PermissionDenied("You may not revoke this token.")
    with acting(user=by, reason=reason):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def _digest(secret: str) -> str:
    return salted_hmac("people.ApiToken", secret, algorithm="sha256").hexdigest()


def _checksum(body: str) -> str:
    """CRC-32 of the random part in base 62, so that a leak scanner can tell a token from noise."""
    value, digits = zlib.crc32(body.encode()), ""
    while len(digits) < _CHECK_LENGTH:
        value, digit = divmod(value, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
