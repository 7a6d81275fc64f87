"""Questions about index cards: the read model of agreements."""

from collections.abc import Iterable
from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Case, CharField, F, Func, IntegerField, Q, Value, When
from django.db.models.expressions import OrderBy
from django.utils import timezone

from people.access import sees_everything, sees_internal

from .agreements import within_reach
from .document_texts import found_inside, texts_stand
from .institutions import institution_family

#: Where a search looks first, second and last; each vector includes the one before.
TIERS = ("names", "topics", "words")


class StatusOn(Func):
    """The status on a day as everybody sees it, read off the card."""

    function = "status_on"
    output_field = CharField()

    def __init__(self, day: date):
        super().__init__(F("status_days"), F("statuses"), Value(day, models.DateField()))


class Apart(Func):
    """A column as no index knows it: rows are found first and put in order afterwards."""

    template = "GREATEST(%(expressions)s, %(expressions)s)"
    arity = 1

    def as_sql(self, compiler, connection, **extra):
        sql, parameters = super().as_sql(compiler, connection, **extra)
        return sql, [*parameters, *parameters]


def sees_hidden_successors(user) -> bool:
    """True where the status that ``user`` sees may differ from the one on the card."""
    return sees_internal(user) or sees_everything(user)


class IndexCardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The gate: cards of agreements that ``user`` may see."""
        return self.filter(within_reach(user))

    def under_any(self, headings: Iterable[int]):
        """Cards under one of the headings, given by their ids."""
        ids = sorted(headings)
        return self.filter(keys__overlap=ids) if ids else self.none()

    def with_status(self, statuses: Iterable[str], user, on: date | None = None):
        """Cards whose status on day ``on`` (today) is one of ``statuses``, as ``user`` sees it."""
        on = on or timezone.localdate()
        if sees_hidden_successors(user):
            agreements = apps.get_model("partnerships", "Agreement").objects.with_status(user, on)
            return self.filter(agreement__in=agreements.filter(status__in=statuses).values("pk"))
        return self.alias(status=StatusOn(on)).filter(status__in=statuses)

    def between(self, one, other, *, with_sub_units: bool = False):
        """Cards that join two institutions.

        Args:
            with_sub_units: a sub-unit counts for what stands above it. Where one of the two stands
                above the other, the part below counts for the lower one alone.
        """
        headings = apps.get_model("partnerships", "Heading").objects
        values = [str(one.pk), str(other.pk)]
        keys = list(headings.filter(facet="institution", value__in=values).values_list("pk", flat=True))
        if len(keys) != len(values):
            return self.none()
        cards = self.filter(keys__contains=keys)
        if not with_sub_units:
            return cards.filter(parties__contains=[one.pk, other.pk])
        first, second = set(institution_family([one.pk])), set(institution_family([other.pk]))
        if other.pk in first:
            first -= second
        else:
            second -= first
        return cards.filter(parties__overlap=sorted(first)).filter(parties__overlap=sorted(second))

    def answering(self, query: str, user, *, each: bool = False):
        """Cards that answer ``query``: by their own words, or by those of a document that ``user`` may see.

        Args:
            each: cards are looked at one after the other, in an order that was asked for.
        """
        answers = Q(**{f"words__answers{'_each' if each else ''}": query})
        if texts_stand():
            answers |= found_inside("pk", query, user, each=each)
        return self.filter(answers)

    def for_page(self):
        """With nothing but what tells the rows apart and orders them: the rest of a card is long."""
        needed = {_as_term(term).expression.name for term in self.query.order_by or self.model._meta.ordering}
        return self.only("pk", *(needed - self.query.annotations.keys() - {"pk"}))

    def ranked(self, query: str):
        """Order by where ``query`` is answered: in names, in topics, in the text; then the newest first."""
        cards = self.model.objects.order_by()
        tiers = [
            When(pk__in=cards.filter(**{f"{column}__answers": query}).values("pk"), then=Value(tier))
            for tier, column in enumerate(TIERS[:-1], 1)
        ]
        tier = Case(*tiers, default=Value(len(TIERS)), output_field=IntegerField())
        return self.annotate(tier=tier).order_by("tier", "-dated_on", "-pk")

    def found_first(self):
        """The same order, but so that PostgreSQL finds the rows before it sorts them.

        For a question that few rows answer: walking an index in order would pass nearly all others.
        """
        ordered = []
        for term in map(_as_term, self.query.order_by or self.model._meta.ordering):
            # What is reckoned has no index that could be walked.
            is_column = term.expression.name not in self.query.annotations
            expression = Apart(term.expression) if is_column else term.expression
            ordered.append(OrderBy(expression, term.descending, nulls_last=term.nulls_last))
        return self.order_by(*ordered)


def _as_term(entry) -> OrderBy:
    if isinstance(entry, OrderBy):
        return entry
    return OrderBy(F(entry.lstrip("-")), descending=entry.startswith("-"))
