"""The trend: how many agreements were signed, ended and were in force, year by year.

An agreement counts as signed in the year of its signing, and as ended in the year in which its last term
ends, or in which it was terminated before that. It is in force on the last day of a year where that is
certain; of the running year, today. What has no known year is in no bar, and told by its number.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from django.db import connection
from django.db.models import Case, DateField, F, Min, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from partnerships.choices import PublicationState, RelationKind
from partnerships.models import AgreementRelation, Facet
from partnerships.querysets.agreements import within_reach
from partnerships.querysets.cards import sees_hidden_successors
from partnerships.querysets.crossed import EndYear
from partnerships.search.answers import Count, Question
from partnerships.search.samples import Drawn
from partnerships.status import IN_FORCE

from .drawn import ENOUGH, drawn, is_tallied
from .headings import NOTHING, Dimension, Line, lines_of, with_those_below

#: So many years are shown, the running one included.
YEARS = 40
#: Ends are shown so many years back, and so many ahead.
BEHIND, AHEAD = 10, 15
#: So many groups are drawn, the ones with most agreements.
GROUPS = 12


@dataclass(frozen=True)
class Year:
    """The numbers of one year.

    Args:
        day: on which those in force are counted.
    """

    year: int
    day: date
    signed: Count
    ended: Count
    in_force: Count


@dataclass
class Trend:
    """Years of all agreements, or of a group.

    Args:
        line: the group; None for all.
        unsigned: agreements without a known year of signing.
        endless: agreements without a known year of the end: open-ended, or nobody knows.
        before: agreements signed before the first year shown.
        later: agreements that end after the last year shown, as far as is stated.
    """

    line: Line | None
    total: Count
    years: list[Year] = field(default_factory=list)
    unsigned: Count = NOTHING
    endless: Count = NOTHING
    before: Count = NOTHING
    later: Count = NOTHING


@dataclass
class Trends:
    """The trend of all agreements that answer, and of each group where groups are asked for.

    Args:
        share: one card in so many was looked at; 1 where all were.
        ends: how many end, by year, past and to come.
        more_groups: there are others, with fewer agreements.
    """

    whole: Trend
    ends: list[tuple[int, Count]] = field(default_factory=list)
    groups: list[Trend] = field(default_factory=list)
    share: int = 1
    more_groups: bool = False

    @property
    def is_exact(self) -> bool:
        return self.share == 1


def trends(
    question: Question, by: Dimension | None = None, *, chosen: dict | None = None, most: int = GROUPS
) -> Trends:
    """Count the agreements that answer ``question`` year by year.

    Args:
        by: what groups are made by; each is counted like the whole.
        chosen: by the name of a filter the keys that the question asks for.
        most: how many groups are counted at most.
    """
    # Groups are counted year by year each, which takes twice as long.
    source, allowed = drawn(question, ENOUGH // 2 if by else ENOUGH), None
    # A country is asked for together with those that were chosen; so all are shown.
    if by and by.facet != Facet.COUNTRY and (asked := (chosen or {}).get(by.facet)):
        allowed = sorted(with_those_below(by, set(map(str, asked))))
    # Some more groups than are shown, as some may have no name that the visitor may read.
    grouped = _years_of(source, question.user, by, allowed, 2 * most)
    numbers = grouped.pop(None)
    span = _span(numbers)
    found = Trends(_trend(None, numbers, span, source), _ends(numbers, source), share=source.share)
    if source.is_exact or is_tallied(question):
        found.whole.total = question.count
    if not source.is_exact and is_tallied(question):
        _make_exact(found.whole)
    if by:
        counted = {key: source.number(_all(years)) for key, years in grouped.items()}
        lines = lines_of(by, counted, question.user, most=most)
        found.groups = [_trend(line, grouped[line.key], span, source) for line in lines.lines]
        found.more_groups = bool(lines.left_out)
    return found


def _ends(numbers: dict, source: Drawn) -> list[tuple[int, Count]]:
    """Ends by year, without the empty years before the first and after the last."""
    this_year, ended = timezone.localdate().year, numbers.get("ended", {})
    shown = [year for year in range(this_year - BEHIND, this_year + AHEAD + 1) if ended.get(year)]
    if not shown:
        return []
    years = range(min(*shown, this_year), max(*shown, this_year) + 1)
    return [(year, source.number(ended.get(year, 0))) for year in years]


def _all(numbers: dict) -> int:
    return numbers.get("all", {}).get(None, 0)


def _make_exact(whole: Trend) -> None:
    """Take from the tallies what they know of all public agreements."""
    numbers = _tallied_in_force([one.day for one in whole.years])
    whole.years = [
        replace(one, in_force=Count.exact(number)) for one, number in zip(whole.years, numbers, strict=True)
    ]


def _trend(line: Line | None, numbers: dict, span: range, source: Drawn) -> Trend:
    """Put the years of ``span`` together; ``numbers`` are those of the cards looked at, by what and year."""
    today, years = timezone.localdate(), []
    changes = numbers.get("in_force", {})
    in_force = sum(number for year, number in changes.items() if year < span.start)
    for year in span:
        in_force += changes.get(year, 0)
        years.append(
            Year(
                year,
                min(date(year, 12, 31), today),
                source.number(numbers.get("signed", {}).get(year, 0)),
                source.number(numbers.get("ended", {}).get(year, 0)),
                source.number(in_force),
            )
        )
    signed, ended = numbers.get("signed", {}), numbers.get("ended", {})
    return Trend(
        line,
        source.number(_all(numbers)),
        years,
        unsigned=source.number(signed.get(None, 0)),
        endless=source.number(ended.get(None, 0)),
        before=source.number(sum(n for year, n in signed.items() if year and year < span.start)),
        later=source.number(sum(n for year, n in ended.items() if year and year >= span.stop)),
    )


def _span(numbers: dict) -> range:
    """The years to show: from the first of which anything is known, to the running one."""
    today = timezone.localdate()
    known = [
        year for what in ("signed", "ended") for year in numbers.get(what, {}) if year and year <= today.year
    ]
    first = max(min(known, default=today.year), today.year - YEARS + 1)
    return range(first, today.year + 1)


#: One pass over the cards. A term in force begins and ends where the status changes, or where another
#: agreement supersedes it, of which the card does not know. Group 0 is all.
_COUNT = """
    WITH found AS MATERIALIZED (SELECT row_number() OVER () AS card, * FROM ({cards}) AS card),
    most AS MATERIALIZED ({most}),
    member AS MATERIALIZED (
        SELECT card, 0 AS key FROM found
         UNION ALL
        SELECT keyed.card, most.key
          FROM (SELECT card, unnest(keys) AS key FROM found WHERE EXISTS (SELECT 1 FROM most)) AS keyed
          JOIN most USING (key)
    ), term AS MATERIALIZED (
        SELECT card, status_days[nth] AS begins, LEAST(status_days[nth + 1], superseded_on) AS ends
          FROM found, generate_subscripts(statuses, 1) AS nth
         WHERE statuses[nth] = ANY(%s) AND (superseded_on IS NULL OR superseded_on > status_days[nth])
    ), fact AS MATERIALIZED (
        SELECT card, 1 AS what, extract(year FROM lower(signed_on))::integer AS year, 1 AS number FROM found
         UNION ALL SELECT card, 2, ended_year, 1 FROM found
         UNION ALL SELECT card, 3, extract(year FROM begins)::integer, 1 FROM term WHERE begins <= %s
         UNION ALL SELECT card, 3, extract(year FROM ends)::integer, -1 FROM term WHERE ends <= %s
    ), counted AS MATERIALIZED (
        SELECT key, what, year, sum(fact.number) AS number
          FROM fact JOIN member USING (card) GROUP BY key, what, year
         UNION ALL SELECT key, 0, NULL, count(*) FROM member GROUP BY key
    )
    SELECT heading.value, counted.what, counted.year, counted.number
      FROM counted LEFT JOIN partnerships_heading AS heading ON heading.id = counted.key
