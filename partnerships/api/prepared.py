"""Records of agreements, ready to be sent: made once by the serializer, kept until something changes.

What is kept is the record as everybody sees it, with addresses that lack the host. A body that is
missing, or on whose last day the status has changed, is made from the tables; it is kept only if
the version that stood before the tables were read still stands, so that no change can be missed.
"""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from partnerships.models import Agreement, PreparedRecord
from partnerships.querysets.agreements import sees_public_only

from .serializers import AgreementSerializer

#: Keys of a record that hold an address of this registry.
_ADDRESSES = ("url", "html_url", "download_url")


class _Everybody:
    """Stands for the request of a stranger at no particular host."""

    user = AnonymousUser()

    @staticmethod
    def build_absolute_uri(path: str) -> str:
        return path


def may_read_prepared(user) -> bool:
    """True for a visitor to whom records look as they do to everybody."""
    return sees_public_only(user)


def ready_bodies(ids: Sequence[int]) -> dict[int, str]:
    """Return the records of public agreements as JSON texts by id, in the order of ``ids``."""
    found = _ready(_READY, ids)
    missing = [key for key in ids if key not in found]
    if missing:
        found |= prepare(missing)
    return {key: found[key] for key in ids if key in found}


def ready_fingerprints(ids: Sequence[int]) -> dict[int, str] | None:
    """Return what stands for each of these records, without reading them; None where one is not ready."""
    found = _ready(_FINGERPRINTS, ids)
    return found if len(found) == len(set(ids)) else None


def _ready(statement: str, ids: Sequence[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids), timezone.localdate()])
        return dict(cursor.fetchall())


def ready_body(agreements) -> str | None:
    """Return the record of the one public agreement of a queryset as JSON text; None where there is none."""
    [row] = agreements.values_list("pk", "prepared__body", "prepared__good_until")[:1] or [None]
    if row is None:
        return None
    key, body, good_until = row
    if body is None or (good_until and good_until <= timezone.localdate()):
        body = prepare([key]).get(key)
    return body


def at_host(body: str, origin: str) -> str:
    """Return a body with whole addresses.

    Args:
        origin: scheme and host before addresses, such as ``https://example.org``.

    Inside a text of the record quotation marks are escaped, so only keys can look like this.
    """
    for key in _ADDRESSES:
        body = body.replace(f'"{key}":"/', f'"{key}":"{origin}/')
    return body


def prepare(ids: Sequence[int]) -> dict[int, str]:
    """Make the records of public agreements, keep them, and return them by id."""
    today = timezone.localdate()
    versions = dict(PreparedRecord.objects.filter(pk__in=ids).values_list("pk", "version"))
    bodies = records(ids)
    keys = sorted(bodies.keys() & versions.keys())
    with connection.cursor() as cursor:
        kept = [versions[key] for key in keys], [bodies[key] for key in keys]
        cursor.execute(_KEEP, [keys, today, keys, *kept])
    return bodies


def records(ids: Sequence[int]) -> dict[int, str]:
    """Make the records of public agreements from the tables: JSON text by id, addresses without host."""
    stranger = _Everybody.user
    rows = Agreement.objects.visible_to(stranger).filter(pk__in=ids).for_detail(stranger)
    serializer = AgreementSerializer(context={"request": _Everybody})
    render = JSONRenderer().render
    return {row.pk: render(serializer.to_representation(row)).decode() for row in rows}


#: Written out: every list asks this, and putting it together takes longer than answering it.
_READY = """
    SELECT agreement_id, body FROM partnerships_preparedrecord
     WHERE agreement_id = ANY(%s) AND body IS NOT NULL AND (good_until IS NULL OR good_until > %s)
"""
_FINGERPRINTS = _READY.replace("body", "md5(body)", 1)

#: A record that somebody is changing at this moment is passed over: a reader waits for nobody.
_KEEP = """
    WITH free AS (
        SELECT agreement_id FROM partnerships_preparedrecord WHERE agreement_id = ANY(%s)
         ORDER BY agreement_id FOR UPDATE SKIP LOCKED
    )
    UPDATE partnerships_preparedrecord AS record
       SET body = made.body, good_until = status_change_after(card.status_days, %s)
      FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS made(id, version, body)
      JOIN partnerships_indexcard card ON card.agreement_id = made.id
      JOIN free ON free.agreement_id = made.id
     WHERE record.agreement_id = made.id AND record.version = made.version
"""
