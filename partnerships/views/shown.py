"""What a page about something shows of its agreements: the newest ones, and the way to all."""

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Agreement, IndexCard

LIMIT = 25


def newest_first(agreements: QuerySet) -> QuerySet:
    """Order by signing, or by announcement where no signing is recorded; what has no date comes last."""
    return agreements.order_by(
        F("signed_on").desc(nulls_last=True), F("announced_on").desc(nulls_last=True), "-pk"
    )


def agreements_shown(user, limit: int = LIMIT, **question: str) -> dict:
    """Return the newest agreements that answer a question, their number, and the address of the list of all.

    Args:
        question: filters of the list of agreements, by name.
    """
    asked = QueryDict(urlencode(question | {"ordering": "-signed_on,-announced_on"}))
    cards = IndexCard.objects.visible_to(user)
    found, number = AgreementFilterSet(asked, cards, user=user, only_asked=True).result.with_count(0, limit)
    return {
        "agreements": agreements_on(found, user),
        "agreement_total": number,
        "all_agreements": f"{reverse('partnerships:agreement-list')}?{urlencode(question)}",
    }


def agreements_on(cards, user) -> list[Agreement]:
    """Return the agreements of ``cards`` with what a list shows of them, in the same order."""
    keys = [card.pk for card in cards]
    rows = Agreement.objects.visible_to(user).for_list(user).in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
