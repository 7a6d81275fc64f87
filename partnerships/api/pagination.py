"""Lists: ``page`` and ``page_size``, or ``cursor`` for deep reading."""

from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from partnerships.filtersets import reading

PAGE_SIZE, MAX_PAGE_SIZE = 25, 100


class RegistryPagination(BasePagination):
    """Answers ``{"count", "next", "previous", "results"}``, whichever way a list is read."""

    def paginate_queryset(self, queryset, request, view=None) -> list:
        parameters = request.query_params
        self.address = request.build_absolute_uri()
        size = _number(parameters, "page_size", PAGE_SIZE, MAX_PAGE_SIZE)
        try:
            self.stretch = reading.read(
                queryset,
                parameters,
                number=_number(parameters, "page", 1),
                size=size,
                counting=_counting(parameters),
            )
        except reading.Misread as error:
            raise _refuse(error.field, error.message, error.code) from error
        except reading.NoSuchPage as error:
            raise NotFound(str(error)) from error
        return self.stretch.rows

    def _at(self, neighbour: tuple[str, str] | None) -> str | None:
        if neighbour is None:
            return None
        name, value = neighbour
        if neighbour == ("page", "1"):
            return remove_query_param(self.address, name)
        address = remove_query_param(self.address, "page") if name == "cursor" else self.address
        return replace_query_param(address, name, value)

    def get_paginated_response(self, data) -> Response:
        stretch = self.stretch
        return Response(
            {
                "count": stretch.count,
                "next": self._at(stretch.next),
                "previous": self._at(stretch.previous),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict) -> dict:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {
                    "type": ["integer", "null"],
                    "description": "Of all records that the question finds; null with `count=none`.",
                },
                "next": address,
                "previous": address,
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
            parameter(
                "page",
                f"Number of the page, from 1, as far as row {reading.LAST_NUMBERED:,}.",
                type="integer",
                minimum=1,
                maximum=reading.LAST_NUMBERED,
                default=1,
            ),
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
                "For deep reading, instead of `page`: begin with an empty value, then follow `next` "
                "(and `previous`). A cursor belongs to its question and its order.",
                type="string",
            ),
            parameter(
                "count",
                "How to count: `exact`, `estimate` (of large numbers) or `none`; left out, what is cheap.",
                type="string",
                enum=list(filter(None, reading.COUNTS)),
            ),
        ]


def _counting(parameters) -> str:
    wanted = parameters.get("count") or ""
    if wanted not in reading.COUNTS:
        raise _refuse("count", f"Give one of {', '.join(filter(None, reading.COUNTS))}.", "invalid")
    return wanted


def refuse_bad_numbers(parameters) -> None:
    """Raise ValidationError for a page or a way to count that is none, also where all rows are answered."""
    _counting(parameters)
    _number(parameters, "page_size", PAGE_SIZE, MAX_PAGE_SIZE)
    _number(parameters, "page", 1, reading.LAST_NUMBERED)


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
