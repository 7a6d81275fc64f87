"""What every request passes: its id and log line, its content policy, how long it may take, its history."""

import logging
import time
from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import translation
from pghistory.middleware import HistoryMiddleware

from config.csp import policy_for
from config.error_pages import too_slow
from config.request_id import current_request_id, request_id_from
from partnerships.addresses import language_of
from partnerships.api.throttling import settle
from people.statements import patience, took_too_long

logger = logging.getLogger("entente.request")


class RequestLogMiddleware:
    """Gives the request an id, returns it as ``X-Request-ID`` and writes one log line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = request_id_from(request.headers.get("X-Request-ID"))
        reset = current_request_id.set(request.request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request.request_id
            logger.info("request", extra=self._line(request, response, started))
            return response
        finally:
            current_request_id.reset(reset)

    @staticmethod
    def _line(request: HttpRequest, response: HttpResponse, started: float) -> dict[str, Any]:
        # The query string stays out of the log: searches are the visitor's own business.
        return {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - started) * 1000, 1),
            "user_id": _user_id_if_known(request),
        }


def _user_id_if_known(request: HttpRequest) -> int | None:
    """Return the signed-in user's id when the view asked who it is; never load a session for it."""
    cached = getattr(request, "_cached_user", None)
    return getattr(cached, "pk", None) or getattr(request, "principal_id", None)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp with the policy chosen by address: see ``config.csp``."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponse, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = policy_for(request.path_info)
        return parts


class LanguageMiddleware:
    """Speaks the language that the address names, and says which in the header of a page.

    Whatever the browser prefers: one address answers the same to everybody, so that it can be cited and
    kept in caches. The API, the administration and files have no language in their address: English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.LANGUAGE_CODE = language_of(request.path_info)
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class ApiVersionMiddleware:
    """Tells with every answer of the API which version of the contract it keeps to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/api/v1/"):
            response.headers["API-Version"] = settings.SPECTACULAR_SETTINGS["VERSION"]
        return response


class StatementTimeoutMiddleware:
    """Lets writing and the admin take their time, and turns a question that takes too long into a 503.

    Whatever else is read stands under the limit of the connection (``people.statements``).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse_lazy("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"} and not request.path_info.startswith(str(self.admin)):
            return self.get_response(request)
        with patience(0):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return too_slow(request) if took_too_long(exception) else None


class RateLimitMiddleware:
    """Tells what is left of a rate limit, where a view has taken something of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        settle(request, response)
        return response


class HistoryContextMiddleware(HistoryMiddleware):
    """Tells the history who writes, through which address and under which request id.

    A signed-in user is known here. A token is recognised later, by the API's authenticator, which
    then calls ``pghistory.context(token=...)``: it joins the context opened here.
    """

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_context(request) | {"request_id": getattr(request, "request_id", None)}
