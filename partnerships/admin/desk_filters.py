"""The questions behind the numbers of the desk, as filters of the list of agreements."""

from collections.abc import Callable

from django.db.models import TextChoices
from django.utils import timezone

from partnerships.models import Agreement
from partnerships.querysets.desk import Due, Gap, Whose
from people.services.visits import visit_before

from .filters import ClosedFilter
from .offices import office_ids_where


class Waiting(TextChoices):
    """What waits for somebody."""

    REVIEW = "review", "For my review"
    SENT_BACK = "sent_back", "Sent back to me"


class CardFilter(ClosedFilter):
    """Each kind says what it offers, and how ``ask(cards, value, user)`` narrows cards to what the
    chosen value means for a user.
    """

    choices_offered: type[TextChoices]
    ask: Callable

    def lookups(self, request, model_admin):
        return self.choices_offered.choices

    def narrow(self, cards):
        return self.ask(cards, self.value(), self.request.user) if self.value() else cards


class WhoseFilter(CardFilter):
    title = "whose"
    parameter_name = "whose"
    choices_offered = Whose

    @staticmethod
    def ask(cards, value, user):
        return cards.that_are(value, user)


class WaitingFilter(CardFilter):
    title = "what waits"
    parameter_name = "waiting"
    choices_offered = Waiting

    @staticmethod
    def ask(cards, value, user):
        if value == Waiting.SENT_BACK:
            return cards.sent_back_to(user)
        ownerless = user.has_perm("partnerships.publish_agreement", Agreement())
        return cards.for_review_in(office_ids_where(user, "publish"), ownerless=ownerless)


class DueFilter(CardFilter):
    title = "deadline"
    parameter_name = "due"
    choices_offered = Due

    @staticmethod
    def ask(cards, value, user):
        return cards.due(value, user, timezone.localdate())


class GapFilter(CardFilter):
    title = "what is missing"
    parameter_name = "lacks"
    choices_offered = Gap

    @staticmethod
    def ask(cards, value, user):
        return cards.lacking(value)


class ChangedFilter(CardFilter):
    title = "changed"
    parameter_name = "changed"

    class choices_offered(TextChoices):
        VISIT = "visit", "Since my visit before"

    @staticmethod
    def ask(cards, value, user):
        before = visit_before(user)
        return cards.changed_after(before) if before else cards.none()


DESK_FILTERS = (WhoseFilter, WaitingFilter, DueFilter, GapFilter, ChangedFilter)
