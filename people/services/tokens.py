"""API tokens: issued, rotated, changed, revoked. Who recognises them stands in ``recognition``."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from people.access import sees_everything
from people.authority import may_issue
from people.clients import network
from people.history import acting
from people.models import ApiToken, Office
from people.token_secrets import digest_of, new_secret, prefix_of

#: How long a token works unless told otherwise: of use for long, and looked at again one day.
LASTS = timedelta(days=365)
#: How long the secret before a rotation works unless told otherwise, and at most.
OVERLAP, LONGEST_OVERLAP = timedelta(days=7), timedelta(days=90)
UNCHANGED: object = object()
_REVISED = ("networks", "contact", "notes", "rate_limit", "expires_at")


@transaction.atomic
def issue_token(
    *,
    name: str,
    scopes: list[str],
    office: Office | None = None,
    expires_at: datetime | None = None,
    networks: Iterable[str] = (),
    contact: str = "",
    notes: str = "",
    rate_limit: int | None = None,
    by=None,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is never shown again.

    Args:
        networks: from where it may be used, as CIDR; none: from everywhere.
        rate_limit: units a minute; 0: no limit; None: as the installation is set.
        by: who issues it; None is the command line, which may do everything.

    Raises:
        PermissionDenied: ``by`` does not manage the office, or gives away more than they hold.
        django.core.exceptions.ValidationError: the name is taken, a scope or network is unknown.
    """
    if by is not None and not may_issue(by, office, scopes):
        raise PermissionDenied("You may not issue a token with these scopes for this office.")
    _require_may_limit(by, rate_limit, None)
    secret = new_secret()
    token = ApiToken(
        name=name,
        prefix=prefix_of(secret),
        digest=digest_of(secret),
        scopes=scopes,
        office=office,
        expires_at=expires_at,
        networks=_written(networks),
        contact=contact,
        notes=notes,
        rate_limit=rate_limit,
    )
    with acting(user=by, reason="token issued"):
        token.full_clean()
        token.save()
    return token, secret


@transaction.atomic
def rotate_token(
    *,
    token: ApiToken,
    old_works_until: datetime,
    expires_at=UNCHANGED,
    by=None,
    reason: str = "token rotated",
) -> str:
    """Give a token a new secret and return it; the present one works until ``old_works_until``.

    A secret that an earlier rotation left working ends now: a token has at most two.

    Args:
        expires_at: when the token itself ends from now on (None: never); as it stands unless given.

    Raises:
        PermissionDenied: ``by`` (None is the command line) may not issue such a token.
        ValidationError: the token is revoked, or one of the moments makes no sense.
    """
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("office").get(pk=token.pk)
    if by is not None and not (
        by.has_perm("people.change_apitoken", token) and may_issue(by, token.office, token.scopes)
    ):
        raise PermissionDenied("You may not rotate this token.")
    now = timezone.now()
    _require_standing(token)
    if old_works_until > now + LONGEST_OVERLAP:
        raise ValidationError({"old_works_until": f"At most {LONGEST_OVERLAP.days} days from now."})
    if expires_at is not UNCHANGED:
        token.expires_at = expires_at
    if token.expires_at and token.expires_at <= now:
        raise ValidationError({"expires_at": "The token has expired: say until when it shall work."})
    secret = new_secret()
    token.old_prefix, token.old_digest = token.prefix, token.digest
    token.old_works_until, token.old_used_at = max(old_works_until, now), None
    token.prefix, token.digest = prefix_of(secret), digest_of(secret)
    with acting(user=by, reason=reason):
        token.full_clean()
        token.save()
    return secret


@transaction.atomic
def revise_token(
    *, token: ApiToken, seen: str | None = None, by=None, reason: str = "token changed", **facts
) -> ApiToken:
    """Change ``networks``, ``contact``, ``notes``, ``rate_limit`` or ``expires_at`` of a token.

    What it may do, and for which office, never changes: another token is issued for that.

    Args:
        seen: what ``standing`` said of the token when the values were read; None: whatever stands.

    Raises:
        PermissionDenied: ``by`` (None is the command line) may not issue such a token.
        ValidationError: the token is revoked or was changed meanwhile, or a value is wrong; by field.
    """
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("office").get(pk=token.pk)
    if by is not None and not (
        by.has_perm("people.change_apitoken", token) and may_issue(by, token.office, token.scopes)
    ):
        raise PermissionDenied("You may not change this token.")
    _require_standing(token)
    if seen is not None and seen != standing(token):
        raise ValidationError(
            "Somebody else has changed this token meanwhile. Look at it again before you change it.",
            code="stale",
        )
    if unknown := set(facts) - set(_REVISED):
        raise TypeError(f"These do not change: {sorted(unknown)}")
    _require_may_limit(by, facts.get("rate_limit", token.rate_limit), token.rate_limit)
    if "networks" in facts:
        facts["networks"] = _written(facts["networks"])
    for name, value in facts.items():
        setattr(token, name, value)
    with acting(user=by, reason=reason):
        token.full_clean()
        token.save()
    return token


@transaction.atomic
def revoke_token(*, token: ApiToken, by=None, reason: str = "token revoked") -> None:
    """Make a token unusable from this moment on, with every secret that it has.

    Raises:
        PermissionDenied: ``by`` (None is the command line) does not manage the token's office.
    """
    if by is not None and not by.has_perm("people.change_apitoken", token):
        raise PermissionDenied("You may not revoke this token.")
    with acting(user=by, reason=reason):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def standing(token: ApiToken) -> str:
    """A fingerprint of what may change of a token."""
    values = repr([getattr(token, name) for name in _REVISED])
    return hashlib.sha256(values.encode()).hexdigest()


def _require_standing(token: ApiToken) -> None:
    if token.revoked_at:
        raise ValidationError("This token is revoked.", code="revoked")


def _require_may_limit(by, wanted: int | None, stands: int | None) -> None:
    """How much one system may take from all others is decided by those who run the installation."""
    if wanted != stands and by is not None and not sees_everything(by):
        raise PermissionDenied("Only a superuser gives a token a limit of its own.")


def _written(networks: Iterable[str]) -> list[str]:
    """Networks in their one form, each once.

    Raises:
        ValidationError: by the field ``networks``, one message a network that is none.
    """
    found, faults = [], []
    for text in networks:
        try:
            found.append(str(network(text)))
        except ValidationError as error:
            faults.append(error)
    if faults:
        raise ValidationError({"networks": faults})
    return list(dict.fromkeys(found))
