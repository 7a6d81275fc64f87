from collections import defaultdict
from functools import cached_property

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.choices import ActivityKind, AgreementType, Status
from partnerships.models import Facet, IndexCard
from partnerships.querysets.cards import IndexCardQuerySet
from partnerships.querysets.crossed import joining
from partnerships.search.agreements import read
from partnerships.search.answers import CardList, Question
from partnerships.search.corrections import Correction, corrected
from partnerships.status import IN_FORCE

from .base import (
    AnyOfFilter,
    FlagFilter,
    MomentFilter,
    NullsLastOrdering,
    PartialDateFilter,
    RegistryFilterSet,
)
from .crossed import EndYearFilter, TogetherFilter, WithinFilter
from .keyed import KeyedChoice, YearFilter, heading_ids
from .shared import (
    country_filter,
    event_filter,
    focus_area_filter,
    institution_filter,
    on_or_after,
    on_or_before,
    partnership_filter,
    person_filter,
)

#: Parameters that say how others are meant, or in which order is answered; alone they ask nothing.
_MANNERS = frozenset({"ordering", "sub_units"})


class AgreementFilterSet(RegistryFilterSet):
    """Everything that one may ask of a list of agreements, in one query string.

    It narrows index cards. What ``name:value`` sets inside ``q`` counts as if it were a parameter.
    """

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=300)
    country = country_filter(facet=Facet.COUNTRY)
    institution = institution_filter(facet=Facet.INSTITUTION)
    partnership = partnership_filter()
    sub_units = FlagFilter(
        method="leave",
        label=_("Count sub-units for the institutions above them"),
        help_text=_("1: in a partnership, what stands below an institution counts for it as well."),
    )
    person = person_filter(facet=Facet.PERSON)
    type = KeyedChoice(facet=Facet.TYPE, choices=AgreementType, label=_("Type"))
    status = AnyOfFilter(choices=Status, method="with_status", label=_("Status today"))
    focus_area = focus_area_filter(facet=Facet.FOCUS_AREA)
    activity = KeyedChoice(facet=Facet.ACTIVITY, choices=ActivityKind, label=_("Activity"))
    event = event_filter(facet=Facet.EVENT)
    year = YearFilter(
        label=_("Year"), help_text=_("Of signing, or of announcement where no signing is recorded.")
    )
    together = TogetherFilter(
        label=_("Countries together"),
        help_text=_("GB,KR: agreements with parties in each of them, whoever else takes part."),
    )
    within = WithinFilter(
        label=_("Within one country"),
        help_text=_("KR: agreements with parties in this country and, as far as known, in no other."),
    )
    end_year = EndYearFilter(
        label=_("Year of the end"),
        help_text=_("In which the last term ends, or in which it was terminated before that."),
    )
    signed_after = on_or_after("signed_on", _("Signed in or after"))
    signed_before = on_or_before("signed_on", _("Signed in or before"))
    in_force_on = PartialDateFilter(
        apply=None,
        method="in_force",
        label=_("In force on"),
        help_text=_(
            "2024-05-21: only what is certainly in force then is found. For 2024: throughout the year."
        ),
    )
    ends_before = PartialDateFilter(
        apply=lambda rows, value: rows.filter(ends_on__first_day__lte=value.last_day),
        label=_("Ends in or before"),
        help_text=_("2024, 2024-05 or 2024-05-21; the end of the last term counts."),
    )
    updated_since = MomentFilter(
        field_name="updated_at",
        lookup_expr="gte",
        label=_("Changed since"),
        help_text=_("A date or a time (UTC)."),
    )
    ordering = NullsLastOrdering(
        fields={
            "signed_on": "signed_on",
            "announced_on": "announced_on",
            "effective_from": "effective_from",
            "ends_on": "ends_on",
            "title": "title",
            "updated_at": "updated_at",
            "created_at": "created_at",
        },
        label=_("Order"),
    )

    #: Filters that ``name:value`` sets in the query box.
    fields_of_query: frozenset[str] = frozenset()

    class Meta:
        model = IndexCard
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        self.correction: Correction | None = None
        self.query_box = read((data.get("q") or "") if data else "", self.fields_of_query)
        super().__init__(self._with_fields_of_query(data), *args, **kwargs)

    def _with_fields_of_query(self, data):
        if not self.query_box.fields:
            return data
        merged = data.copy()
        for name, values in self.query_box.fields.items():
            for value in values:
                merged.appendlist(name, value)
        return merged

    def is_valid(self) -> bool:
        """Whether every value makes sense; the form then carries what is wrong with ``q`` as well."""
        valid = super().is_valid()
        if self.query_box.faults and not self.form.errors.get("q"):
            for fault in self.query_box.faults:
                self.form.add_error("q", ValidationError(fault, code="invalid"))
            return False
        return valid

    # --- what each filter needs -------------------------------------------------------------------

    @cached_property
    def _heading_ids(self) -> dict[tuple[str, str], int]:
        asked = defaultdict(list)
        for name, filter_ in self.filters.items():
            if facet := getattr(filter_, "facet", None):
                asked[facet] += self.form.cleaned_data.get(name) or []
        return heading_ids(asked)

    def headings(self, facet: str, values: list) -> list[int]:
        """Ids of the headings that ``values`` stand for; none for what no card stands under."""
        known = self._heading_ids
        return [known[facet, str(value)] for value in values if (facet, str(value)) in known]

    @cached_property
    def between(self) -> Q:
        """The condition for agreements of the partnerships that are asked for."""
        values = self.form.cleaned_data
        return joining(values["partnership"], with_sub_units=bool(values.get("sub_units")))

    def leave(self, queryset, name, value):
        # It says how partnerships are meant, not which agreements count.
        return queryset

    def with_status(self, queryset, name, values):
        return queryset.with_status(values, self.user) if values else queryset

    def in_force(self, queryset, name, span):
        for day in {span.first_day, span.last_day} if span else ():
            queryset = queryset.with_status(IN_FORCE, self.user, day)
        return queryset

    def search(self, queryset, name, value):
        if self.query_box.is_empty:
            return queryset
        compiled = self.query_box.compiled()
        return queryset.answering(compiled.all, self.user) if compiled else queryset.none()

    # --- the answer -------------------------------------------------------------------------------

    def narrowed(self, cards, without: str = ""):
        """Narrow ``cards``, of the whole index or of its sample, by all filters but ``without``."""
        for name, value in self.form.cleaned_data.items():
            if name not in ("ordering", without):
                cards = self.filters[name].filter(cards, value)
        return cards

    def filter_queryset(self, queryset):
        """Narrow and order: by the order asked for, else searches by rank."""
        return self._in_order(self.narrowed(queryset)).for_page()

    def _in_order(self, cards):
        if ordering := self.form.cleaned_data.get("ordering"):
            return self.filters["ordering"].filter(cards, ordering)
        compiled = self.query_box.compiled()
        return cards.ranked(compiled.wanted) if compiled and compiled.wanted else cards

    @property
    def result(self):
        """The cards found, to be counted and sliced; none where a value is bad.

        Where words find nothing, what may be meant by them is found instead: once the list is read or
        counted, ``correction`` says so.
        """
        if not self.is_valid():
            return self.queryset.none()
        return CardList(self.question, self.qs, self._corrected if self.query_box.parsed.clauses else None)

    def _corrected(self) -> tuple[Question, IndexCardQuerySet] | None:
        cards = self.narrowed(IndexCard.objects.visible_to(self.user), without="q")
        correction = corrected(self.query_box, cards)
        if correction is None:
            return None
        self.correction, self.query_box = correction, correction.search
        del self.question
        self.__dict__.pop("_qs", None)
        return self.question, self.qs

    @cached_property
    def question(self) -> Question:
        """What is asked, for those who count, rank and page."""
        values = self.form.cleaned_data
        asked = {name for name, value in values.items() if value and name not in _MANNERS}
        compiled = self.query_box.compiled()
        return Question(
            narrow=self.narrowed,
            user=self.user,
            asked=frozenset(asked),
            search=compiled,
            only_heading=self._only_heading(asked),
        )

    def _only_heading(self, asked: set[str]) -> int | None:
        """The heading under which everything stands that is asked for, where it is that simple."""
        [name] = asked if len(asked) == 1 else [None]
        values = self.form.cleaned_data.get(name) if name else None
        facet = getattr(self.filters[name], "facet", None) if name else None
        ids = self.headings(facet, values) if facet and len(values) == 1 else []
        return ids[0] if ids else None


AgreementFilterSet.fields_of_query = frozenset(AgreementFilterSet.base_filters) - {"q", "ordering"}
