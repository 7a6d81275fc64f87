"""Questions about what ends, and until when notice can be given."""

from datetime import date, timedelta

from django.db.models import Case, F, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Least

from partnerships.choices import PublicationState, Status
from partnerships.deadlines import LONGEST_NOTICE, DeadlineKind, NoticeBy
from partnerships.fields import PartialDateField


class DeadlineQuestions(QuerySet):
    """Mixin of the queryset of agreements."""

    def that_run(self):
        """Without what is withdrawn, terminated or superseded: nothing has to be decided there."""
        return self.exclude(publication_state=PublicationState.WITHDRAWN).filter(
            ~Q(card__statuses__contains=[Status.SUPERSEDED]), terminated_on__isnull=True
        )

    def with_deadlines(self):
        """Annotate ``end_deadline``, ``notice_deadline`` and the end that they follow from, ``deadline_end``.

        Null where there is no such deadline.
        """
        over = (
            Q(publication_state=PublicationState.WITHDRAWN)
            | Q(terminated_on__isnull=False)
            | Q(card__statuses__contains=[Status.SUPERSEDED])
        )
        ends_on = Case(
            When(over, then=Value(None)), default=F("card__ends_on"), output_field=PartialDateField()
        )
        return self.annotate(deadline_end=ends_on).annotate(
            end_deadline=F("deadline_end__first_day"), notice_deadline=_notice_by("deadline_end")
        )

    def soonest_first(self, on: date):
        """In the order of the next deadline from day ``on``; the queryset must carry ``with_deadlines``."""
        notice = Case(When(notice_deadline__gte=on, then=F("notice_deadline")))
        end = Case(When(end_deadline__gte=on, then=F("end_deadline")))
        return self.order_by(Least(notice, end), "pk")

    def falling_due_from(self, first: date):
        """With deadlines, those that end on day ``first`` or later, the nearest end first."""
        return self.with_deadlines().filter(end_deadline__gte=first).order_by("end_deadline", "pk")

    def looked_after_by(self, user):
        """Agreements of which ``user`` is owner or backup."""
        return self.filter(Q(owner=user.pk) | Q(backup=user.pk))

    def due_between(self, first: date, last: date, kind: str | None = None):
        """Agreements that run and have a deadline (of ``kind``) from day ``first`` to ``last``."""
        ending = Q(card__ends_on__first_day__gte=first, card__ends_on__first_day__lte=last)
        if kind == DeadlineKind.END:
            return self.that_run().filter(ending)
        # The index knows ends: whoever has to give notice by ``last`` ends within the longest notice of it.
        reach = Q(card__ends_on__first_day__gte=first, card__ends_on__first_day__lte=self.latest_end(last))
        rows = self.that_run().filter(reach).alias(notice_day=_notice_by("card__ends_on"))
        noticing = Q(notice_day__gte=first, notice_day__lte=last)
        return rows.filter(noticing if kind == DeadlineKind.NOTICE else noticing | ending)

    def latest_end(self, last: date) -> date:
        """The latest end for which notice may have to be given by ``last``, with the periods in use."""
        stated = self.model.objects.order_by().filter(notice_amount__isnull=False)
        longest = stated.values_list("notice_unit").annotate(Max("notice_amount"))
        days = [_DAYS[unit] * min(amount, LONGEST_NOTICE[unit]) for unit, amount in longest]
        return last + timedelta(days=max(days, default=0))


#: How many days a unit has at most.
_DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 366}


def _notice_by(ends: str) -> NoticeBy:
    return NoticeBy(F(f"{ends}__first_day"), Cast("notice_amount", IntegerField()), F("notice_unit"))
