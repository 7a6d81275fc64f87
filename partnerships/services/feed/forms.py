"""The lasting form of a record: what the feed tells of it, and to which kind of reader.

It is the record of the API without what changes by itself, with a day or with another record. The
API, which words records, enters its own in ``FORMS`` (``partnerships.api.lasting``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from partnerships.choices import PublicationState
from partnerships.models import Agreement, Event, FocusArea, Institution, Seen, SharedOffice
from people.models import Person

#: By resource: ``(keys, reader)`` to the records, in lasting form, that the reader sees, by key.
FORMS: dict[str, Callable[[list[int], object], dict[int, dict]]] = {}

STRANGER = AnonymousUser()


@dataclass(frozen=True)
class InternalReader:
    """Whoever reads internally, on behalf of certain offices."""

    office_ids: frozenset[int] = frozenset()
    is_authenticated = is_active = sees_internal = True
    is_anonymous = is_staff = is_superuser = sees_drafts = False


@dataclass(frozen=True)
class Standing:
    """Where a record stands: its uid, who sees it, and into which it was merged."""

    uid: str
    seen: str = Seen.NOBODY
    offices: tuple[int, ...] = ()
    into: str = ""


def standings(resource: str, keys: list[int]) -> dict[int, Standing]:
    """Where the records ``keys`` stand now; one that was deleted is missing."""
    if resource == "agreements":
        return _of_agreements(keys)
    if resource == "institutions":
        rows = Institution._base_manager.filter(pk__in=keys)
        found = rows.values_list("pk", "uid", "visibility", "merged_into__uid")
        return {
            key: Standing(uid, into=into) if into else Standing(uid, visibility)
            for key, uid, visibility, into in found
        }
    model = {"people": Person, "focus-areas": FocusArea, "events": Event}[resource]
    rows = model._base_manager.filter(pk__in=keys).values_list("pk", "uid", "visibility")
    return {key: Standing(uid, visibility) for key, uid, visibility in rows}


def _of_agreements(keys: list[int]) -> dict[int, Standing]:
    rows = Agreement._base_manager.filter(pk__in=keys)
    named: dict[int, set[int]] = {}
    for key, office in SharedOffice.objects.filter(agreement__in=keys).values_list("agreement", "office"):
        named.setdefault(key, set()).add(office)
    found = {}
    for row in rows.only("uid", "publication_state", "visibility", "office"):
        seen, offices = row.visibility, ()
        if row.publication_state != PublicationState.PUBLISHED:
            seen = Seen.NOBODY
        elif seen == Seen.RESTRICTED:
            offices = tuple(sorted(named.get(row.pk, set()) | {row.office_id}))
        found[row.pk] = Standing(row.uid, seen, offices)
    return found


def public_forms(resource: str, stand: dict[int, Standing]) -> dict[int, dict]:
    """The lasting forms of records as everybody sees them."""
    return _told(resource, (key for key, one in stand.items() if one.seen == Seen.PUBLIC), STRANGER)


def internal_forms(resource: str, stand: dict[int, Standing]) -> dict[int, dict]:
    """The lasting forms of records as they are seen internally; restricted ones, as their offices do.

    An office's own view of a record that others see as well is told to nobody.
    """
    open_ones = (key for key, one in stand.items() if one.seen in {Seen.PUBLIC, Seen.INTERNAL})
    found = _told(resource, open_ones, InternalReader())
    restricted = [key for key, one in stand.items() if one.seen == Seen.RESTRICTED]
    offices = frozenset(office for key in restricted for office in stand[key].offices)
    return found | _told(resource, restricted, InternalReader(offices))


def _told(resource: str, keys: Iterable[int], reader) -> dict[int, dict]:
    wanted = list(keys)
    return FORMS[resource](wanted, reader) if wanted else {}
