"""How a person wants to be reminded, and the secret address of their calendar."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from partnerships.models import StaffSettings
from people.history import acting
from people.models import User
from people.transactions import one_transaction

_signer = Signer(salt="partnerships.calendar", sep=".")


@one_transaction
def choose_reminders(*, user: User, frequency: str) -> None:
    """Keep how ``user`` wants to be reminded (a value of ``Frequency``)."""
    with acting(user=user, reason="own settings"):
        StaffSettings.objects.update_or_create(user=user, defaults={"reminders": frequency})


@one_transaction
def renew_calendar(*, user: User) -> None:
    """Give the calendar of ``user`` a new address; an earlier one opens nothing any more."""
    with acting(user=user, reason="own settings"):
        StaffSettings.objects.update_or_create(user=user, defaults={"calendar_key": secrets.token_hex(12)})


@one_transaction
def close_calendar(*, user: User) -> None:
    """Take the address of the calendar of ``user`` away."""
    with acting(user=user, reason="own settings"):
        StaffSettings.objects.filter(user=user).update(calendar_key=None)


def calendar_address(kept: StaffSettings) -> str:
    """Return the whole secret address, or nothing where there is none.

    The database holds half of it; the other half is a signature with the installation's secret key.
    """
    if not kept.calendar_key:
        return ""
    token = _signer.sign(kept.calendar_key)
    return settings.SITE_ADDRESS + reverse("partnerships:calendar-of-person", args=[token])


def person_of_calendar(token: str) -> User | None:
    """Return the active member of staff whose calendar ``token`` opens, or None."""
    try:
        key = _signer.unsign(token)
    except BadSignature:
        return None
    return User.objects.filter(staff_settings__calendar_key=key, is_active=True, is_staff=True).first()
