"""What a page about something shows of its agreements: the newest ones, and the way to all."""

from django.db.models import F, QuerySet

from partnerships.models import Agreement


def newest_first(agreements: QuerySet) -> QuerySet:
    """Order by signing, or by announcement where no signing is recorded; what has no date comes last."""
    return agreements.order_by(
        F("signed_on").desc(nulls_last=True), F("announced_on").desc(nulls_last=True), "-pk"
    )


def agreements_on(cards, user) -> list[Agreement]:
    """Return the agreements of ``cards`` with what a list shows of them, in the same order."""
    keys = [card.pk for card in cards]
    rows = Agreement.objects.visible_to(user).for_list(user).in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