"""
_NO_GROUPS = "SELECT 0 AS key WHERE false"
_MOST = """
    SELECT by_key.key
      FROM (SELECT key, count(*) AS number
              FROM (SELECT unnest(keys) AS key FROM found) AS key GROUP BY key) AS by_key
      JOIN partnerships_heading AS heading ON heading.id = by_key.key
     WHERE heading.facet = %s AND (%s::text[] IS NULL OR heading.value = ANY(%s))
     ORDER BY by_key.number DESC, heading.value LIMIT %s
"""
_WHAT = ("all", "signed", "ended", "in_force")


def _years_of(source: Drawn, user, by: Dimension | None, chosen: list[str] | None, most: int) -> dict:
    """The numbers of the cards looked at, by group, by what they are and by year.

    A group is the key of a heading, None for all. Numbers ``all`` have no year, those of ``in_force`` are
    changes: what came, less what went.
    """
    today = timezone.localdate()
    cards = source.cards.order_by().annotate(ended_year=EndYear(), superseded_on=_superseded_on(user))
    cards = cards.values("keys", "signed_on", "status_days", "statuses", "ended_year", "superseded_on")
    found: dict[str | None, dict] = {None: {}}
    groups, asked = (_MOST, [by.facet, chosen, chosen, most]) if by else (_NO_GROUPS, [])
    statement = _COUNT.replace("{most}", groups)
    for key, what, year, number in source.rows(statement, *asked, list(IN_FORCE), today, today, cards=cards):
        found.setdefault(key, {}).setdefault(_WHAT[what], {})[year] = int(number)
    return found


def _superseded_on(user):
    """The expression for the day from which ``user`` sees a card's agreement superseded.

    Of what everybody sees, the card knows it.
    """
    if not sees_hidden_successors(user):
        return Cast(None, DateField())
    day = Case(
        When(agreement__effective_from__isnull=False, then=F("agreement__effective_from__day_after") - 1),
        default=Coalesce(F("agreement__signed_on__first_day"), Value(date.min)),
        output_field=DateField(),
    )
    newer = AgreementRelation.objects.order_by().filter(
        within_reach(user, "agreement__"),
        target=OuterRef("pk"),
        kind=RelationKind.SUPERSEDES,
        agreement__publication_state=PublicationState.PUBLISHED,
    )
    return Subquery(newer.annotate(day=day).values("target").annotate(first=Min("day")).values("first"))


def _tallied_in_force(days: list[date]) -> list[int]:
    """How many public agreements are in force on each of ``days``, as the tally knows it."""
    statement = """
        SELECT (SELECT coalesce(sum(tally.change), 0) FROM partnerships_tally AS tally
                 WHERE tally.day <= asked.day AND tally.heading IN (
                       SELECT id FROM partnerships_heading WHERE facet = 'status' AND value = ANY(%s)))
          FROM unnest(%s::date[]) WITH ORDINALITY AS asked(day, nth) ORDER BY nth
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(IN_FORCE), days])
        return [row[0] for row in cursor.fetchall()]
