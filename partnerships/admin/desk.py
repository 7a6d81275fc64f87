"""The desk: what waits for whoever signed in, what falls due, what changed, what lacks something.

Every number stands for a list of the admin under the same conditions (``desk_filters``), and is
counted by them. Numbers end at ``MOST``: the desk says "more than", the list says how many.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from partnerships.deadlines import deadlines_of
from partnerships.models import Agreement
from partnerships.querysets.desk import AHEAD, GAPS, SCOPES, days_ahead
from partnerships.services.reminders.visits import note_visit

from .desk_filters import DEADLINES, WAITING, falling_due, waiting

MOST = 1_000
SHOWN = 8
#: What counts as news for somebody who comes for the first time.
FIRST_LOOK = timedelta(days=7)


@dataclass(frozen=True)
class Figure:
    """A number, and the list that it counts."""

    title: str
    count: int
    address: str

    @property
    def is_capped(self) -> bool:
        return self.count > MOST

    @property
    def shown(self) -> str:
        return f"more than {MOST:,}" if self.is_capped else str(self.count)


def desk(request: HttpRequest, context: dict) -> dict:
    """Put what the desk shows into the context of the admin's first page."""
    user = request.user
    if not user.has_perm("partnerships.view_agreement"):
        return context
    scope = request.GET.get("scope")
    scope = scope if scope in SCOPES else default_scope(user)
    seen = note_visit(user=user) or _today() - FIRST_LOOK
    rows = Agreement.objects.visible_to(user)
    scoped = rows.of_scope(scope, user)
    waits = waiting_figures(rows, user)
    context |= {
        "title": "Your desk",
        "scope": scope,
        "scopes": [(key, words, key == scope) for key, words in SCOPES.items()],
        "waits": waits,
        "nothing_waits": not any(figure.count for figure in waits),
        "sent_back": waiting(rows, "sent_back", user).order_by("-updated_at")[:SHOWN],
        "to_review": waiting(rows, "review", user).select_related("office").order_by("-updated_at")[:SHOWN],
        "ends": deadline_figures(scoped.with_status(user), scope, user),
        "next": next_deadlines(scoped, user),
        "gaps": gap_figures(scoped.with_status(user), scope),
        "changed": changed_figure(scoped, scope, seen, user),
        "news": scoped.changed_by_others(user, seen).order_by("-updated_at", "-pk")[:SHOWN],
        "since": seen,
        "is_empty": not scoped.exists(),
        "may_record": user.has_perm("partnerships.add_agreement"),
    }
    return context


def default_scope(user) -> str:
    """Their offices for those who have any, else everything that they may see."""
    return "office" if user.office_ids else "all"


def waiting_figures(rows, user) -> list[Figure]:
    found = []
    for key, words in WAITING.items():
        if key == "review" and not user.has_perm("partnerships.publish_agreement"):
            continue
        found.append(Figure(words, capped(waiting(rows, key, user)), listed(waiting=key)))
    return found


def deadline_figures(rows, scope: str, user) -> list[Figure]:
    return [
        Figure(words, capped(falling_due(rows, key, user)), listed(deadline=key, scope=scope))
        for key, words in DEADLINES.items()
    ]


def gap_figures(rows, scope: str) -> list[Figure]:
    return [
        Figure(words, capped(rows.lacking(key)), listed(gaps=key, scope=scope)) for key, words in GAPS.items()
    ]


def changed_figure(rows, scope: str, seen, user) -> Figure:
    count = capped(rows.changed_by_others(user, seen))
    return Figure("Changed by others", count, listed(changed_since=seen.isoformat(), scope=scope))


def next_deadlines(scoped, user) -> list[dict]:
    """The ends that come next, with how many days are left."""
    today, last = days_ahead(max(AHEAD))
    rows = scoped.with_status(user).with_deadlines(user)
    found = rows.due_between("end", today, last).order_by("end_deadline", "pk")[:SHOWN]
    return [
        {"agreement": row, "deadlines": deadlines_of(row), "left": (row.end_deadline - today).days}
        for row in found
    ]


def capped(rows: models.QuerySet) -> int:
    """Count ``rows``, and stop behind ``MOST``."""
    return rows.order_by()[: MOST + 1].count()


def listed(**question: str) -> str:
    """Address of the list of agreements under a question."""
    return f"{reverse('admin:partnerships_agreement_changelist')}?{urlencode(question)}"


def _today():
    """The beginning of the day: a first visit looks back from there, so that its address holds still."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
