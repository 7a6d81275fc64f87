"""The questions of the desk as filters of the list: each number there leads to its list here."""

from datetime import datetime, timedelta

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils import timezone

from partnerships.deadlines import DeadlineKind
from partnerships.querysets.desk import AHEAD, GAPS, SCOPES, days_ahead
from people.models import Role

from .filters import ClosedFilter

WAITING = {"review": "In review, mine to decide", "drafts": "My drafts", "sent_back": "Sent back to me"}
DEADLINES = {
    **{f"end_{days}": f"Ends within {days} days" for days in AHEAD},
    **{f"notice_{days}": f"Notice due within {days} days" for days in AHEAD},
    "notice_passed": "Renews itself: notice is past",
    "no_follow_up": "Ended in the last year without follow-up",
}
_REVIEWERS = (Role.REVIEWER, Role.ADMINISTRATOR)


def waiting(rows, question: str, user):
    """Records of ``rows`` that wait for ``user``, as a key of ``WAITING`` asks."""
    if question == "review":
        offices = user.memberships.filter(role__in=_REVIEWERS).values_list("office", flat=True)
        return rows.to_review_by(user, offices)
    mine = rows.drafts_of(user)
    return mine.sent_back() if question == "sent_back" else mine


def falling_due(rows, question: str, user):
    """Records of ``rows`` (``with_status``) with a deadline, as a key of ``DEADLINES`` asks."""
    if question == "no_follow_up":
        return rows.without_follow_up(user, timezone.localdate())
    rows = rows.with_deadlines(user)
    if question == "notice_passed":
        return rows.notice_passed(timezone.localdate())
    kind, _, days = question.partition("_")
    return rows.due_between(DeadlineKind(kind), *days_ahead(int(days)))


class WaitingFilter(ClosedFilter):
    title = "what waits for me"
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return list(WAITING.items())

    def queryset(self, request, queryset):
        return waiting(queryset, value, request.user) if (value := self.value()) else queryset


class DeadlineFilter(ClosedFilter):
    title = "deadline"
    parameter_name = "deadline"

    def lookups(self, request, model_admin):
        return list(DEADLINES.items())

    def queryset(self, request, queryset):
        return falling_due(queryset, value, request.user) if (value := self.value()) else queryset


class GapsFilter(ClosedFilter):
    title = "gaps"
    parameter_name = "gaps"

    def lookups(self, request, model_admin):
        return list(GAPS.items())

    def queryset(self, request, queryset):
        return queryset.lacking(value) if (value := self.value()) else queryset


class ScopeFilter(ClosedFilter):
    title = "whose records"
    parameter_name = "scope"

    def lookups(self, request, model_admin):
        return list(SCOPES.items())

    def queryset(self, request, queryset):
        return queryset.of_scope(value, request.user) if (value := self.value()) else queryset


class ChangedFilter(SimpleListFilter):
    """Changed by others since a moment: reached from the desk, so it is shown only where it is set."""

    title = "changed by others since"
    parameter_name = "changed_since"

    def lookups(self, request, model_admin):
        value = request.GET.get(self.parameter_name)
        return [(value, value)] if value else []

    def queryset(self, request, queryset):
        if not (value := self.value()):
            return queryset
        return queryset.changed_by_others(request.user, moment(value))


def moment(text: str) -> datetime:
    """Read a moment with its offset, as the desk writes it."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise IncorrectLookupParameters from error
    # The last day that a clock of any zone can show lies within the calendar.
    if read.tzinfo is None or not timedelta(days=1) < read - _DAWN < timedelta(days=2_900_000):
        raise IncorrectLookupParameters
    return read


_DAWN = datetime(1000, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
