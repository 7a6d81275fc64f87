"""What a form consists of: the record's own fields, and rows of inlines, rows of rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Model, QuerySet
from django.forms.models import _get_foreign_key

from ..history.reading import Trail


@dataclass(eq=False)
class Part:
    """An inline of a form.

    Args:
        name: its prefix, inside of the row that it is below.
        trail: where its history stands.
        formset: the class of its formset.
        rows: those that stand in the form, in their order, for the record or for all rows above.
        below: inlines inside of its rows.
    """

    name: str
    noun: str
    trail: Trail
    formset: type
    rows: QuerySet
    below: list["Part"] = field(default_factory=list)

    @cached_property
    def refers(self) -> dict[str, str]:
        """Fields that name a row of another inline of the form by its prefix, and that inline.

        The contract is one attribute of the form field: ``rows``.
        """
        fields = self.formset.form.base_fields.items()
        return {name: found.rows for name, found in fields if getattr(found, "rows", "")}

    @property
    def key(self) -> str:
        """Name of the field that tells which row it is."""
        return self.trail.model._meta.pk.name


def parts_of(model_admin, request, record: Model) -> list[Part]:
    """The inlines of a record's form, as ``request`` would show them."""
    top, found = Trail(model_admin.model), []
    for formset, inline in model_admin.get_formsets_with_inlines(request, record):
        link = _get_foreign_key(type(record), inline.model, fk_name=inline.fk_name).name
        rows = formset(instance=record, queryset=inline.get_queryset(request)).get_queryset()
        part = _part(formset, inline, Trail(inline.model, link, top), rows)
        part.below = list(_below(model_admin, request, record, inline, part))
        found.append(part)
    return found


def _below(model_admin, request, record: Model, inline, above: Part) -> Iterator[Part]:
    for nested_class in getattr(inline, "inlines", ()):
        nested = nested_class(inline.model, model_admin.admin_site)
        link = _get_foreign_key(inline.model, nested.model, fk_name=nested.fk_name).name
        rows = nested.get_queryset(request).filter(**{f"{link}__in": [row.pk for row in above.rows]})
        formset = nested.get_formset(request, above.trail.model())
        yield _part(formset, nested, Trail(nested.model, link, above.trail), rows)


def _part(formset: type, inline, trail: Trail, rows: QuerySet) -> Part:
    return Part(formset.get_default_prefix(), str(inline.verbose_name), trail, formset, rows)
