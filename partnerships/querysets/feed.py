"""Questions about the change feed, and its gate: what an entry says to whom."""

from collections.abc import Callable, Iterable
from hashlib import blake2s
from json import loads

from django.apps import apps
from django.db import models
from django.db.models import Q

from people.access import office_ids, sees_everything, sees_internal

#: The resources of the feed, what is named before what names it: the model of each.
RESOURCES = {
    "focus-areas": ("partnerships", "FocusArea"),
    "institutions": ("partnerships", "Institution"),
    "people": ("people", "Person"),
    "events": ("partnerships", "Event"),
    "agreements": ("partnerships", "Agreement"),
}
CREATED, UPDATED, WITHDRAWN, MERGED = "created", "updated", "withdrawn", "merged"
KINDS = (CREATED, UPDATED, WITHDRAWN, MERGED)


def sees_internal_form(user) -> bool:
    """True for whoever is told records as they are seen internally."""
    return sees_internal(user) or sees_everything(user)


def _in_sight(user, seen: str, offices: str) -> Q:
    """The condition for rows that, by the columns ``seen`` and ``offices``, ``user`` sees."""
    reach = Q((seen, "public"))
    if not sees_internal_form(user):
        return reach
    reach |= Q((seen, "internal"))
    if sees_everything(user):
        return reach | Q((seen, "restricted"))
    return reach | Q((seen, "restricted"), (f"{offices}__overlap", sorted(office_ids(user))))


def _sees(user, seen: str, offices: list[int]) -> bool:
    """The same of one row."""
    if seen == "public" or not sees_internal_form(user):
        return seen == "public"
    own = sees_everything(user) or not office_ids(user).isdisjoint(offices)
    return seen == "internal" or (seen == "restricted" and own)


class ToldRecordQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Records that ``user`` sees, as they were told last."""
        return self.filter(_in_sight(user, "seen", "offices"))


class ChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries that say something to ``user``: what was in sight before or is so after, and differs."""
        before = _in_sight(user, "seen_before", "offices_before")
        after = _in_sight(user, "seen_after", "offices_after")
        same = Q((f"{'internal' if sees_internal_form(user) else 'public'}__isnull", True))
        return self.filter((before | after) & ~(before & after & same))

    def after(self, position: int):
        """Entries behind ``position``, in their order."""
        return self.filter(position__gt=position).order_by("position")

    def last_position(self) -> int:
        """The position of the newest entry, whoever may see it; 0 where there is none."""
        return self.aggregate(last=models.Max("position"))["last"] or 0


def cursor_of(change) -> str:
    """The cursor that stands behind an entry, with a digest: one from another history is recognised."""
    digest = blake2s(f"{change.position} {change.told_at.isoformat()}".encode(), digest_size=4).hexdigest()
    return f"{change.position}-{digest}"


#: Stands before the first entry.
BEGINNING = "0"


def tell_each(
    changes: Iterable, user, *, with_records: bool = False, shown: Callable[[str], str] = str
) -> list[dict]:
    """Entries as ``user`` reads them now; one that says nothing to the reader is left out.

    Values stand beside a change only while the record is in sight, and since it came in sight last.

    Args:
        with_records: add ``record``, the record as it was told last; None where it is out of sight.
        shown: turns the JSON text of a record into what is sent (it puts the host before addresses).
    """
    changes = list(changes)
    told = _told_records(changes, user)
    internal = sees_internal_form(user)
    found = []
    for change in changes:
        kind = kind_for(change, user)
        if kind is None:
            continue
        record = told.get((change.resource, change.key))
        entry = {
            "cursor": cursor_of(change),
            "at": change.told_at,
            "resource": change.resource,
            "id": change.uid,
            "kind": kind,
            "into": change.into if kind == MERGED else None,
            "changed": {},
        }
        since = record and (record.internal_since if internal else record.public_since)
        if kind == UPDATED and record is not None and change.position >= since:
            entry["changed"] = _values((change.internal if internal else change.public) or {})
        if with_records:
            entry["record"] = None if record is None else loads(shown(text_for(record, user)))
        found.append(entry)
    return found


def kind_for(change, user) -> str | None:
    """What an entry is to ``user``: one of ``KINDS``, or None where it is nothing."""
    before = _sees(user, change.seen_before, change.offices_before)
    after = _sees(user, change.seen_after, change.offices_after)
    if before and after:
        differs = change.internal if sees_internal_form(user) else change.public
        return None if differs is None else UPDATED
    if after:
        return CREATED
    if before:
        return MERGED if change.into else WITHDRAWN
    return None


def text_for(record, user) -> str:
    """The JSON text of a told record as ``user``, who sees it, is told it."""
    return record.internal if record.internal is not None and sees_internal_form(user) else record.public


def _values(differences: dict) -> dict:
    return {
        key: {"before": differences[key]["before"], "after": differences[key]["after"]}
        for key in sorted(differences)
    }


def _told_records(changes: list, user) -> dict:
    """The told records that ``changes`` name and ``user`` sees: as they were told, and as they are now."""
    keys: dict[str, set[int]] = {}
    for change in changes:
        keys.setdefault(change.resource, set()).add(change.key)
    if not keys:
        return {}
    named = Q()
    for resource, ones in keys.items():
        named |= Q(resource=resource, key__in=ones)
    model = apps.get_model("partnerships", "ToldRecord")
    told = {(row.resource, row.key): row for row in model.objects.visible_to(user).filter(named)}
    standing = {
        (resource, key)
        for resource, ones in keys.items()
        for key in apps.get_model(*RESOURCES[resource])
        .objects.visible_to(user)
        .filter(pk__in=ones)
        .order_by()
        .values_list("pk", flat=True)
    }
    return {pair: row for pair, row in told.items() if pair in standing}
