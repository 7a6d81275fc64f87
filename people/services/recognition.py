"""Recognising the token behind a secret, at every request anew: nothing is remembered."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from people.clients import Address, is_within
from people.models import ApiToken, TokenState
from people.token_secrets import digest_of, is_secret

#: "Last used" is true to this: a write on every request would cost more than it tells.
USE_NOTED_EVERY = timedelta(minutes=10)


class Unusable(Exception):
    """The secret opens nothing. Its text, in ASCII, tells whoever holds it why."""


class FromElsewhere(Exception):
    """The token may not be used from this address."""


def recognise(secret: str, address: Address | None) -> ApiToken:
    """Return the token with this secret, with ``by_old_secret`` telling which of its two was given.

    Args:
        address: where the request came from.

    Raises:
        Unusable: it is unknown, was revoked or replaced, or has expired.
        FromElsewhere: ``address`` is in none of the token's networks.
    """
    token, now = _find(secret), timezone.now()
    if token is None:
        raise Unusable("This token is unknown.")
    if token.revoked_at:
        raise Unusable(f"This token was revoked on {_day(token.revoked_at)}.")
    if token.by_old_secret and not token.old_works(now):
        raise Unusable(f"This token was rotated: this secret ended on {_day(token.old_works_until)}.")
    if token.state_at(now) == TokenState.EXPIRED:
        raise Unusable(f"This token expired on {_day(token.expires_at)}.")
    if token.networks and not is_within(address, token.networks):
        raise FromElsewhere(f"This token may not be used from {address or 'an unknown address'}.")
    return token


def note_use(token: ApiToken, address: Address | None = None) -> None:
    """Remember that a token was used just now and from where, to within ``USE_NOTED_EVERY``."""
    now = timezone.now()
    noted: dict = {}
    if _is_stale(token.last_used_at, now):
        noted |= {"last_used_at": now, "last_used_from": str(address) if address else None}
    if getattr(token, "by_old_secret", False) and _is_stale(token.old_used_at, now):
        noted["old_used_at"] = now
    if noted:
        ApiToken.objects.filter(pk=token.pk).update(**noted)


def _find(secret: str) -> ApiToken | None:
    if not is_secret(secret):
        return None
    digest = digest_of(secret)
    found = ApiToken.objects.select_related("office").filter(Q(digest=digest) | Q(old_digest=digest)).first()
    if found is not None:
        found.by_old_secret = found.digest != digest
    return found


def _is_stale(noted: datetime | None, now: datetime) -> bool:
    return noted is None or now - noted >= USE_NOTED_EVERY


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
