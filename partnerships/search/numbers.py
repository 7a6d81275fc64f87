"""How many agreements stand under headings that are known by name: what a suggestion says of each record."""

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from partnerships.models import IndexCard, SampledCard
from partnerships.querysets.agreements import sees_public_only

from .answers import SHARE, Count
from .planning import rows_over

#: Up to so many cards of the sample under one heading, all cards under it are counted.
_COUNTED = 60

_TALLIED = """
    SELECT heading.facet, heading.value, coalesce(sum(tally.change), 0)
      FROM unnest(%s::text[], %s::text[]) AS asked(facet, value)
      JOIN partnerships_heading heading ON heading.facet = asked.facet AND heading.value = asked.value
      JOIN partnerships_tally tally ON tally.heading = heading.id AND tally.day <= %s
     GROUP BY heading.id
"""
_KNOWN = """
    SELECT heading.id, heading.facet, heading.value
      FROM unnest(%s::text[], %s::text[]) AS asked(facet, value)
      JOIN partnerships_heading heading ON heading.facet = asked.facet AND heading.value = asked.value
"""
_COUNT = """
    SELECT key, count(*) FROM (SELECT unnest(keys) AS key FROM ({cards}) AS card) AS key
     WHERE key = ANY(%s) GROUP BY key
"""


def agreements_under(headings: Iterable[tuple[str, str]], user) -> dict[tuple[str, str], Count]:
    """Return how many agreements that ``user`` may see stand under each heading.

    What everybody sees is tallied; for others few are counted and many estimated on the sample.

    Args:
        headings: facet and value: a code, or a primary key as text.
    """
    asked = list(headings)
    found = dict.fromkeys(asked, Count.exact(0))
    columns = [[facet for facet, _ in asked], [value for _, value in asked]]
    with connection.cursor() as cursor:
        if sees_public_only(user):
            cursor.execute(_TALLIED, [*columns, timezone.localdate()])
            return found | {(facet, value): Count.exact(number) for facet, value, number in cursor.fetchall()}
        cursor.execute(_KNOWN, columns)
        known = {key: (facet, value) for key, facet, value in cursor.fetchall()}
    sampled = _counted(SampledCard, known, user)
    few = [key for key in known if sampled.get(key, 0) <= _COUNTED]
    found |= {known[key]: Count.estimated(number, SHARE) for key, number in sampled.items()}
    return found | {known[key]: Count.exact(number) for key, number in _counted(IndexCard, few, user).items()}


def _counted(model, keys: Iterable[int], user) -> dict[int, int]:
    """How many cards of ``model`` stand under each of ``keys``, with one statement."""
    keys = sorted(keys)
    cards = model.objects.visible_to(user).under_any(keys).order_by().values("keys")
    return dict(rows_over(cards, _COUNT, keys))
