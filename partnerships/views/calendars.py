"""A calendar to subscribe to: the ends of the agreements of any list."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from partnerships.calendars import MOST, as_file, calendar, event_of, first_day
from partnerships.deadlines import DeadlineKind, deadlines_of
from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Agreement, IndexCard

from .pages import PublicPage


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
        cards = cards.filter(ends_on__first_day__gte=first_day())
        nearest = list(cards.order_by("ends_on__first_day", "pk").values_list("pk", flat=True)[: MOST + 1])
        rows = Agreement.objects.visible_to(self.user).filter(pk__in=nearest)
        rows = list(rows.falling_due_from(first_day()))
        found = [(row, deadline) for row in rows[:MOST] for deadline in deadlines_of(row)]
        ends = [(row, deadline) for row, deadline in found if deadline.kind == DeadlineKind.END]
        events = [event_of(row, deadline, _address(row)) for row, deadline in ends if deadline.is_exact]
        notes = ["Ends of agreements, from a year ago on."]
        if left_out := len(ends) - len(events):
            notes.append(f"{left_out} more are left out: of their end no day is known.")
        if len(nearest) > MOST:
            notes.append(f"Only the first {MOST} by end are looked at; narrow the question for the others.")
        return as_file(calendar("Entente: ends of agreements", notes, events), "agreements")


def _complaints(questions: AgreementFilterSet) -> str:
    lines = [f"“{name}” is not a filter of agreements." for name in questions.unknown_parameters]
    for field, messages in questions.form.errors.items():
        lines += [f"{field}: {message}" for message in messages]
    return "\n".join(lines)


def _address(agreement: Agreement) -> str:
    return settings.SITE_ADDRESS + reverse("partnerships:agreement-detail", args=[agreement.uid])
