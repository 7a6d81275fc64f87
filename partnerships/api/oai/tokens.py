"""Resumption tokens: where one stands in a list and which list it is, signed and good for some days.

Nothing is kept for them. Records that change meanwhile move behind every place, so none is skipped.
"""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone

from .arguments import Fault

GOOD_FOR = timedelta(days=3)
_SALT = "entente.oai"


@dataclass(frozen=True)
class Place:
    """Where a list of records goes on.

    Args:
        since, before: bounds of datestamps (ISO 8601), or None.
        datestamp, key: of the last record that was given.
        passed: how many were given; ``total``: how many there were at the beginning.
    """

    verb: str
    prefix: str
    set: str
    since: str | None
    before: str | None
    datestamp: str
    key: int
    passed: int
    total: int


@dataclass(frozen=True)
class PlaceInSets:
    """Where the list of sets goes on: behind this heading."""

    verb: str
    key: int
    passed: int


def written(place: Place | PlaceInSets) -> str:
    """Return the token for a place."""
    return signing.TimestampSigner(salt=_SALT).sign_object(list(astuple(place)), compress=True)


def read(token: str, verb: str, kind: type[Place] | type[PlaceInSets]):
    """Return the place that a token stands for.

    Raises:
        Fault: it was not made here, is too old, or belongs to another verb.
    """
    try:
        place = kind(*signing.TimestampSigner(salt=_SALT).unsign_object(token, max_age=GOOD_FOR))
    except signing.SignatureExpired as error:
        raise Fault("badResumptionToken", "This token has expired; begin again.") from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Fault("badResumptionToken", "This token was not made here.") from error
    if place.verb != verb:
        raise Fault("badResumptionToken", "This token belongs to another verb.")
    return place


def good_until() -> datetime:
    """Return the moment at which a token that is made now expires."""
    return timezone.now() + GOOD_FOR


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
