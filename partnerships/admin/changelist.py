"""The list of agreements read from index cards, so that it is as quick at a million records as at a hundred.

Filters that can narrow cards say how (``narrow``). A question that asks anything else is asked of the
agreements themselves, by Django's own list.
"""

from functools import cached_property, reduce

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR
from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, Value, When
from unfold.views import ChangeList

from partnerships.models import IndexCard
from partnerships.querysets.cards import IndexCardQuerySet
from partnerships.search.agreements import read
from partnerships.search.answers import CardList, Question

#: Columns that the list is put in order by, as cards name them.
COLUMNS = {
    "title": "title",
    "signed_on": "signed_on",
    "updated_at": "updated_at",
    "current_ends_on": "ends_on",
}


class AgreementChangeList(ChangeList):
    """Django's list of agreements, with page and number found on cards."""

    #: True where the number of records is an estimate.
    is_estimate = False

    def __init__(self, request, *args, **kwargs):
        self.user = request.user
        super().__init__(request, *args, **kwargs)

    def get_filters(self, request):
        answer = super().get_filters(request)
        #: What the address asks beside the filters, by names of fields.
        self.asked_beside = answer[2]
        return answer

    def get_results(self, request) -> None:
        terms = self._order_of_cards(request)
        if terms is None or not self._asks_cards:
            super().get_results(request)
            return
        cards = CardList(self.question, self._in_order(terms))
        start = 0 if self.show_all else (self.page_num - 1) * self.list_per_page
        if start < 0:
            raise IncorrectLookupParameters
        rows, number = cards.with_count(start, start + self.list_per_page)
        self.can_show_all = number <= self.list_max_show_all
        if self.show_all and self.can_show_all:
            rows = cards[:number]
        if start and not rows:
            raise IncorrectLookupParameters
        self.result_list = self._records([card.pk for card in rows])
        self.result_count, self.full_result_count = number, None
        self.is_estimate = not self.question.count.is_exact
        self.multi_page = number > self.list_per_page
        self.show_full_result_count, self.show_admin_actions = False, True
        self.paginator = Paginator(range(number), self.list_per_page)

    def cards(self) -> IndexCardQuerySet:
        """The cards of everything that the list finds, in no order."""
        cards = IndexCard.objects.visible_to(self.user).order_by()
        return self._narrow(cards) if self._asks_cards else cards.filter(pk__in=self.queryset.values("pk"))

    @property
    def _asks_cards(self) -> bool:
        return not self.asked_beside and all(hasattr(spec, "narrow") for spec in self.filter_specs)

    @cached_property
    def question(self) -> Question:
        """What is asked, for those who count and page."""
        compiled = None if self._search.is_empty else self._search.compiled()
        active = {str(spec.title) for spec in self.filter_specs if spec.used_parameters}
        return Question(
            narrow=self._narrow,
            user=self.user,
            asked=frozenset(active | ({"q"} if self.query else set())),
            search=compiled,
        )

    @cached_property
    def _search(self):
        return read(self.query.replace("\x00", ""))

    def _narrow(self, cards: IndexCardQuerySet, without: str = "") -> IndexCardQuerySet:
        cards = reduce(lambda rows, spec: spec.narrow(rows), self.filter_specs, cards)
        if without == "q" or self._search.is_empty:
            return cards
        compiled = self._search.compiled()
        return cards.answering(compiled.all, self.user) if compiled else cards.none()

    def _order_of_cards(self, request) -> list | None:
        """Terms to order cards by; None where a card does not hold what the order asks for."""
        asked = [term for term in self.get_ordering(request, self.queryset) if str(term).lstrip("-") != "pk"]
        if not all(isinstance(term, str) and term.lstrip("-") in COLUMNS for term in asked):
            return None
        terms = [(COLUMNS[term.lstrip("-")], term.startswith("-")) for term in asked]
        last = terms[-1][1] if terms else True
        named = [_term(field, down) for field, down in terms]
        return [*named, "-pk" if last else "pk"]

    def _in_order(self, terms: list) -> IndexCardQuerySet:
        """The cards: in the order that was chosen, else a search by rank, the rest by what changed last."""
        cards = self._narrow(IndexCard.objects.visible_to(self.user))
        if self.query and self.question.wanted and not self.params.get(ORDER_VAR):
            return cards.ranked(self.question.wanted).for_page()
        return cards.order_by(*terms).for_page()

    def _records(self, keys: list[int]):
        """The agreements of a page, in its order."""
        places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
        rows = self.root_queryset.filter(pk__in=keys)
        return rows.order_by(Case(*places, output_field=IntegerField()) if places else "pk")


def _term(column: str, down: bool):
    """One term of an order; what is not known comes last, whichever way the rest goes."""
    if not down:
        return F(column).asc()
    return F(column).desc(nulls_last=IndexCard._meta.get_field(column).null or None)
