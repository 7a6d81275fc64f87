"""Lists: ``page`` and ``page_size``, or ``cursor`` for deep reading."""

from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from .cursors import BadCursor, behind, encode, terms_of

PAGE_SIZE, MAX_PAGE_SIZE = 25, 100


class RegistryPagination(BasePagination):
    """Answers ``{"count", "next", "previous", "results"}``, whichever way a list is read.

    A list read by cursor goes forward only: its ``previous`` is null.
    """

    def paginate_queryset(self, queryset, request, view=None) -> list:
        parameters = request.query_params
        self.address = request.build_absolute_uri()
        self.previous = self.next = None
        size = _number(parameters, "page_size", PAGE_SIZE, MAX_PAGE_SIZE)
        if "cursor" not in parameters:
            return self._page(queryset, _number(parameters, "page", 1), size)
        if "page" in parameters:
            raise _refuse("page", "Read by page or by cursor, not both.", "contradiction")
        return self._behind(queryset, parameters["cursor"], size)

    def _page(self, queryset, page: int, size: int) -> list:
        self.count = queryset.count()
        last = max(1, -(-self.count // size))
        if page > last:
            raise NotFound(f"There is no page {page}; the last one is {last}.")
        if page > 1:
            self.previous = self._at("page", page - 1)
        if page < last:
            self.next = self._at("page", page + 1)
        return list(queryset[(page - 1) * size : page * size])

    def _behind(self, queryset, cursor: str, size: int) -> list:
        terms = terms_of(queryset)
        rest = queryset
        if cursor:
            try:
                rest = queryset.filter(behind(terms, cursor))
            except BadCursor as error:
                raise _refuse("cursor", str(error), "invalid") from error
        self.count = queryset.count()
        rows = list(rest[: size + 1])
        if len(rows) > size:
            rows.pop()
            self.next = self._at("cursor", encode(terms, rows[-1]))
        return rows

    def _at(self, parameter: str, value) -> str:
        if parameter == "page" and value == 1:
            return remove_query_param(self.address, "page")
        return replace_query_param(self.address, parameter, value)

    def get_paginated_response(self, data) -> Response:
        return Response({"count": self.count, "next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict) -> dict:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Of all records that the question finds."},
                "next": address,
                "previous": address | {"description": "Null in a list read by cursor."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view) -> list[dict]:
        def parameter(name: str, description: str, **schema) -> dict:
            return {
                "name": name,
                "in": "query",
                "required": False,
                "description": description,
                "schema": schema,
            }

        return [
            parameter("page", "Number of the page, from 1.", type="integer", minimum=1, default=1),
            parameter(
                "page_size",
                "Records a page.",
                type="integer",
                minimum=1,
                maximum=MAX_PAGE_SIZE,
                default=PAGE_SIZE,
            ),
            parameter(
                "cursor",
                "For deep reading, instead of `page`: begin with an empty value, then follow `next`.",
                type="string",
            ),
        ]


def _number(parameters, name: str, default: int, maximum: int | None = None) -> int:
    text = parameters.get(name) or str(default)
    # The length first: a number of a thousand digits is nobody's page.
    number = int(text) if len(text) <= 9 and text.isascii() and text.isdigit() else None
    if number is None or number < 1 or (maximum and number > maximum):
        limit = f" up to {maximum}" if maximum else ""
        raise _refuse(name, f"Give a whole number from 1{limit}.", "invalid")
    return number


def _refuse(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: [ErrorDetail(message, code)]})
