"""What a visitor reads where no view answers: a problem under ``/api/``, a page elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from partnerships.api.errors import ProblemResponse, TooSlow


def _asks_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _asks_api(request):
        return ProblemResponse(400, "This request cannot be read.")
    return defaults.bad_request(request, exception)


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
