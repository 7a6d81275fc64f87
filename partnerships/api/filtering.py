"""The filter sets of ``partnerships.filtersets`` as the API reads them: strictly."""

import django_filters
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend

from partnerships.filtersets.base import (
    MOST_VALUES,
    AnyOfFilter,
    MomentFilter,
    PartialDateFilter,
    ResolvedFilter,
)
from partnerships.filtersets.crossed import EndYearFilter, PairFilter, TogetherFilter
from partnerships.filtersets.keyed import YearFilter

from .errors import faults_of_form, unknown_parameters
from .fields import PARTIAL_DATE_PATTERN


class RegistryFilterBackend(BaseFilterBackend):
    """Narrows a list by the view's ``filterset_class``; refuses what that does not know.

    ``facets`` too: agreements alone have numbers, and a list of their own.
    """

    def filter_queryset(self, request, queryset, view):
        if view.filterset_class is None:
            return queryset
        filters = view.filterset_class(request.query_params, queryset, user=request.user, only_asked=True)
        refuse_faults(filters, "facets")
        return filters.qs

    def get_schema_operation_parameters(self, view) -> list[dict]:
        if view.filterset_class is None or view.action != "list":
            return []
        return [_parameter(name, filter_) for name, filter_ in view.filterset_class.base_filters.items()]


def refuse_faults(filters, *unknown: str) -> None:
    """Raise ValidationError for what a filter set does not know or understand.

    Args:
        unknown: parameters that mean nothing to the list that is asked.
    """
    strange = {*filters.unknown_parameters, *(name for name in unknown if name in filters.data)}
    if errors := unknown_parameters(strange) | faults_of_form(filters):
        raise ValidationError(errors)


def _parameter(name: str, filter_) -> dict:
    help_text = filter_.extra.get("help_text", "")
    parameter = {
        "name": name,
        "in": "query",
        "required": False,
        "description": ". ".join(str(part) for part in (filter_.label, help_text) if part),
        "schema": _schema(filter_),
    }
    if isinstance(filter_, django_filters.OrderingFilter):
        return parameter | {
            "description": "Fields to order by, separated by commas; a minus turns the order round. "
            "What is unknown comes last either way.",
            "style": "form",
            "explode": False,
        }
    return parameter


def _schema(filter_) -> dict:
    if isinstance(filter_, django_filters.OrderingFilter):
        names = list(filter_.param_map)
        values = [sign + name for name in names for sign in ("", "-")]
        return {"type": "array", "items": {"type": "string", "enum": values}, "uniqueItems": True}
    if isinstance(filter_, AnyOfFilter):
        values = [value for value, _ in filter_.extra["choices"].choices]
        return _several({"type": "string", "enum": values})
    if isinstance(filter_, PairFilter):
        return _several({"type": "string", "pattern": "^[0-9A-Za-z:/.]+-[0-9A-Za-z:/.]+$"})
    if isinstance(filter_, ResolvedFilter):
        return _several({"type": "string"})
    if isinstance(filter_, TogetherFilter):
        return _several(
            {"type": "string", "pattern": f"^[A-Za-z]{{2}}(,[A-Za-z]{{2}}){{0,{filter_.most - 1}}}$"}
        )
    if isinstance(filter_, YearFilter | EndYearFilter):
        return _several({"type": "string", "pattern": "^[12][0-9]{3}$"})
    if isinstance(filter_, PartialDateFilter):
        return {"type": "string", "pattern": PARTIAL_DATE_PATTERN, "examples": ["2024-05"]}
    if isinstance(filter_, django_filters.BooleanFilter):
        return {"type": "boolean"}
    if isinstance(filter_, MomentFilter):
        moments = [{"type": "string", "format": format_} for format_ in ("date", "date-time")]
        return {"oneOf": moments, "examples": ["2024-05-21", "2024-05-21T09:00:00Z"]}
    return {"type": "string", "maxLength": filter_.extra.get("max_length", 300)}


def _several(value: dict) -> dict:
    """What is said of a parameter that may be repeated."""
    return {"type": "array", "items": value, "maxItems": MOST_VALUES}
