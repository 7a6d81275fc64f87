"""Calendars of staff, under a secret address: what falls due of one's own records, or of a saved filter."""

from copy import copy

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.cache import patch_cache_control

from partnerships.calendars import MOST, as_file, calendar, event_of, first_day
from partnerships.deadlines import deadlines_of
from partnerships.models import Agreement, SavedFilter
from partnerships.services.reminders.preferences import opened_by
from people.models import User


def calendar_of_staff(request: HttpRequest, token: str) -> HttpResponse:
    """What falls due, as whoever made the address sees it; whoever knows the address reads it."""
    opened = opened_by(token)
    if opened is None:
        raise Http404("There is no such calendar.")
    if opened.saved is None:
        rows = Agreement.objects.visible_to(opened.person).looked_after_by(opened.person)
        name, about = "Entente: my deadlines", "Deadlines of the records that you look after."
    else:
        rows = _found_by(request, opened.person, opened.saved)
        name, about = f"Entente: {opened.saved}", f"Deadlines of what the filter “{opened.saved}” finds."
    answer = as_file(_written(name, about, rows), "deadlines")
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _written(name: str, about: str, rows) -> bytes:
    rows = rows.falling_due_from(first_day())[: MOST + 1]
    found = [(row, deadline) for row in rows for deadline in deadlines_of(row)]
    events = [event_of(row, deadline, _address(row)) for row, deadline in found[:MOST]]
    notes = [about]
    if len(found) > MOST:
        notes.append(f"Only the first {MOST} are given.")
    return calendar(name, notes, events)


def _found_by(request: HttpRequest, person: User, saved: SavedFilter):
    """The agreements that the list of the admin would show to ``person``, nearest ends first."""
    asking = copy(request)
    asking.user, asking.GET, asking.method = person, QueryDict(saved.question), "GET"
    try:
        cards = admin.site.get_model_admin(Agreement).get_changelist_instance(asking).cards()
    except IncorrectLookupParameters as error:
        raise Http404("This filter asks something that the list does not know any more.") from error
    nearest = cards.filter(ends_on__first_day__gte=first_day()).order_by("ends_on__first_day", "pk")
    keys = list(nearest.values_list("pk", flat=True)[: MOST + 1])
    return Agreement.objects.visible_to(person).filter(pk__in=keys)


def _address(agreement: Agreement) -> str:
    return settings.SITE_ADDRESS + reverse("admin:partnerships_agreement_change", args=[agreement.pk])
