from django.db.models import Q

from partnerships.models import IndexCard
from partnerships.querysets.institutions import institution_family

from .agreements import AgreementFilterSet
from .base import NullsLastOrdering


class PartnershipOrdering(NullsLastOrdering):
    """Orders partnerships. The agreements behind them need no order, so ``filter`` leaves them alone."""

    def filter(self, queryset, value):
        return queryset

    def order(self, partnerships, value):
        # No primary key breaks ties here: these rows are groups, known by their two institutions.
        return partnerships.order_by(*self.terms(value), "first_id", "second_id") if value else partnerships


class PartnershipFilterSet(AgreementFilterSet):
    """The questions of agreements, asked of partnerships.

    Given pairs (``PartyPair.objects.visible_to(user)``), it returns the rows of ``as_partnerships``:
    found, counted and dated by the agreements that the filters leave. With ``institution`` or
    ``country`` one side of the pair must answer to it, not just any party of a shared agreement.
    """

    ordering = PartnershipOrdering(
        fields={"agreement_count": "agreements", "first_on": "first_on", "latest_on": "latest_on"},
        label="Order",
    )

    def filter_queryset(self, queryset):
        values = self.form.cleaned_data
        cards = self.narrowed(IndexCard.objects.visible_to(self.user))
        pairs = queryset.filter(agreement__in=cards.order_by().values("pk"))
        if institutions := values.get("institution"):
            pairs = pairs.of(institution_family(institutions))
        if countries := values.get("country"):
            pairs = pairs.filter(Q(first__country__in=countries) | Q(second__country__in=countries))
        return self.filters["ordering"].order(pairs.as_partnerships(), values.get("ordering"))

    @property
    def result(self):
        """The partnerships; none where a value is bad."""
        return self.qs if self.is_valid() else self.queryset.none().as_partnerships()
