"""What a visitor reads where no view answers: a problem under ``/api/``, a page elsewhere."""

from collections import Counter
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from partnerships.api.errors import ProblemResponse, TooSlow


def _asks_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _asks_api(request):
        return defaults.bad_request(request, exception)
    if isinstance(exception, TooManyFieldsSent):
        return _too_many_parameters(request)
    return ProblemResponse(400, "This request cannot be read.")


def _too_many_parameters(request: HttpRequest) -> HttpResponse:
    """Name the parameter that is repeated most, if one is: Django reads none of so many."""
    written = request.META.get("QUERY_STRING", "").split("&")
    [(name, times)] = Counter(part.partition("=")[0] for part in written).most_common(1)
    message = f"A request takes at most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} parameters."
    field = unquote_plus(name)[:100] if times > 1 else ""
    return ProblemResponse(400, message, [{"field": field or None, "message": message, "code": "too_many"}])


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _asks_api(request):
        return ProblemResponse(403, "You may not do this.")
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _asks_api(request):
        return ProblemResponse(404, "There is nothing at this address.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Tell nothing of what went wrong: that stands in the log, under the request's id."""
    if _asks_api(request):
        return ProblemResponse(500, "Something went wrong here; it is logged under X-Request-ID.")
    return defaults.server_error(request)


def too_slow(request: HttpRequest) -> HttpResponse:
    """Answer 503 with advice to a question that takes too long."""
    headers = {"Retry-After": str(TooSlow.wait)}
    if _asks_api(request):
        return ProblemResponse(TooSlow.status_code, TooSlow.default_detail, headers=headers)
    return HttpResponse(render_to_string("503.html"), status=TooSlow.status_code, headers=headers)
