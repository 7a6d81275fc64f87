"""How a list of agreements is described: beside the rows, what is told of the question."""

from partnerships.filtersets.base import MOST_VALUES
from partnerships.models import Facet

from .pagination import RegistryPagination

_INTERVAL = {
    "type": "array",
    "items": {"type": "integer"},
    "minItems": 2,
    "maxItems": 2,
    "description": "Stands where the count is estimated: it holds the true number 95 times in 100.",
}
_FACET = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["value", "name", "count"],
        "properties": {
            "value": {"type": "string", "description": "As the filter of this name takes it."},
            "name": {"type": "string"},
            "count": {"type": "integer"},
            "count_interval": _INTERVAL,
            "parent": {"type": "string", "description": "Of a focus area that stands below another one."},
        },
    },
}
_CORRECTED = {
    "type": "object",
    "required": ["text", "changes"],
    "description": "Stands where the words typed find nothing, and others were looked for instead.",
    "properties": {
        "text": {"type": "string"},
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["typed", "meant"],
                "properties": {"typed": {"type": "string"}, "meant": {"type": "string"}},
            },
        },
    },
}
_MATCHED = {
    "type": "array",
    "description": "Why a search found the record.",
    "items": {
        "type": "object",
        "required": ["in", "kind", "of", "why", "text", "ranges"],
        "properties": {
            "in": {"type": "string", "description": "Where: title, party, parent, subject, summary, …"},
            "kind": {"type": ["string", "null"], "description": "Of a name: acronym, former, alias, …"},
            "of": {"type": ["string", "null"], "description": "Whose name, or whose statement."},
            "why": {"type": "string", "description": "The same in words."},
            "text": {"type": "string"},
            "ranges": {
                "type": "array",
                "description": "Beginnings and ends of what was found in `text`.",
                "items": {"type": "array", "items": {"type": "integer"}},
            },
        },
    },
}


class AgreementPagination(RegistryPagination):
    """Pages of agreements."""

    def get_paginated_response_schema(self, schema: dict) -> dict:
        described = super().get_paginated_response_schema(schema)
        found = {"type": "object", "properties": {"matched": _MATCHED}}
        described["properties"] |= {
            "count_interval": _INTERVAL,
            "corrected": _CORRECTED,
            "facets": {"type": "object", "additionalProperties": _FACET},
            "results": schema | {"items": {"allOf": [schema["items"], found]}},
        }
        return described

    def get_schema_operation_parameters(self, view) -> list[dict]:
        facets = {
            "name": "facets",
            "in": "query",
            "required": False,
            "description": "Count what is found by these, separated by commas; each ignores its own choice.",
            "style": "form",
            "explode": False,
            "schema": {
                "type": "array",
                "items": {"type": "string", "enum": Facet.values},
                "maxItems": MOST_VALUES,
            },
        }
        return [*super().get_schema_operation_parameters(view), facets]
