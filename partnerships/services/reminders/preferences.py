"""How a person wants to be reminded, and the secret address of their calendar."""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from partnerships.models import SavedFilter, StaffSettings
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


def calendar_address(kept: StaffSettings, saved: SavedFilter | None = None) -> str:
    """Return the whole secret address, or nothing where there is none.

    The database holds half of it; the other half is a signature with the installation's secret key.
    The address of a filter's calendar does not open the person's own one.

    Args:
        saved: the filter whose calendar is meant; the records that the person looks after if None.
    """
    if not kept.calendar_key:
        return ""
    token = _signer.sign(f"{kept.calendar_key}-{saved.uid}" if saved else kept.calendar_key)
    return settings.SITE_ADDRESS + reverse("partnerships:calendar-of-staff", args=[token])


class Opened(NamedTuple):
    """The calendar that an address opens: whose it is, and of which filter."""

    person: User
    saved: SavedFilter | None


def opened_by(token: str) -> Opened | None:
    """Return the calendar that ``token`` opens; None where there is none, or its person is gone."""
    try:
        key, _, uid = _signer.unsign(token).partition("-")
    except BadSignature:
        return None
    person = User.objects.filter(staff_settings__calendar_key=key, is_active=True, is_staff=True).first()
    if person is None or not uid:
        return person and Opened(person, None)
    saved = SavedFilter.objects.visible_to(person).filter(uid=uid).first()
    return saved and Opened(person, saved)
