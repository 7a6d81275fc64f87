"""Errors as RFC 9457 tells them: ``application/problem+json``, for everything under ``/api/``."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions, status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.views import set_rollback

from partnerships.filtersets.base import TOO_MANY
from partnerships.services.duties import NOT_APPROVED, OWN_WORK
from partnerships.services.rules import NOT_OPEN
from partnerships.services.webhooks import NOT_FINISHED
from people.principals import MissingScope
from people.statements import took_too_long
from people.transactions import BUSY

from .scopes import missing_scope
from .validators import NotModified, UnchangedResponse

PROBLEM_JSON = "application/problem+json"
#: Codes of refusals that tell of the state of a record, not of what was sent.
_CONFLICTS = {NOT_FINISHED, NOT_OPEN, NOT_APPROVED, OWN_WORK, BUSY}
#: Under these keys stands what is about the whole.
_WHOLE = {NON_FIELD_ERRORS, "non_field_errors"}


class Gone(exceptions.APIException):
    """The record was public once and is no longer."""

    status_code = status.HTTP_410_GONE
    default_detail = "This record was withdrawn."
    default_code = "gone"


class Moved(exceptions.APIException):
    """The record was merged into another one, which answers at ``location``."""

    default_detail = "This record was merged into another one; its address is in the header “Location”."
    default_code = "moved"

    def __init__(self, location: str, *, reading: bool):
        super().__init__()
        self.location = location
        # A client that writes shall write the same there, and not read.
        self.status_code = (
            status.HTTP_301_MOVED_PERMANENTLY if reading else status.HTTP_308_PERMANENT_REDIRECT
        )


class Conflict(exceptions.APIException):
    """The record is not as the caller believes."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "The record has changed since you read it; read it again."
    default_code = "conflict"


class Refused(exceptions.APIException):
    """Some of many records were refused, and so all.

    Args:
        errors: what was refused, by place among ``items``.
    """

    def __init__(self, errors: dict[int, Exception], *, total: int):
        found = {index: _as_api_exception(error) for index, error in errors.items()}
        told = f"{len(found)} of {total:,} records were refused; nothing was written."
        super().__init__(told, "refused")
        statuses = {error.status_code for error in found.values()}
        self.status_code = statuses.pop() if len(statuses) == 1 else status.HTTP_400_BAD_REQUEST
        self.faults = [fault for index, error in found.items() for fault in _faults_of_item(index, error)]


