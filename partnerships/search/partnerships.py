"""Reading a list of partnerships: pairs of institutions are found, and what is told of them fetched.

Which pairs there are and how many agreements they share stands ready in ``PartnershipCount``, or is
counted from the cards that a question finds. All else is told of the pairs of a page alone, by one
statement that enters the cards by both institutions.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet, Window
from django.db.models.expressions import RawSQL
from django.utils import timezone

from partnerships.models import (
    Agreement,
    CardPair,
    Facet,
    FocusArea,
    Heading,
    IndexCard,
    Institution,
    PartnershipCount,
)
from partnerships.partial_dates import PartialDate
from partnerships.querysets.agreements import sees_public_only
from partnerships.querysets.cards import IndexCardQuerySet, sees_hidden_successors
from partnerships.status import IN_FORCE

#: Subjects that are told of a partnership, the most frequent ones.
SUBJECTS = 10


@dataclass(frozen=True)
class Partnerships:
    """The pairs that a question finds, in order, to be counted, sliced and read on from a key.

    Args:
        rows: dicts of ``first_id``, ``second_id`` and the number of agreements.
        number: the name of that number in the rows.
        cards: the cards from which each pair is told.
        rolled_up: parties count for the topmost institutions above them.
        counted: says how many pairs there are, where that is known without counting.
    """

    rows: QuerySet
    number: str
    cards: IndexCardQuerySet
    user: object
    rolled_up: bool = False
    counted: Callable[[], int] | None = None

    def count(self) -> int:
        return self.counted() if self.counted else self.rows.count()

    def with_count(self, start: int, stop: int) -> tuple[list[dict], int]:
        """Pairs ``start`` to ``stop``, and how many there are in all; grouped once for both."""
        if not self.rows.query.group_by:
            return self[start:stop], self.count()
        rows = list(self.rows.annotate(of_all=Window(Count("*")))[start:stop])
        number = rows[0]["of_all"] if rows else self.count() if start else 0
        return self._told({**row} for row in rows), number

    def named(self, stop: int) -> list[dict]:
        """The first pairs with their number alone: nothing else is told of them, which takes no card."""
        rows = [{**row, "agreement_count": row[self.number]} for row in self.rows[:stop]]
        return with_institutions(rows)

    def __getitem__(self, page: slice) -> list[dict]:
        return self._told(self.rows[page])

    def __iter__(self) -> Iterator[dict]:
        return self.iterator()

    def iterator(self, chunk_size: int = 500) -> Iterator[dict]:
        """All pairs, told some at a time."""
        rows = self.rows.iterator(chunk_size=chunk_size)
        while chunk := list(islice(rows, chunk_size)):
            yield from self._told(chunk)

    def _told(self, rows: Iterable[dict]) -> list[dict]:
        rows = list(rows)
        told = tell([_pair(row) for row in rows], self.cards, self.user, rolled_up=self.rolled_up)
        # A pair whose last agreement went meanwhile is left out.
        known = [row for row in rows if _pair(row) in told]
        shown = {"with_sub_units": self.rolled_up}
        return with_institutions(
            row | told[_pair(row)] | shown | {"agreement_count": row[self.number]} for row in known
        )

    # What reading on from a key asks of its rows.

    @property
    def model(self):
        return self.rows.model

    @property
    def query(self):
        return self.rows.query

    def filter(self, *conditions) -> "Partnerships":
        """The pairs that meet further conditions."""
        return replace(self, rows=self.rows.filter(*conditions))

    def reverse(self) -> "Partnerships":
        """The pairs from the last one on."""
        return replace(self, rows=self.rows.reverse())

    def order_by(self, *terms) -> "Partnerships":
        """The same: whoever breaks ties finds them broken, as the order ends with both institutions."""
        return self


def _pair(row: dict) -> tuple[int, int]:
    return row["first_id"], row["second_id"]


def partnerships_of(institutions: list[int], user, narrow: Callable | None = None) -> Partnerships:
    """Return the partnerships of institutions, given by their keys, those with most agreements first.

    Args:
        narrow: narrows cards to those that count.
    """
    cards = IndexCard.objects.visible_to(user)
    if sees_public_only(user) and narrow is None:
        rows = PartnershipCount.objects.with_side(institutions).as_partnerships("agreements")
        return Partnerships(rows, "agreements", cards, user)
    keys = Heading.objects.filter(facet=Facet.INSTITUTION, value__in=map(str, institutions))
    pairs = (
        CardPair.objects.visible_to(user).filter(rolled_up=False).under_any(keys.values_list("pk", flat=True))
    )
    if narrow is not None:
        pairs, cards = narrow(pairs), narrow(cards)
    return Partnerships(pairs.as_partnerships([institutions]), "agreement_count", cards, user)


def partnership(uid: str, user, *, with_sub_units: bool = False) -> tuple[dict, IndexCardQuerySet] | None:
    """Return what is to be told of the partnership ``<id>-<id>``, and the cards between the two.

    None where ``user`` sees no agreement between them, or not both.

    Args:
        uid: ids of two institutions, in either order; ROR ids are understood.
        with_sub_units: a sub-unit counts for what stands above it.
    """
    sides = institutions_of(uid, user)
    if len(sides) != 2:
        return None
    cards = IndexCard.objects.visible_to(user).between(*sides, with_sub_units=with_sub_units)
    first, second = sorted(side.pk for side in sides)
    told = _tell([(first, second)], cards, user, "true").get((first, second))
    if told is None:
        return None
    uid = "-".join(side.uid for side in sides)
    return told | {"institutions": sides, "uid": uid, "with_sub_units": with_sub_units}, cards


def institutions_of(uid: str, user) -> list[Institution]:
    """Return the institutions of ``<id>-<id>`` that ``user`` may see, in the order of their ids."""
    rows = Institution.objects.visible_to(user).select_related("country")
    one, _, other = uid.strip().partition("-")
    found = {side for part in (one, other) if (side := rows.by_identifier(part).first())}
    return sorted(found, key=lambda side: side.uid)


def made_one(uid: str, user) -> Institution | None:
    """Return the institution that both of ``<id>-<id>`` mean since they were merged; None where they do not."""
    one, _, other = uid.strip().partition("-")
    sides = institutions_of(uid, user)
    return sides[0] if len(sides) == 1 and one != other and _known(one) and _known(other) else None


def _known(text: str) -> bool:
    return Institution.objects.by_identifier(text).exists()


def withdrawn_between(uid: str) -> QuerySet:
    """Return the agreements of the partnership ``<id>-<id>`` that everybody could see once."""
    rows = Institution.objects
    one, _, other = uid.strip().partition("-")
    sides = [side for part in (one, other) if (side := rows.by_identifier(part).first())]
    withdrawn = Agreement.objects.withdrawn_from_public()
    return withdrawn.between(*sides) if len(sides) == 2 else withdrawn.none()


def with_institutions(rows: Iterable[dict]) -> list[dict]:
    """Add to each row ``institutions`` in the order of their ids, and ``uid``."""
    rows = list(rows)
    keys = {key for row in rows for key in _pair(row)}
    known = Institution.objects.select_related("country").in_bulk(keys)
    for row in rows:
        row["institutions"] = sorted((known[key] for key in _pair(row)), key=lambda one: one.uid)
        row["uid"] = "-".join(one.uid for one in row["institutions"])
    return rows


# --- what is told of a pair ---------------------------------------------------------------------------

_CARD = ("agreement_id", "keys", "parties", "roots", "signed_on", "announced_on", "status_days", "statuses")

#: Everything is read from the cards once. A subject above others says something only where it covers
#: more than each of them.
_TELL = """
    WITH pair AS MATERIALIZED (
        SELECT given.first_id, given.second_id, ARRAY[one.id, other.id] AS keys
          FROM unnest(%s::bigint[], %s::bigint[]) AS given(first_id, second_id)
          JOIN partnerships_heading one ON one.facet = 'institution' AND one.value = given.first_id::text
          JOIN partnerships_heading other ON other.facet = 'institution' AND other.value = given.second_id::text
    ), found AS MATERIALIZED (
        SELECT pair.first_id, pair.second_id, card.*, lower(dated) AS since, upper(dated) AS until
          FROM pair
          JOIN ({cards}) AS card ON {joins}
         CROSS JOIN LATERAL (SELECT coalesce(card.signed_on, card.announced_on) AS dated) AS day
    ), heading AS MATERIALIZED (
        SELECT first_id, second_id, known.facet, known.value, number
          FROM (SELECT first_id, second_id, key, count(*) AS number
                  FROM found, unnest(found.keys) AS key GROUP BY first_id, second_id, key) AS counted
          JOIN partnerships_heading known ON known.id = counted.key AND known.facet IN ('type', 'focus_area')
    ), subject AS MATERIALIZED (
        SELECT heading.first_id, heading.second_id, number, area.id, area.uid, area.name, area.parent_id
          FROM heading
          JOIN partnerships_focusarea area ON heading.facet = 'focus_area' AND area.id = heading.value::bigint
         WHERE area.id IN ({areas})
    ), below AS MATERIALIZED (
        SELECT first_id, second_id, parent_id, max(number) AS most FROM subject GROUP BY first_id, second_id, parent_id
    ), ranked AS MATERIALIZED (
        SELECT subject.*, row_number() OVER (PARTITION BY subject.first_id, subject.second_id
                                                 ORDER BY number DESC, name, id) AS place
          FROM subject LEFT JOIN below ON (below.first_id, below.second_id, below.parent_id)
                                        = (subject.first_id, subject.second_id, subject.id)
         WHERE below.most IS DISTINCT FROM subject.number
    ), areas AS MATERIALIZED (
        SELECT first_id, second_id,
               array_agg(jsonb_build_object('uid', uid, 'name', name, 'count', number) ORDER BY place) AS areas
          FROM ranked WHERE place <= {most} GROUP BY first_id, second_id
    ), types AS MATERIALIZED (
        SELECT first_id, second_id, array_agg(value ORDER BY value) AS types
          FROM heading WHERE facet = 'type' GROUP BY first_id, second_id
    ), told AS MATERIALIZED (
        SELECT first_id, second_id, count(*) AS number, count(*) FILTER (WHERE {in_force}) AS in_force,
               min(ARRAY[since, until]) FILTER (WHERE since IS NOT NULL) AS first_on,
               max(ARRAY[since, until]) FILTER (WHERE since IS NOT NULL) AS latest_on
          FROM found GROUP BY first_id, second_id
    )
    SELECT first_id, second_id, number, in_force, first_on, latest_on, coalesce(types, '{{}}'), coalesce(areas, '{{}}')
      FROM told LEFT JOIN types USING (first_id, second_id) LEFT JOIN areas USING (first_id, second_id)
