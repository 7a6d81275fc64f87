"""Finding institutions that stand twice: a job looks, people decide.

Of every pair one institution at least has no ROR id: ROR keeps its own house clean, and two ROR ids
are evidence that two organisations are meant. Institutions that relate to each other (a faculty and
its university) are two, and so are those of which somebody said so.
"""

import re
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from partnerships.choices import IdentifierScheme
from partnerships.models import (
    DuplicatePair,
    DuplicateSearch,
    Institution,
    InstitutionLink,
    NotDuplicate,
)
from people.history import acting
from people.transactions import one_transaction

from .candidates import candidates

#: A pair below this is not worth a look.
LEAST, _LEAST_SIMILAR = 88, 91
#: So many institutions are looked at in one transaction.
BATCH = 200
#: A host that more institutions share belongs to somebody who hosts pages.
_SHARED_HOST = 4
_NUMBERS = re.compile(r"\d+|\b[IVX]+\b")
_LOCK = "partnerships.find_duplicates"
Found = dict[tuple[int, int], tuple[int, str]]


class _Everybody:
    """Who looks on behalf of the registry: the queue itself asks what its reader may see."""

    is_active = is_superuser = sees_internal = True


def find_duplicates(*, limit: int | None = None) -> int:
    """Look at every institution that was changed since the last time, and note what it may be.

    Batches are transactions of their own: a job that was killed goes on where it stopped.

    Args:
        limit: at most so many institutions; all that are due if None.

    Returns:
        how many institutions were looked at; 0 also where another job is looking.
    """
    seen = 0
    while limit is None or seen < limit:
        with transaction.atomic():
            if not _alone():
                break
            batch = list(_due()[:BATCH])
            if not batch:
                break
            _note(batch)
            last = batch[-1]
            DuplicateSearch.objects.update_or_create(
                pk=1, defaults={"changed_until": last.updated_at, "key": last.pk}
            )
            seen += len(batch)
    return seen


def are_due() -> bool:
    """Whether an institution was changed since the job looked the last time."""
    return _due().exists()


@one_transaction
def not_the_same(*, one: Institution, other: Institution, by, reason: str = "") -> NotDuplicate:
    """Remember that the two are not the same: they are not proposed again.

    Raises:
        PermissionDenied: ``by`` may not change institutions.
    """
    if not by.has_perm("partnerships.change_institution"):
        raise PermissionDenied("Only editors may say so.")
    a, b = sorted((one.pk, other.pk))
    with acting(user=by, reason=reason or "not the same institution"):
        said, _ = NotDuplicate.objects.get_or_create(
            a_id=a, b_id=b, defaults={"by_id": getattr(by, "pk", None), "reason": reason.strip()[:500]}
        )
        DuplicatePair.objects.filter(a=a, b=b).delete()
    return said


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_LOCK])
        return cursor.fetchone()[0]


def _due():
    """Institutions to look at, in the order of their last change.

    A row carries the beginning of the transaction that wrote it, so what began after the oldest one
    under way may still get a neighbour before it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL"
        )
        oldest = cursor.fetchone()[0] or timezone.now()
    rows = Institution.objects.filter(updated_at__lte=oldest)
    if last := DuplicateSearch.objects.first():
        rows = rows.filter(
            Q(updated_at__gt=last.changed_until) | Q(updated_at=last.changed_until, pk__gt=last.key)
        )
    return rows.order_by("updated_at", "pk")


def _note(batch: list[Institution]) -> None:
    """Write anew what the institutions of a batch may be."""
    keys = [one.pk for one in batch]
    standing = [one for one in batch if one.merged_into_id is None]
    found: Found = {}
    if Institution.objects.filter(ror_id=None, merged_into=None).exists():
        _by_identifier(standing, found)
        _by_host(standing, found)
        for one in standing:
            _by_name(one, found)
    pairs = _worth_a_look(found)
    DuplicatePair.objects.filter(Q(a__in=keys) | Q(b__in=keys)).delete()
    DuplicatePair.objects.bulk_create(
        [
            DuplicatePair(a_id=a, b_id=b, score=score, reason=why[:500])
            for (a, b), (score, why) in pairs.items()
        ],
        update_conflicts=True,
        unique_fields=["a", "b"],
        update_fields=["score", "reason"],
    )


def _add(found: Found, one: int, other: int, score: int, reason: str) -> None:
    key = (min(one, other), max(one, other))
    stands = found.get(key, (0, ""))
    if one == other or score < LEAST:
        return
    if score > stands[0]:
        found[key] = (score, reason if not stands[1] else f"{reason}; {stands[1]}")
    elif reason not in stands[1]:
        found[key] = (stands[0], f"{stands[1]}; {reason}")


_SAME_ID = """
    SELECT own.institution_id, other.institution_id, own.scheme, own.value
      FROM partnerships_institutionidentifier own
      JOIN partnerships_institutionidentifier other
        ON other.scheme = own.scheme AND other.value = own.value
       AND other.institution_id <> own.institution_id
      JOIN partnerships_institution i ON i.id = other.institution_id AND i.merged_into_id IS NULL
     WHERE own.institution_id = ANY(%s)
