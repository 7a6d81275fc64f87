"""Neighbours: institutions that work with the same partners, and partnerships like one partnership.

Both are found by what everybody may see, so that no hidden agreement makes two records look alike, and
each comes with the reason, in numbers that can be looked up.
"""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from partnerships.models import IndexCard, Institution, PartnershipCount

from .partnerships import tell, with_institutions

#: Partners that are looked at, those with most agreements first; and of each of them so many.
PARTNERS, OF_EACH = 12, 100
SHOWN = 6

_SHARING = f"""
    WITH partner AS MATERIALIZED (
        SELECT CASE first_id WHEN %(key)s THEN second_id ELSE first_id END AS id, agreements
          FROM partnerships_partnershipcount
         WHERE (first_id = %(key)s OR second_id = %(key)s) AND agreements > 0
         ORDER BY agreements DESC, 1 LIMIT {PARTNERS}
    )
    SELECT other.id, count(*) AS shared,
           (array_agg(partner.id ORDER BY partner.agreements DESC, partner.id))[1:3]
      FROM partner CROSS JOIN LATERAL (
          SELECT CASE first_id WHEN partner.id THEN second_id ELSE first_id END AS id, agreements
            FROM partnerships_partnershipcount
           WHERE (first_id = partner.id OR second_id = partner.id) AND agreements > 0
           ORDER BY agreements DESC, 1 LIMIT {OF_EACH}
      ) AS other
     WHERE other.id <> %(key)s
     GROUP BY other.id HAVING count(*) > 1
     ORDER BY shared DESC, sum(least(other.agreements, partner.agreements)) DESC, other.id LIMIT {SHOWN}
"""  # noqa: S608


@dataclass(frozen=True)
class Alike:
    """An institution that works with the same partners.

    Args:
        shared: how many of the ``PARTNERS`` it works with.
        partners: up to three of them, those with most agreements first.
    """

    institution: Institution
    shared: int
    partners: list[Institution] = field(default_factory=list)


def similar_institutions(institution: Institution, user) -> list[Alike]:
    """Return institutions that share most of the main partners of ``institution``; at least two."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, {"key": institution.pk})
        found = cursor.fetchall()
    keys = {key for other, _, partners in found for key in (other, *partners)}
    rows = Institution.objects.visible_to(user).select_related("country").in_bulk(keys) if keys else {}
    return [
        Alike(rows[other], shared, [rows[key] for key in partners if key in rows])
        for other, shared, partners in found
        if other in rows
    ]


def similar_partnerships(sides: list[Institution], subjects: list[dict], user) -> list[dict]:
    """Return partnerships of either side with other institutions of the other side's country.

    Args:
        sides: the two institutions.
        subjects: the ``focus_areas`` of their partnership, as ``tell`` gives them.

    Returns:
        Rows of ``uid``, ``institutions``, ``agreement_count``, ``stays`` (the side in common), ``other``
        and ``subjects`` (names of the subjects in common); those with most subjects in common first.
    """
    one, other = sides
    pairs = {}
    for stays, goes in ((one, other), (other, one)):
        pairs |= dict.fromkeys(_with_others_of_country(stays, goes), stays)
    told = tell(list(pairs), IndexCard.objects.visible_to(user), user)
    known = {row["uid"] for row in subjects}
    rows = [
        {
            "first_id": pair[0],
            "second_id": pair[1],
            "stays": pairs[pair],
            "agreement_count": facts["agreement_count"],
            "subjects": [row["name"] for row in facts["focus_areas"] if row["uid"] in known],
        }
        for pair, facts in told.items()
    ]
    for row in with_institutions(rows):
        [row["other"]] = [side for side in row["institutions"] if side.pk != row["stays"].pk]
    rows.sort(key=lambda row: (-len(row["subjects"]), -row["agreement_count"], row["uid"]))
    return rows[:SHOWN]


def _with_others_of_country(stays: Institution, goes: Institution) -> list[tuple[int, int]]:
    """The pairs of ``stays`` with institutions of the country of ``goes``, those that share most."""
    if goes.country_id is None:
        return []
    as_first = Q(first=stays.pk, second__country=goes.country_id) & ~Q(second=goes.pk)
    as_second = Q(second=stays.pk, first__country=goes.country_id) & ~Q(first=goes.pk)
    rows = PartnershipCount.objects.filter(as_first | as_second, agreements__gt=0)
    ordered = rows.order_by("-agreements", "first_id", "second_id")
    return list(ordered.values_list("first_id", "second_id")[:SHOWN])
