"""Which changes are told to which subscription: decided once for each, in the order of the feed."""

from django.db import transaction
from django.utils import timezone

from partnerships.models import Change, WebhookDelivery, WebhookMatch, WebhookSubscription
from partnerships.querysets.feed import CREATED, UPDATED, kind_for

from .filters import answering
from .pausing import NO_ACCESS, pause
from .reading import principal_of

#: Changes that are looked at together.
_BATCH = 500
#: What a change is to a receiver that asked for a filter, where the feed calls it an update.
ENTERED, LEFT = "entered", "left"
#: What a record is called in the type of a delivery.
NOUNS = {
    "agreements": "agreement",
    "institutions": "institution",
    "people": "person",
    "events": "event",
    "focus-areas": "focus-area",
}


def hand_out_changes() -> int:
    """Make the deliveries of whatever the feed told since the last time; return how many those are."""
    last = Change.objects.last_position()
    keys = list(WebhookSubscription.objects.behind(last).order_by("pk").values_list("pk", flat=True))
    return sum(_hand_out(key, last) for key in keys)


def _hand_out(key: int, last: int) -> int:
    made, position = 0, -1
    while position < last:
        with transaction.atomic():
            # Whoever holds it does the same at this moment.
            rows = WebhookSubscription.objects.select_for_update(skip_locked=True, of=("self",))
            row = rows.select_related("token__office", "office").filter(pk=key, active=True).first()
            if row is None or row.position >= last:
                return made
            principal = principal_of(row)
            if principal is None:
                pause(row, NO_ACCESS)
                return made
            made += _hand_out_some(row, principal, last)
            position = row.position
    return made


def _hand_out_some(row: WebhookSubscription, principal, last: int) -> int:
    found = Change.objects.visible_to(principal).after(row.position)
    changes = list(found.filter(position__lte=last, resource__in=row.resources)[:_BATCH])
    row.position = changes[-1].position if len(changes) == _BATCH else last
    told = _through_filter(row, principal, changes) if row.question else _all(principal, changes)
    now = timezone.now()
    made = [
        WebhookDelivery(
            subscription=row,
            change=change,
            resource=change.resource,
            key=change.key,
            type=f"{NOUNS[change.resource]}.{word}",
            message_id=f"msg_{row.uid}_{change.position}",
            created_at=now,
            next_at=now,
        )
        for change, word in told
    ]
    WebhookDelivery.objects.bulk_create(made)
    row.save(update_fields=["position"])
    return len(made)


def _all(principal, changes: list[Change]) -> list[tuple[Change, str]]:
    return [(change, kind) for change in changes if (kind := kind_for(change, principal))]


def _through_filter(row: WebhookSubscription, principal, changes: list[Change]) -> list[tuple[Change, str]]:
    """What to tell of ``changes``: those of records that answer to the filter, or did until now."""
    keys = {change.key for change in changes}
    inside = answering(row, principal, keys) if keys else set()
    noted = set(row.matches.filter(key__in=keys).values_list("key", flat=True))
    known, told = set(noted), []
    for change, kind in _all(principal, changes):
        # What answered before the subscription was made is not known: leaving is told once too often.
        was = change.key in known or (change.position <= row.known_from and kind != CREATED)
        if word := _word(kind, was, change.key in inside):
            told.append((change, word))
        stays = kind in (CREATED, UPDATED) and change.key in inside
        (known.add if stays else known.discard)(change.key)
    row.matches.filter(key__in=noted - known).delete()
    WebhookMatch.objects.bulk_create(WebhookMatch(subscription=row, key=key) for key in known - noted)
    return told


def _word(kind: str, was: bool, is_inside: bool) -> str | None:
    """What a change is to a receiver with a filter; None where it is nothing."""
    if kind not in (CREATED, UPDATED):
        return kind if was else None
    if is_inside:
        return ENTERED if kind == UPDATED and not was else kind
    return LEFT if was else None
