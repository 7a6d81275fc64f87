"""The desk: the first page after sign-in. What waits, what is due, what is new, what lacks something.

Every number is that of the list which its link opens: both ask the same filters. More than ``MOST``
are not counted.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from partnerships.choices import PublicationState
from partnerships.deadlines import Deadline, deadlines_of
from partnerships.models import Agreement, IndexCard
from partnerships.querysets.desk import Due, Gap, Whose
from people.authority import managed_tokens
from people.models import TokenState
from people.services.visits import note_visit

from .desk_filters import DESK_FILTERS, Waiting
from .suggestions import reports_for_desk
from .webhooks import paused_webhooks

MOST = 1000
#: How many records are named below a number.
SHOWN = 5
#: How far ahead the desk looks.
AHEAD = timedelta(days=90)
EVERYTHING = "everything"

_ASK = {filter_.parameter_name: filter_.ask for filter_ in DESK_FILTERS} | {
    "publication_state__exact": lambda cards, value, user: cards.filter(publication_state=value)
}


@dataclass(frozen=True)
class Line:
    """A number at the desk, and the list that it stands for."""

    label: str
    number: int
    address: str

    @property
    def shown(self) -> str:
        return f"{self.number:,}" if self.number <= MOST else f"{MOST:,}+"


@dataclass(frozen=True)
class Upcoming:
    """A record with its next deadline."""

    agreement: Agreement
    deadline: Deadline


class Desk:
    """What stands on the desk of ``user``.

    Args:
        scope: ``Whose`` or ``EVERYTHING``; another value, or none, is what suits the person.
    """

    def __init__(self, user, scope: str | None, today: date | None = None):
        self.user = user
        self.today = today or timezone.localdate()
        usual = Whose.OFFICES if user.office_ids else EVERYTHING
        self.scope = scope if scope in {*Whose.values, EVERYTHING} else usual

    # --- what waits for this person, whatever the scope ------------------------------------------

    @cached_property
    def waiting(self) -> list[tuple[Line, list[Agreement]]]:
        """What waits for this person's decision or hand, each with the first few records."""
        asked = [
            ("To review", {"waiting": Waiting.REVIEW}),
            ("Sent back to you", {"waiting": Waiting.SENT_BACK}),
            ("Your drafts", {"whose": Whose.MINE, "publication_state__exact": PublicationState.DRAFT}),
        ]
        return [self._with_records(label, question) for label, question in asked]

    @cached_property
    def tokens(self) -> Line | None:
        """API tokens that expire soon, for whoever looks after some."""
        if not self.user.has_perm("people.view_apitoken"):
            return None
        number = managed_tokens(self.user).in_state(TokenState.EXPIRING)[: MOST + 1].count()
        question = urlencode({"state": TokenState.EXPIRING})
        address = f"{reverse('admin:people_apitoken_changelist')}?{question}"
        return Line("API tokens that expire soon", number, address) if number else None

    @property
    def waits(self) -> bool:
        return bool(self.tokens) or any(records for _, records in self.waiting)

    @cached_property
    def may_record(self) -> bool:
        return self.user.has_perm("partnerships.add_agreement")

    # --- the scope ---------------------------------------------------------------------------------

    @property
    def scopes(self) -> list[tuple[str, str, bool]]:
        """The scopes to choose from: name, words, whether it is the present one."""
        named = [(Whose.MINE, "Mine"), (Whose.OFFICES, "My offices"), (EVERYTHING, "Everything")]
        return [(name, words, name == self.scope) for name, words in named]

    @cached_property
    def ends(self) -> list[Line]:
        return [self._line(f"{days} days", {"due": f"end_{days}"}) for days in (30, 60, 90)]

    @cached_property
    def notices(self) -> list[Line]:
        return [self._line(f"{days} days", {"due": f"notice_{days}"}) for days in (30, 60, 90)]

    @cached_property
    def late(self) -> list[Line]:
        """What should have been decided already."""
        lines = [self._line(what.label, {"due": what}) for what in (Due.RENEWS, Due.ENDED)]
        return [line for line in lines if line.number]

    @cached_property
    def gaps(self) -> list[Line]:
        lines = [self._line(gap.label, {"lacks": gap}) for gap in Gap]
        return [line for line in lines if line.number]

    @cached_property
    def next_deadlines(self) -> list[Upcoming]:
        """The records whose deadlines come first; none where so many have one that a few say nothing."""
        if max(self.ends[-1].number, self.notices[-1].number) > MOST:
            return []
        until = self.today + AHEAD
        cards = self._cards(self._scoped({})).values("pk")
        rows = Agreement.objects.due_between(self.today, until).filter(pk__in=cards)
        due = [
            Upcoming(agreement, deadline)
            for agreement in rows.with_deadlines().soonest_first(self.today)[:SHOWN]
            for deadline in deadlines_of(agreement)
            if self.today <= deadline.day <= until
        ]
        return sorted(due, key=lambda one: one.deadline.day)[:SHOWN]

    def changed(self, since: datetime | None) -> tuple[Line, list[Agreement]] | None:
        """What changed since the visit before; None on the first."""
        return self._with_records("Changed", self._scoped({"changed": "visit"})) if since else None

    @cached_property
    def is_empty(self) -> bool:
        """True where the scope holds no record at all: somebody is about to begin."""
        return not self._cards(self._scoped({})).exists()

    # --- counting -----------------------------------------------------------------------------------

    def _scoped(self, question: dict) -> dict:
        return question if self.scope == EVERYTHING else {"whose": self.scope, **question}

    def _cards(self, question: dict):
        cards = IndexCard.objects.visible_to(self.user).order_by()
        for name, value in question.items():
            cards = _ASK[name](cards, value, self.user)
        return cards

    def _line(self, label: str, question: dict) -> Line:
        return self._line_of(label, self._scoped(question))

    def _line_of(self, label: str, question: dict) -> Line:
        number = self._cards(question)[: MOST + 1].count()
        return Line(label, number, f"{_list_page()}?{urlencode(question)}")

    def _with_records(self, label: str, question: dict) -> tuple[Line, list[Agreement]]:
        line = self._line_of(label, question)
        if not line.number:
            return line, []
        cards = self._cards(question).order_by("-updated_at", "-pk")
        keys = list(cards.values_list("pk", flat=True)[:SHOWN])
        found = Agreement.objects.visible_to(self.user).in_bulk(keys)
        return line, [found[key] for key in keys if key in found]


def _list_page() -> str:
    return reverse("admin:partnerships_agreement_changelist")


def put_on_desk(request, context: dict) -> dict:
    """Add the desk to the context of the admin's first page (the setting ``DASHBOARD_CALLBACK``)."""
    if not request.user.has_perm("partnerships.view_agreement"):
        return context
    since = note_visit(user=request.user)
    desk = Desk(request.user, request.GET.get("scope"))
    return context | {
        "desk": desk,
        "since": since,
        "changed": desk.changed(since),
        "paused_webhooks": paused_webhooks(request.user),
        **reports_for_desk(request.user),
    }
