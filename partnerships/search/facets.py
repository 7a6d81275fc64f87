"""Facets: how many of the agreements found stand under each heading.

A facet ignores its own choice, so that it shows what choosing otherwise would find. Up to 20,000
agreements are counted one by one; of more, the sample is counted, and each number carries the
interval that holds the true one 95 times in 100.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count as CountRows
from django.utils import timezone

from partnerships.choices import ActivityKind, AgreementType, Status
from partnerships.models import (
    Agreement,
    Country,
    Event,
    Facet,
    FocusArea,
    IndexCard,
    Institution,
    SampledCard,
)
from partnerships.querysets.cards import StatusOn, sees_hidden_successors, sees_public_only
from people.models import Person

from .answers import COUNTED, Count, Question

#: Values of a facet that are shown at most, the most frequent ones.
MOST = 100


@dataclass(frozen=True)
class FacetValue:
    """A value, as the filter of the facet's name takes it once its row is known, and its number."""

    value: str
    count: Count


def facets_of(question: Question, facets: Iterable[str]) -> dict[str, list[FacetValue]]:
    """Count the agreements that answer ``question`` under each heading of ``facets``.

    Args:
        facets: values of ``Facet``.

    Returns:
        For each facet its most frequent values; codes, or primary keys as text.
    """
    facets = list(facets)
    if not question.asked and sees_public_only(question.user):
        return _tallied(facets)
    found: dict[str, list[FacetValue]] = {}
    # Facets without a choice of their own see the same agreements: one pass for all of them.
    together = [facet for facet in facets if facet not in question.asked]
    for group, without in [
        (together, ""),
        *(([facet], facet) for facet in facets if facet in question.asked),
    ]:
        if group:
            found |= _counted(question, group, without)
    return {facet: found[facet] for facet in facets}


def _counted(question: Question, facets: list[str], without: str) -> dict[str, list[FacetValue]]:
    sampled = question.in_sample if not without else question.sampled(without)
    model = SampledCard if sampled > COUNTED else IndexCard
    numbered = Count.estimated if model is SampledCard else Count.exact
    cards = question.cards(model, without)
    found: dict[str, list[FacetValue]] = {facet: [] for facet in facets}
    rows = list(_by_heading(cards, [facet for facet in facets if facet != Facet.STATUS]))
    if Facet.STATUS in facets:
        rows += _by_status(cards, question.user)
    for facet, value, number in rows:
        found[facet].append(FacetValue(value, numbered(number)))
    return found


_BY_HEADING = """
    SELECT facet, value, number FROM (
        SELECT heading.facet, heading.value, counted.number,
               row_number() OVER (PARTITION BY heading.facet ORDER BY counted.number DESC, heading.value) AS place
          FROM (SELECT key, count(*) AS number FROM ({cards}) AS found, unnest(found.keys) AS key GROUP BY key) AS counted
          JOIN partnerships_heading heading ON heading.id = counted.key
         WHERE heading.facet = ANY(%s)
    ) AS ordered WHERE place <= {most} ORDER BY facet, place
"""


def _by_heading(cards, facets: list[str]) -> list[tuple[str, str, int]]:
    if not facets:
        return []
    try:
        sql, parameters = cards.order_by().values("keys").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BY_HEADING.format(cards=sql, most=MOST), [*parameters, facets])
        return cursor.fetchall()


def _by_status(cards, user) -> list[tuple[str, str, int]]:
    if sees_hidden_successors(user):
        rows = Agreement.objects.filter(pk__in=cards.values("pk")).with_status(user)
    else:
        rows = cards.annotate(status=StatusOn(timezone.localdate()))
    counted = rows.order_by().values("status").annotate(number=CountRows("*")).order_by("-number", "status")
    return [(Facet.STATUS, row["status"], row["number"]) for row in counted]


_TALLIED = f"""
    SELECT facet, value, number FROM (
        SELECT heading.facet, heading.value, sum(tally.change) AS number,
               row_number() OVER (PARTITION BY heading.facet ORDER BY sum(tally.change) DESC, heading.value) AS place
          FROM partnerships_heading heading JOIN partnerships_tally tally ON tally.heading = heading.id
         WHERE heading.facet = ANY(%s) AND tally.day <= %s
         GROUP BY heading.id HAVING sum(tally.change) > 0
    ) AS ordered WHERE place <= {MOST} ORDER BY facet, place
"""  # noqa: S608


def _tallied(facets: list[str]) -> dict[str, list[FacetValue]]:
    found: dict[str, list[FacetValue]] = {facet: [] for facet in facets}
    with connection.cursor() as cursor:
        cursor.execute(_TALLIED, [facets, timezone.localdate()])
        for facet, value, number in cursor.fetchall():
            found[facet].append(FacetValue(value, Count.exact(number)))
    return found


@dataclass(frozen=True)
class Named:
    """A value as a visitor reads it: what the filter takes, its name, what stands above it."""

    value: str
    name: str
    count: Count
    parent: str | None = None


_ROWS = {
    Facet.INSTITUTION: Institution,
    Facet.PERSON: Person,
    Facet.FOCUS_AREA: FocusArea,
    Facet.EVENT: Event,
    Facet.COUNTRY: Country,
}
_LABELS = {Facet.TYPE: AgreementType, Facet.STATUS: Status, Facet.ACTIVITY: ActivityKind}


def named(facet: str, values: list[FacetValue], user) -> list[Named]:
    """Give values their names; what ``user`` may not see is left out."""
    if facet in _LABELS:
        return [Named(one.value, str(_LABELS[facet](one.value).label), one.count) for one in values]
    if facet == Facet.YEAR:
        return [Named(one.value, one.value, one.count) for one in values]
    model = _ROWS[facet]
    keys = {one.value: model._meta.pk.to_python(one.value) for one in values}
    rows = model.objects.visible_to(user).in_bulk(keys.values())
    parents = (
        model.objects.visible_to(user).in_bulk({row.parent_id for row in rows.values() if row.parent_id})
        if facet == Facet.FOCUS_AREA
        else {}
    )
    return [
        Named(
            row.uid, row.name, one.count, getattr(parents.get(getattr(row, "parent_id", None)), "uid", None)
        )
        for one in values
        if (row := rows.get(keys[one.value]))
    ]
