"""Calendars to subscribe to: of the deadlines of one person, and of the ends of any list of agreements."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from partnerships.calendars import MOST, calendar, event_of
from partnerships.deadlines import DeadlineKind, deadlines_of
from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Agreement, IndexCard
from partnerships.services.reminders.preferences import person_of_calendar

from .pages import PublicPage

#: What ended longer ago is left out of calendars.
LOOK_BACK = timedelta(days=365)


class CalendarOfPerson(PublicPage):
    """What falls due of the records that somebody looks after; whoever knows the address reads it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        person = person_of_calendar(token)
        if person is None:
            raise Http404("There is no such calendar.")
        rows = Agreement.objects.visible_to(person).looked_after_by(person)
        rows = _falling_due(rows)[: MOST + 1]
        found = [(row, deadline) for row in rows for deadline in deadlines_of(row)]
        events = [event_of(row, deadline, _admin_address(row), _host()) for row, deadline in found[:MOST]]
        notes = ["Deadlines of the records that you look after."]
        if len(found) > MOST:
            notes.append(f"Only the first {MOST} are given.")
        response = _answer(calendar("Entente: my deadlines", notes, events), "my-deadlines")
        patch_cache_control(response, private=True, no_store=True)
        return response


class CalendarOfList(PublicPage):
    """The ends of the agreements that ``/agreements/`` shows for the same question.

    An end known to a month or a year only has no day, so it is left out, and the file says so.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        questions = AgreementFilterSet(
            request.GET, queryset=IndexCard.objects.visible_to(self.user), request=request
        )
        if not questions.is_valid() or questions.unknown_parameters:
            return HttpResponse(_complaints(questions), status=400, content_type="text/plain; charset=utf-8")
        cards = questions.narrowed(IndexCard.objects.visible_to(self.user))
        cards = cards.filter(ends_on__first_day__gte=timezone.localdate() - LOOK_BACK)
        nearest = list(cards.order_by("ends_on__first_day", "pk").values_list("pk", flat=True)[: MOST + 1])
        rows = Agreement.objects.visible_to(self.user).filter(pk__in=nearest)
        rows = list(_falling_due(rows)[: MOST + 1])
        found = [(row, deadline) for row in rows[:MOST] for deadline in deadlines_of(row)]
        ends = [(row, deadline) for row, deadline in found if deadline.kind == DeadlineKind.END]
        events = [
            event_of(row, deadline, _address(row), _host()) for row, deadline in ends if deadline.is_exact
        ]
        notes = ["Ends of agreements, from a year ago on."]
        if left_out := len(ends) - len(events):
            notes.append(f"{left_out} more are left out: of their end no day is known.")
        if len(nearest) > MOST:
            notes.append(f"Only the first {MOST} by end are looked at; narrow the question for the others.")
        return _answer(calendar("Entente: ends of agreements", notes, events), "agreements")


def _falling_due(rows: QuerySet) -> QuerySet:
    first = timezone.localdate() - LOOK_BACK
    rows = rows.with_deadlines()
    return rows.filter(end_deadline__gte=first).order_by("end_deadline", "pk")


def _complaints(questions: AgreementFilterSet) -> str:
    lines = [f"“{name}” is not a filter of agreements." for name in questions.unknown_parameters]
    for field, messages in questions.form.errors.items():
        lines += [f"{field}: {message}" for message in messages]
    return "\n".join(lines)


def _answer(text: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.ics"',
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )


def _address(agreement: Agreement) -> str:
    return settings.SITE_ADDRESS + reverse("partnerships:agreement-detail", args=[agreement.uid])


def _admin_address(agreement: Agreement) -> str:
    return settings.SITE_ADDRESS + reverse("admin:partnerships_agreement_change", args=[agreement.pk])


def _host() -> str:
    return urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
