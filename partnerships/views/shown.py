"""What a page about something shows of its agreements: the newest ones, and the way to all."""

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

LIMIT = 25


def newest_first(agreements: QuerySet) -> QuerySet:
    """Order by signing, or by announcement where no signing is recorded; what has no date comes last."""
    return agreements.order_by(
        F("signed_on").desc(nulls_last=True), F("announced_on").desc(nulls_last=True), "-pk"
    )


def agreements_shown(agreements: QuerySet, user, limit: int = LIMIT, **question: str) -> dict:
    """Return the newest of ``agreements``, their number, and the address of the list of all.

    Args:
        agreements: already narrowed to what ``user`` may see.
        question: the filters under which the list page finds exactly these agreements.
    """
    path = reverse("partnerships:agreement-list")
    return {
        "agreements": list(newest_first(agreements.for_list(user))[:limit]),
        "agreement_total": agreements.count(),
        "all_agreements": f"{path}?{urlencode(question)}" if question else "",
    }