"""


def _by_identifier(batch: list[Institution], found: Found) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SAME_ID, [[one.pk for one in batch]])
        for one, other, scheme, value in cursor.fetchall():
            _add(found, one, other, 100, f"same {IdentifierScheme(scheme).label} id ({value})")


def host_of(address: str) -> str:
    """The host of a web address without “www.”, and the path where there is one."""
    try:
        parts = urlsplit(address.strip().lower())
    except ValueError:
        return ""
    return (parts.hostname or "").removeprefix("www.") + parts.path.rstrip("/")


def _by_host(batch: list[Institution], found: Found) -> None:
    hosts: dict[str, list[Institution]] = {}
    for one in batch:
        if one.website and (host := host_of(one.website)):
            hosts.setdefault(host, []).append(one)
    if not hosts:
        return
    # Spelled out as it may be written: one look through the table for the whole batch.
    written = [
        f"{scheme}://{www}{host}{end}"
        for host in hosts
        for scheme in ("http", "https")
        for www in ("", "www.")
        for end in ("", "/")
    ]
    carriers: dict[str, list[Institution]] = {}
    for other in Institution.objects.filter(merged_into=None, website__in=written):
        carriers.setdefault(host_of(other.website), []).append(other)
    for host, ones in hosts.items():
        others = carriers.get(host, [])
        if len(others) > _SHARED_HOST:
            continue
        for one in ones:
            for other in others:
                if one.country_id and other.country_id and one.country_id != other.country_id:
                    continue
                _add(found, one.pk, other.pk, 90, f"same website ({host})")


def _by_name(one: Institution, found: Found) -> None:
    for near in candidates(name=one.name, user=_Everybody(), country=one.country_id, limit=6):
        other = near.institution
        if other.pk == one.pk or (one.ror_id and other.ror_id) or near.score < _least(near.reason):
            continue
        # Schools and laboratories are told apart by their numbers.
        if "similar" in near.reason and _NUMBERS.findall(one.name) != _NUMBERS.findall(other.name):
            continue
        _add(found, one.pk, other.pk, near.score, near.reason)


def _least(reason: str) -> int:
    """What is only similar, or the same in a part, must come nearer than what is a name of the other."""
    return _LEAST_SIMILAR if "similar" in reason or "if written" in reason else LEAST


def _worth_a_look(found: Found) -> Found:
    """Leave out pairs of two ROR ids, of relatives, and those that somebody looked at."""
    keys = {key for pair in found for key in pair}
    with_ror = set(Institution.objects.filter(pk__in=keys, ror_id__isnull=False).values_list("pk", flat=True))
    related = InstitutionLink.objects.filter(institution__in=keys, target__in=keys)
    apart = {tuple(sorted(pair)) for pair in related.values_list("institution", "target")}
    apart |= set(NotDuplicate.objects.filter(a__in=keys, b__in=keys).values_list("a", "b"))
    return {pair: why for pair, why in found.items() if pair not in apart and not with_ror.issuperset(pair)}


def waiting_pairs(user) -> QuerySet:
    """Pairs for ``user`` to decide on, the likeliest first."""
    visible = Institution.objects.visible_to(user).values("pk")
    rows = DuplicatePair.objects.filter(a__in=visible, b__in=visible)
    return rows.select_related("a__country", "b__country").order_by("-score", "pk")