class TooSlow(exceptions.APIException):
    """The database gave up on the question."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = (
        "This question takes too long: narrow it by country, institution, type or date, use fewer or "
        "longer words, or try again when less is going on."
    )
    default_code = "too_slow"
    #: Seconds after which another try may do.
    wait = 30


class InsufficientScope(exceptions.PermissionDenied):
    """A 403 as RFC 6750 tells it: with the scopes that would do."""

    def __init__(self, missing: MissingScope):
        super().__init__(str(missing))
        scopes = " ".join(missing.scopes)
        self.challenge = f'Bearer realm="Entente", error="insufficient_scope", scope="{scopes}"'


class ProblemResponse(JsonResponse):
    """A problem, whatever format the client had asked for.

    Args:
        code: the HTTP status.
        detail: what went wrong this time, in a sentence.
        errors: one entry a bad field: ``field``, ``pointer``, ``message``, ``code``.
        beside: further members of the problem.
    """

    def __init__(
        self, code: int, detail: str, errors: list[dict] | None = None, beside: dict | None = None, **kwargs
    ):
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(code).phrase,
            "status": code,
            "detail": detail,
            "errors": errors or [],
        } | (beside or {})
        super().__init__(
            problem,
            status=code,
            content_type=PROBLEM_JSON,
            json_dumps_params={"ensure_ascii": False},
            **kwargs,
        )


def handle(error: Exception, context: dict) -> HttpResponse | None:
    """Turn an exception of a view into a problem; None (a plain 500) for what nobody foresaw."""
    error = _as_api_exception(_scope_missed(error, context) or error)
    if error is None:
        return None
    if isinstance(error, NotModified):
        return UnchangedResponse(error.tag)
    set_rollback()
    headers = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "challenge", None) or getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if location := getattr(error, "location", None):
        headers["Location"] = location
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    errors = getattr(error, "faults", [])
    if isinstance(error, exceptions.ValidationError):
        # Only what is wrong with a body has a place in one.
        in_body = getattr(context.get("view"), "reads_body", False)
        errors = [_told(*fault, in_body=in_body) for fault in _flat(error.detail)]
    beside = getattr(error, "beside", None)
    return ProblemResponse(error.status_code, _detail(error, errors), errors, beside, headers=headers)


def unknown_parameters(names: Iterable[str]) -> dict[str, list[exceptions.ErrorDetail]]:
    """Tell each of ``names`` as a parameter that nobody knows here."""
    return {
        name: [exceptions.ErrorDetail(f"There is no parameter “{name}” here.", "unknown_parameter")]
        for name in sorted(names)
    }


def too_many_values(names: Iterable[str]) -> dict[str, list[exceptions.ErrorDetail]]:
    """Tell each of ``names`` as a parameter with more values than are looked at."""
    return {name: [exceptions.ErrorDetail(TOO_MANY, "too_many")] for name in names}


def faults_of_form(form) -> dict[str, list[exceptions.ErrorDetail]]:
    """What is wrong with a bound form or filter set, by field."""
    return {} if form.is_valid() else _by_field(DjangoValidationError(form.errors.as_data()))


def _scope_missed(error: Exception, context: dict) -> MissingScope | None:
    """Where a token may not write something for want of a scope, say which one instead."""
    request = context.get("request")
    if not isinstance(error, PermissionDenied) or request is None or request.method in SAFE_METHODS:
        return None
    return missing_scope(request.user, getattr(context.get("view"), "model", None))


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, MissingScope):
        return InsufficientScope(error)
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if took_too_long(error):
        return TooSlow()
    if isinstance(error, DjangoValidationError):
        if getattr(error, "code", None) in _CONFLICTS:
            return Conflict(error.message)
        return exceptions.ValidationError(_by_field(error))
    return None


def _by_field(error: DjangoValidationError) -> dict:
    parts = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return {
        # A service names what is nested with dots.
        tuple(field.split(".")): [
            exceptions.ErrorDetail(message, one.code or "invalid") for one in ones for message in one.messages
        ]
        for field, ones in parts.items()
    }


def _detail(error: exceptions.APIException, errors: list[dict]) -> str:
    if not isinstance(error, exceptions.ValidationError):
        return str(error.detail)
    if len(errors) == 1:
        return errors[0]["message"]
    return f"{len(errors)} things are wrong; “errors” names each."


def _faults_of_item(index: int, error: exceptions.APIException) -> Iterator[dict]:
    place = ("items", str(index))
    if isinstance(error, exceptions.ValidationError):
        for path, message in _flat(error.detail):
            yield _told((*place, *path), message, in_body=True)
    else:
        yield _told(place, error.detail, in_body=True) | getattr(error, "beside", {})


def _flat(detail, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every message of a nested error detail with the path of its field."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            step = key if isinstance(key, tuple) else (str(key),)
            yield from _flat(inner, (*path, *(part for part in step if part not in _WHOLE)))
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, (*path, str(position)) if nested else path)
    else:
        yield path, detail


def _told(path: tuple[str, ...], message, *, in_body: bool) -> dict:
    """One fault: ``field`` with dots and, in a body, ``pointer`` (RFC 6901) to the very place."""
    fault = {
        "field": ".".join(path) or None,
        "message": str(message),
        "code": getattr(message, "code", None) or "invalid",
    }
    if in_body and path:  # the whole body has no place to point to
        fault["pointer"] = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)
    return fault
