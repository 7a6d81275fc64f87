"""The filter of a subscription: the question to a list, asked of single records as its reader sees them."""

from collections.abc import Iterable

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from partnerships import filtersets
from partnerships.filtersets.base import SHAPE_PARAMETERS, RegistryFilterSet
from partnerships.models import (
    Event,
    FocusArea,
    IndexCard,
    Institution,
    WebhookMatch,
    WebhookSubscription,
)
from people.models import Person

#: The filter set of each list, and what it narrows.
LISTS: dict[str, tuple[type[RegistryFilterSet], type]] = {
    "agreements": (filtersets.AgreementFilterSet, IndexCard),
    "institutions": (filtersets.InstitutionFilterSet, Institution),
    "people": (filtersets.PersonFilterSet, Person),
    "events": (filtersets.EventFilterSet, Event),
    "focus-areas": (filtersets.FocusAreaFilterSet, FocusArea),
}
#: Say how a list is shown, not which records answer.
_NO_FILTERS = SHAPE_PARAMETERS | {"ordering"}


def require_filter(resource: str, question: str, principal) -> None:
    """Check that ``question`` is one to the list of ``resource``.

    Raises:
        ValidationError: naming ``filter`` and the parameter: ``filter.country``.
    """
    filters = _asked(resource, question, principal)
    shape = [name for name in filters.data if name in _NO_FILTERS]
    faults = {
        f"filter.{name}": f"There is no filter “{name}” for {resource}."
        for name in (*filters.unknown_parameters, *shape)
    }
    if not filters.is_valid():
        faults |= {f"filter.{name}": errors for name, errors in filters.form.errors.as_data().items()}
    if faults:
        raise ValidationError(faults)


def answering(subscription: WebhookSubscription, principal, keys: Iterable[int]) -> set[int]:
    """Return which of the records ``keys`` answer to the filter now, as far as its reader sees them."""
    rows = _rows(subscription, principal).filter(pk__in=list(keys))
    return set(rows.values_list("pk", flat=True))


def note_matches(subscription: WebhookSubscription, principal) -> None:
    """Note all records that answer to the filter now: of these the receiver learns when they leave it."""
    try:
        sql, parameters = _rows(subscription, principal).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return
    table = connection.ops.quote_name(WebhookMatch._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (subscription_id, key) SELECT %s, found.* FROM ({sql}) found",  # noqa: S608
            [subscription.pk, *parameters],
        )


def _rows(subscription: WebhookSubscription, principal) -> QuerySet:
    """The records that answer; none where the filter makes no sense any more."""
    [resource] = subscription.resources
    filters = _asked(resource, subscription.question, principal)
    if not filters.is_valid():
        return filters.queryset.none()
    narrow = getattr(filters, "narrowed", None)
    return (narrow(filters.queryset) if narrow else filters.qs).order_by()


def _asked(resource: str, question: str, principal) -> RegistryFilterSet:
    filterset, model = LISTS[resource]
    return filterset(
        QueryDict(question), model.objects.visible_to(principal), user=principal, only_asked=True
    )
