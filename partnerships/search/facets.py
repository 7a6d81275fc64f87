"""Facets: how many of the agreements found stand under each heading.

A facet ignores its own choice, so that it shows what choosing otherwise would find. Up to 20,000
agreements are counted one by one; of more, the sample is counted, and each number carries the
interval that holds the true one 95 times in 100.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import Count as CountRows
from django.db.models import TextField, Value
from django.utils import timezone

from partnerships.choices import ActivityKind, AgreementType, Status
from partnerships.models import (
    Agreement,
    Country,
    Event,
    Facet,
    FocusArea,
    Institution,
)
from partnerships.querysets.agreements import sees_public_only
from partnerships.querysets.cards import StatusOn, sees_hidden_successors
from partnerships.querysets.readers_names import names_of
from people.models import Person

from .answers import Count, Question
from .samples import Drawn, looked_at

#: Of the sample at least so many cards are counted by their headings, and fewer than twice as many: more
#: would make the numbers surer than anybody needs, and the answer slower.
ENOUGH = 2_800
#: Values of a facet that are shown at most, the most frequent ones.
MOST = 100


class FacetValue(NamedTuple):
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
    source = looked_at(question, sampled, ENOUGH, without)
    found: dict[str, list[FacetValue]] = {facet: [] for facet in facets}
    for facet, value, number in _rows(source, facets, question.user):
        found[facet].append(FacetValue(value, source.number(number)))
    return found


#: One pass over the cards: their keys, and the status of today, which is no key.
_COUNT = f"""
    WITH found AS MATERIALIZED ({{cards}}), wanted AS MATERIALIZED (
        SELECT id, facet, value FROM partnerships_heading WHERE facet = ANY(%s)
    ), by_key AS MATERIALIZED (
        SELECT key, count(*) AS number FROM (SELECT unnest(keys) AS key FROM found) AS key GROUP BY key
    ), counted AS (
        SELECT wanted.facet, wanted.value, by_key.number FROM by_key JOIN wanted ON wanted.id = by_key.key
        UNION ALL
        SELECT 'status', status, count(*) FROM found WHERE status IS NOT NULL GROUP BY status
    )
    SELECT facet, value, number FROM (
        SELECT *, row_number() OVER (PARTITION BY facet ORDER BY number DESC, value) AS place FROM counted
    ) AS ordered WHERE place <= {MOST} ORDER BY facet, place
"""  # noqa: S608


def _rows(source: Drawn, facets: list[str], user) -> list[tuple[str, str, int]]:
    """Facet, value and number of every heading that some of the cards stand under."""
    by_key = [facet for facet in facets if facet != Facet.STATUS]
    by_status = Facet.STATUS in facets
    apart = by_status and sees_hidden_successors(user)
    rows = _of_hidden_successors(source.cards, user) if apart else []
    if not by_key and apart:
        return rows
    status = StatusOn(timezone.localdate()) if by_status and not apart else Value(None, TextField())
    cards = source.cards.order_by().annotate(status=status).values("keys", "status")
    return [*rows, *source.rows(_COUNT, by_key, cards=cards)]


def _of_hidden_successors(cards, user) -> list[tuple[str, str, int]]:
    """The status counted from the tables, for whom it is not that of the cards."""
    rows = Agreement.objects.filter(pk__in=cards.values("pk")).with_status(user)
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


class Named(NamedTuple):
    """A value as a visitor reads it: what the filter takes, its name, what stands above it; as headings have it."""

    value: str
    name: str
    count: Count
    parent: str | None = None
    key: str = ""


_LABELS = {Facet.TYPE: AgreementType, Facet.STATUS: Status, Facet.ACTIVITY: ActivityKind}
#: Models of values that are rows, and their columns: what the filter takes, the name, what stands above.
_ROWS = {
    Facet.INSTITUTION: (Institution, "uid", "name", None),
    Facet.PERSON: (Person, "uid", "name", None),
    Facet.FOCUS_AREA: (FocusArea, "uid", "name", "parent_id"),
    Facet.EVENT: (Event, "uid", "name", None),
    Facet.COUNTRY: (Country, "code", "name", None),
}


def named(facet: str, values: list[FacetValue], user) -> list[Named]:
    """Give values their names; what ``user`` may not see is left out."""
    if facet in _LABELS:
        return [
            Named(one.value, str(_LABELS[facet](one.value).label), one.count, key=one.value) for one in values
        ]
    if facet == Facet.YEAR:
        return [Named(one.value, one.value, one.count, key=one.value) for one in values]
    rows = _named_rows(facet, {one.value for one in values}, user)
    # What stands above is nearly always among the values: it has at least as many agreements.
    above = {row[3] for row in rows.values()} - rows.keys() - {None}
    parents = rows | (_named_rows(facet, above, user) if above else {})
    return [
        Named(row[1], row[2], one.count, parents[row[3]][1] if row[3] in parents else None, one.value)
        for one in values
        if (row := rows.get(one.value))
    ]


def _named_rows(facet: str, keys: set[str], user) -> dict[str, tuple]:
    """Rows of a facet that ``user`` may see, by primary key as text: the key, uid, name, key above."""
    model, uid, name, above = _ROWS[facet]
    asked = model.objects.visible_to(user).order_by().filter(pk__in=keys)
    found = list(asked.values_list("pk", uid, name, *([above] if above else [])))
    names = names_of(model._meta.label, (row[0] for row in found))
    return {
        str(row[0]): (
            *row[:2],
            names.get(row[0], row[2]),
            None if above is None or row[3] is None else str(row[3]),
        )
        for row in found
    }
