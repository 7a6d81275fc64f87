"""The lasting form of records: what the change feed and snapshots tell, made by the API's own serializers.

Left out is what a record does not say of itself: what changes with the day (``status``), what is
counted among other records, what a person did in agreements (these tell it), and ``updated_at``,
which moves as well with what the reader may not see.
"""

from collections.abc import Callable

from partnerships.models import Agreement, Event, FocusArea, Institution
from partnerships.services.feed import forms
from partnerships.services.snapshots import SHAPES, Shape
from people.models import Person

from . import arrow, exports, serializers

LEFT_OUT = {
    "agreements": {"status", "status_reason", "updated_at", *serializers.AgreementSerializer.FOR_EDITORS},
    "institutions": {"agreement_count", "updated_at"},
    "people": {"signatures", "statements", "updated_at"},
    "focus-areas": {"agreement_count", "updated_at"},
    "events": {"agreement_count", "updated_at"},
}
SERIALIZERS = {
    "agreements": serializers.AgreementSerializer,
    "institutions": serializers.InstitutionSerializer,
    "people": serializers.PersonSerializer,
    "focus-areas": serializers.FocusAreaSerializer,
    "events": serializers.EventSerializer,
}
COLUMNS = {
    "agreements": exports.AGREEMENTS,
    "institutions": exports.INSTITUTIONS,
    "people": exports.PEOPLE,
    "focus-areas": exports.FOCUS_AREAS,
    "events": exports.EVENTS,
}
#: The keys of each resource, in their order.
KEYS = {
    resource: [key for key in kind._declared_fields if key not in LEFT_OUT[resource]]
    for resource, kind in SERIALIZERS.items()
}


class _At:
    """Stands for the request of a reader at no particular host."""

    def __init__(self, user):
        self.user = user

    @staticmethod
    def build_absolute_uri(path: str) -> str:
        return path


def _agreements(reader):
    """Of related agreements those that whoever reads the record sees, not those of one of its offices."""
    parts = Agreement.objects.detail_parts(reader)
    related = Agreement.objects.detail_parts(forms.InternalReader() if reader.is_authenticated else reader)
    names = ("relations", "inverse_relations")
    rows = Agreement.objects.visible_to(reader).for_detail(reader, set(parts) - set(names))
    return rows.prefetch_related(*(lookup for name in names for lookup in related[name]))


def _of(model) -> Callable:
    return lambda reader: model.objects.visible_to(reader).with_parts(reader)


def _form(resource: str, rows: Callable) -> Callable:
    kind, selection = SERIALIZERS[resource], frozenset(KEYS[resource])

    def records(keys: list[int], reader) -> dict[int, dict]:
        represent = kind(context={"request": _At(reader), "selection": selection}).to_representation
        return {row.pk: represent(row) for row in rows(reader).filter(pk__in=keys)}

    return records


def _shape(resource: str) -> Shape:
    keys = KEYS[resource]
    columns = [column for column in COLUMNS[resource] if column.key in keys]
    return Shape(keys, columns, lambda: arrow.schema_of(SERIALIZERS[resource](), keys))


def install() -> None:
    """Enter the forms among those that the feed tells, and their shapes among those of snapshots."""
    rows = {
        "agreements": _agreements,
        "institutions": _of(Institution),
        "people": lambda reader: Person.objects.visible_to(reader).with_names(),
        "focus-areas": _of(FocusArea),
        "events": _of(Event),
    }
    forms.FORMS.update({resource: _form(resource, of) for resource, of in rows.items()})
    SHAPES.update({resource: _shape(resource) for resource in rows})
