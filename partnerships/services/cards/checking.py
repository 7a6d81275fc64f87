"""Proving the read model: everything that it says is held against the tables."""

import json
from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.utils import timezone

from partnerships.models import Agreement, IndexCard, PreparedRecord, StaleCard
from partnerships.querysets.cards import StatusOn
from partnerships.search.cards.documents import ASTRAY
from partnerships.search.cards.pairs import PAIRS, PAIRS_ROLLED_UP

from .rebuilding import BATCH


class _Undo(Exception):
    """Takes back what was written for comparison."""


def differences(record: Callable[[list[int]], dict[int, str]] | None = None) -> Iterator[str]:
    """Yield in a sentence each what the read model says otherwise than the tables; nothing if it is right.

    Args:
        record: gives the records of public agreements by id as JSON text; ready bodies are held against it.
    """
    if waiting := StaleCard.objects.count():
        yield f"{waiting} cards wait to be written anew"
    yield from _counted(_UNWATCHED, "{0} indexes or triggers of the cards are missing or off")
    yield from _counted(_ORPHANS, "{0} cards stand for no agreement")
    yield from _counted(_MISSING, "{0} agreements have no card")
    yield from _counted(_TALLIES, "{0} tallies differ from the cards")
    yield from _counted(_PARTNERSHIPS, "{0} pairs of institutions share another number of agreements")
    yield from _counted(_SAMPLE, "{0} cards are wrongly in the sample, missing there or not the same")
    yield from _counted(ASTRAY, "{0} texts of documents are not found by the words of their record's card")
    behind = 0
    while batch := list(
        Agreement.objects.filter(pk__gt=behind).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield from _of_cards(batch)
        yield from _of_statuses(batch)
        if record:
            yield from _of_bodies(batch, record)
        behind = batch[-1]


_UNWATCHED = f"""
    SELECT {len(IndexCard._meta.indexes)} + 6
           - (SELECT count(*) FROM pg_index WHERE indrelid = 'partnerships_indexcard'::regclass
                 AND indisvalid AND NOT indisprimary)
           - (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'partnerships_indexcard'::regclass
                 AND tgname LIKE 'count_%%' AND tgenabled <> 'D')
"""  # noqa: S608
_ORPHANS = """
    SELECT count(*) FROM partnerships_indexcard card
     WHERE NOT EXISTS (SELECT 1 FROM partnerships_agreement a WHERE a.id = card.agreement_id)
"""
_MISSING = """
    SELECT count(*) FROM partnerships_agreement a
     WHERE NOT EXISTS (SELECT 1 FROM partnerships_indexcard card WHERE card.agreement_id = a.id)
        OR NOT EXISTS (SELECT 1 FROM partnerships_preparedrecord record WHERE record.agreement_id = a.id)
"""
# Past days may have been drawn together, so they are compared as one.
_TALLIES = """
    WITH kept AS (
        SELECT heading, greatest(day, current_date - 8) AS day, sum(change) AS change
          FROM partnerships_tally WHERE heading >= 0 GROUP BY 1, 2
    ), counted AS (
        SELECT mark.heading, greatest(mark.day, current_date - 8) AS day, sum(mark.change) AS change
          FROM partnerships_indexcard card, card_marks(card) AS mark GROUP BY 1, 2
    )
    SELECT count(*) FROM kept FULL JOIN counted USING (heading, day)
     WHERE coalesce(kept.change, 0) <> coalesce(counted.change, 0)
"""
_PARTNERSHIPS = f"""
    SELECT (SELECT count(*) FROM partnership_differences())
         + (SELECT count(*) FROM (SELECT {PAIRS} AS heading, count(*) FILTER (WHERE agreements > 0) AS number
                                    FROM partnerships_partnershipcount
                                   UNION ALL
                                  SELECT {PAIRS_ROLLED_UP}, count(*) FILTER (WHERE rolled_up > 0)
                                    FROM partnerships_partnershipcount) AS counted
             WHERE number <> (SELECT coalesce(sum(change), 0) FROM partnerships_tally tally
                               WHERE tally.heading = counted.heading))
"""  # noqa: S608
_SAMPLE = """
    WITH drawn AS (SELECT * FROM partnerships_indexcard WHERE hashint8(agreement_id) & 15 = 0)
    SELECT count(*) FROM drawn FULL JOIN partnerships_sampledcard sampled USING (agreement_id)
     WHERE drawn.title IS NULL OR sampled.title IS NULL
        OR (drawn.publication_state, drawn.visibility, drawn.office_id, drawn.updated_at, drawn.keys,
            drawn.words, drawn.parties, drawn.statuses, drawn.status_days)
           IS DISTINCT FROM
           (sampled.publication_state, sampled.visibility, sampled.office_id, sampled.updated_at,
            sampled.keys, sampled.words, sampled.parties, sampled.statuses, sampled.status_days)
"""
_PRINTS = """
    SELECT card.agreement_id, md5(card::text), md5(record.passages::text)
      FROM partnerships_indexcard card JOIN partnerships_preparedrecord record USING (agreement_id)
     WHERE card.agreement_id = ANY(%s)
"""


def _counted(statement: str, sentence: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        number = cursor.fetchone()[0]
    if number:
        yield sentence.format(number)


def _of_cards(batch: list[int]) -> Iterator[str]:
    """Write the cards anew, compare, and take it back."""
    before = after = []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT lock_cards(%s)", [batch])
            cursor.execute(_PRINTS, [batch])
            before = cursor.fetchall()
            cursor.execute("SELECT refresh_cards(%s)", [batch])
            cursor.execute(_PRINTS, [batch])
            after = cursor.fetchall()
            raise _Undo
    except _Undo:
        pass
    for key, *_ in sorted(set(before) ^ set(after)):
        yield f"the card of agreement {key} is not what its tables say"


def _of_statuses(batch: list[int]) -> Iterator[str]:
    """Hold the statuses of the cards against the rules of ``partnerships/status.py``."""
    today = timezone.localdate()
    kept = dict(IndexCard.objects.filter(pk__in=batch).annotate(now=StatusOn(today)).values_list("pk", "now"))
    derived = Agreement.objects.filter(pk__in=batch).with_status(None, today).values_list("pk", "status")
    for key, status in derived:
        if key in kept and kept[key] != status:
            yield f"agreement {key} is {status}, its card says {kept[key]}"


def _of_bodies(batch: list[int], record: Callable[[list[int]], dict[int, str]]) -> Iterator[str]:
    today = timezone.localdate()
    ready = PreparedRecord.objects.filter(pk__in=batch, body__isnull=False).exclude(good_until__lte=today)
    bodies = dict(ready.values_list("pk", "body"))
    true = record(list(bodies))
    for key, body in bodies.items():
        if key not in true:
            yield f"a record is ready for agreement {key}, which is not public"
        elif json.loads(body) != json.loads(true[key]):
            yield f"the ready record of agreement {key} is not what its tables say"