"""

#: By the headings the index finds what names both, or units below them; then the parties are looked at.
_NAMED = "card.keys @> pair.keys AND card.{sides} @> ARRAY[pair.first_id, pair.second_id]"


def tell(
    pairs: list[tuple[int, int]], cards: IndexCardQuerySet, user, *, rolled_up: bool = False
) -> dict[tuple[int, int], dict]:
    """Return what is to be told of pairs of institutions, by pair: ``agreement_count``, ``in_force``
    (today), ``first_on``, ``latest_on``, ``types`` and ``focus_areas``.

    Args:
        pairs: keys of both institutions, the smaller one first. A pair that no card joins is left out.
        cards: those that count, already narrowed to what ``user`` may see.
        rolled_up: parties count for the topmost institutions above them.
    """
    return _tell(pairs, cards, user, _NAMED.format(sides="roots" if rolled_up else "parties"))


def _tell(pairs, cards, user, joins: str) -> dict[tuple[int, int], dict]:
    if not pairs:
        return {}
    try:
        found, of_cards = cards.order_by().values(*_CARD).query.sql_with_params()
    except EmptyResultSet:
        return {}
    areas, of_areas = FocusArea.objects.visible_to(user).order_by().values("pk").query.sql_with_params()
    in_force, of_status = _in_force(user)
    statement = _TELL.format(cards=found, joins=joins, areas=areas, in_force=in_force, most=SUBJECTS)
    sides = [list(side) for side in zip(*pairs, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*sides, *of_cards, *of_areas, *of_status])
        return {(first, second): _as_told(*facts) for first, second, *facts in cursor.fetchall()}


def _in_force(user) -> tuple[str, list]:
    """SQL that says of a row of ``found`` whether it is in force today, as ``user`` sees it."""
    today = timezone.localdate()
    if not sees_hidden_successors(user):
        return "status_on(status_days, statuses, %s) = ANY(%s)", [today, list(IN_FORCE)]
    rows = Agreement.objects.with_status(user, today).filter(
        status__in=IN_FORCE, pk=RawSQL("found.agreement_id", [])
    )
    sql, parameters = rows.values("pk").query.sql_with_params()
    return f"EXISTS ({sql})", list(parameters)


def _as_told(number, in_force, first, latest, types, areas) -> dict:
    return {
        "agreement_count": number,
        "in_force": in_force,
        "first_on": PartialDate.from_interval(*first) if first else None,
        "latest_on": PartialDate.from_interval(*latest) if latest else None,
        "types": types,
        "focus_areas": [json.loads(area) for area in areas],
    }
