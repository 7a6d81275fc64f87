"""Questions about index cards: the read model of agreements."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.apps import apps
from django.db import models
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import OrderBy
from django.utils import timezone

from partnerships.choices import PublicationState, RelationKind, Status
from partnerships.status import ENDING_SOON
from people.access import Visibility, sees_everything, sees_internal

from .agreements import within_reach
from .crossed import CrossedQuestions, joining
from .desk import DeskQuestions
from .document_texts import found_inside, texts_stand

#: A partial date covers a year at most.
LONGEST_SPAN = timedelta(days=366)
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


class IndexCardQuerySet(CrossedQuestions, DeskQuestions):
    def visible_to(self, user):
        """The gate: cards of agreements that ``user`` may see."""
        return self.filter(within_reach(user))

    def under(self, facet: str, value):
        """Cards under one heading: those of agreements with ``value`` as their ``facet``."""
        headings = _model("Heading").objects.filter(facet=facet, value=str(value))
        return self.under_any(headings.values_list("pk", flat=True))

    def under_any(self, headings: Iterable[int]):
        """Cards under one of the headings, given by their ids."""
        ids = sorted(headings)
        return self.filter(keys__overlap=ids) if ids else self.none()

    def with_status(self, statuses: Iterable[str], user, on: date | None = None):
        """Cards whose status on day ``on`` (today) is one of ``statuses``, as ``user`` sees it."""
        on, statuses = on or timezone.localdate(), set(statuses)
        as_on_card = Q(status_on_card__in=statuses)
        if not sees_hidden_successors(user):
            return self._that_may_have(statuses, on).alias(status_on_card=StatusOn(on)).filter(as_on_card)
        # What a hidden agreement supersedes is told by the agreements themselves; it is little.
        hidden = superseded_by_hidden()
        differing = _model("Agreement").objects.filter(pk__in=hidden).with_status(user, on)
        as_seen = differing.filter(status__in=statuses).values("pk")
        if statuses == {Status.SUPERSEDED}:
            # Few either way, and found by index only if each is asked for by itself.
            plain = self.model.objects.order_by().with_status(statuses, None, on)
            return self.filter(pk__in=plain.exclude(agreement__in=hidden).values("pk").union(as_seen))
        cards = self._that_may_have(statuses, on).alias(status_on_card=StatusOn(on))
        return cards.filter(as_on_card & ~Q(agreement__in=hidden) | Q(agreement__in=as_seen))

    def with_status_seen(self, user, on: date | None = None):
        """Annotate ``status``: that of day ``on`` (today), as ``user`` sees it."""
        on = on or timezone.localdate()
        if not sees_hidden_successors(user):
            return self.annotate(status=StatusOn(on))
        agreements = _model("Agreement").objects.order_by().filter(pk=OuterRef("pk"))
        as_seen = Subquery(agreements.with_status(user, on).values("status")[:1])
        differing = When(agreement__in=superseded_by_hidden(), then=as_seen)
        return self.annotate(status=Case(differing, default=StatusOn(on), output_field=CharField()))

    def _that_may_have(self, statuses: set[str], on: date):
        """Leave out what cannot have one of ``statuses`` on day ``on``, where an index says so."""
        if statuses == {Status.ENDING_SOON}:
            return self.with_end_within(on, on + ENDING_SOON)
        for final in (Status.TERMINATED, Status.SUPERSEDED):
            if statuses == {final}:
                return self.filter(statuses__contains=[final])
        return self

    def ending_between(self, first: date, last: date):
        """Cards of agreements whose last term may end from ``first`` to ``last``, unless terminated."""
        return self.with_end_within(first, last).exclude(statuses__contains=[Status.TERMINATED])

    def with_end_within(self, first: date, last: date):
        """Cards whose end may lie from ``first`` to ``last``: the index knows the first day of an end."""
        begun = {"ends_on__first_day__gt": first - LONGEST_SPAN, "ends_on__first_day__lte": last}
        return self.filter(ends_on__day_after__gt=first, **begun)

    def without_end(self, kind: str):
        """Cards of agreements whose last term is open-ended, or ends nobody knows when (``kind``)."""
        last = _model("Period").objects.filter(agreement=OuterRef("pk")).order_by("-number")
        own = Q(agreement__end_kind=kind) & ~Exists(last)
        renewed = Q(Exists(last), last_end_kind=kind)
        found = self.alias(last_end_kind=Subquery(last.values("end_kind")[:1]))
        return found.filter(own | renewed, ends_on__isnull=True)

    def between(self, one, other, *, with_sub_units: bool = False):
        """Cards that join two institutions: see ``joining``."""
        return self.filter(joining([(one.pk, other.pk)], with_sub_units=with_sub_units))

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


def superseded_by_hidden():
    """Ids of agreements that a published agreement supersedes which not everybody may see."""
    newer = _model("AgreementRelation").objects.order_by().filter(kind=RelationKind.SUPERSEDES)
    published = newer.filter(agreement__publication_state=PublicationState.PUBLISHED)
    return published.exclude(agreement__visibility=Visibility.PUBLIC).values("target")


def _model(name: str):
    return apps.get_model("partnerships", name)


def _as_term(entry) -> OrderBy:
    if isinstance(entry, OrderBy):
        return entry
    return OrderBy(F(entry.lstrip("-")), descending=entry.startswith("-"))
