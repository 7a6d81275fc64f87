from functools import cached_property
from itertools import product

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models import CardPair, IndexCard, Institution, PartnershipCount
from partnerships.querysets.agreements import sees_public_only
from partnerships.querysets.institutions import institution_family, topmost, topmost_of_each
from partnerships.querysets.partnerships import in_order
from partnerships.search.answers import tallied
from partnerships.search.cards.pairs import PAIRS, PAIRS_ROLLED_UP
from partnerships.search.partnerships import Partnerships

from .agreements import AgreementFilterSet
from .base import FlagFilter, NullsLastOrdering

#: What the counts that stand ready can be narrowed by.
_OF_PAIRS = {"institution", "country", "partnership"}


class PartnershipFilterSet(AgreementFilterSet):
    """The questions of agreements, asked of partnerships.

    A partnership is found, counted and dated by the agreements that the filters leave. With
    ``institution`` or ``country`` one side of the pair must answer to it, not just any party of a
    shared agreement; with ``partnership`` the pair is that one. The answer is a list of ``Partnerships``.
    """

    sub_units = FlagFilter(
        method="leave",
        label=_("Count sub-units for the institutions above them"),
        help_text=_("1: each party counts for the topmost institutions above it."),
    )
    ordering = NullsLastOrdering(
        fields={"agreement_count": "agreements", "first_on": "first_on", "latest_on": "latest_on"},
        label=_("Order"),
    )

    def filter_queryset(self, queryset):
        """The partnerships: from the counts that stand ready where they answer, else from the cards."""
        return self._standing() if self._stands else self._counted()

    @property
    def result(self):
        """The partnerships; none where a value is bad."""
        return self.qs if self.is_valid() else CardPair.objects.none().as_partnerships()

    # --- which pairs --------------------------------------------------------------------------------

    @property
    def rolled_up(self) -> bool:
        return bool(self.form.cleaned_data.get("sub_units"))

    @cached_property
    def _sides(self) -> list:
        """Sets of institutions, among each of which one side of a pair must be."""
        values, sides = self.form.cleaned_data, []
        if asked := values.get("institution"):
            sides.append(topmost(asked) if self.rolled_up else institution_family(asked))
        if countries := values.get("country"):
            sides.append(Institution.objects.filter(country__in=countries).values("pk"))
        return sides

    def _among_those_named(self, first: str, second: str) -> Q:
        """The condition for pairs that ``partnership`` names; ``first`` and ``second`` are their columns."""
        pairs = self.form.cleaned_data.get("partnership")
        if not pairs:
            return Q()
        if self.rolled_up:
            above = topmost_of_each({side for pair in pairs for side in pair})
            pairs = [pair for one, other in pairs for pair in product(above[one], above[other])]
        found = Q(pk__in=[])
        for pair in pairs:
            found |= Q(**{f"{first}__in": pair, f"{second}__in": pair})
        return found

    @property
    def _stands(self) -> bool:
        """Whether the counts that stand ready answer: everybody's, of all agreements of a pair."""
        asked = self.question.asked
        if not sees_public_only(self.user) or not asked <= _OF_PAIRS or self._dates:
            return False
        if not self.rolled_up:
            return True
        # A unit and what stands above it may differ in country, and do in agreements.
        institutions = set(self.form.cleaned_data.get("institution") or [])
        return asked <= {"institution"} and all(institutions.issuperset(side) for side in self._sides)

    @property
    def _dates(self) -> list[str]:
        asked = self.form.cleaned_data.get("ordering") or []
        return [name for name in ("first_on", "latest_on") if {name, f"-{name}"} & set(asked)]

    def _standing(self) -> Partnerships:
        column = "rolled_up" if self.rolled_up else "agreements"
        pairs = PartnershipCount.objects.filter(self._among_those_named("first", "second"))
        for side in self._sides:
            pairs = pairs.with_side(side)
        heading = PAIRS_ROLLED_UP if self.rolled_up else PAIRS
        return Partnerships(
            rows=self._ordered(pairs.as_partnerships(column), column),
            number=column,
            cards=IndexCard.objects.visible_to(self.user),
            user=self.user,
            rolled_up=self.rolled_up,
            counted=None if self.question.asked else lambda: tallied(heading),
        )

    def _counted(self) -> Partnerships:
        cards = CardPair.objects.visible_to(self.user).filter(
            self._among_those_named("one", "other"), rolled_up=self.rolled_up
        )
        pairs = self.narrowed(cards).as_partnerships(self._sides, dates=self._dates)
        return Partnerships(
            rows=self._ordered(pairs, "agreement_count"),
            number="agreement_count",
            cards=self.narrowed(IndexCard.objects.visible_to(self.user)),
            user=self.user,
            rolled_up=self.rolled_up,
        )

    def _ordered(self, pairs, number: str):
        asked = self.form.cleaned_data.get("ordering")
        if not asked:
            return pairs
        terms = []
        for name, term in zip(asked, self.filters["ordering"].terms(asked), strict=True):
            # A number is always known: its index has no place for what is not.
            is_number = name.lstrip("-") == "agreements"
            terms.append(name.replace("agreements", number) if is_number else term)
        return pairs.order_by(*in_order(terms, descending=asked[0].startswith("-")))
