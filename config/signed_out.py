"""A form of the admin that is sent after the session has ended keeps what was typed."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

#: Never written into a page: passwords, and the mark that the page gets anew.
_UNTOLD = ("password", "csrfmiddlewaretoken")


class SignedOutMiddleware:
    """Answers with a page that holds everything typed, where the admin would lead to the sign-in and lose it.

    The mark against forgery was checked before: what is held comes from a form of our own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or not _leads_to_sign_in(response) or request.user.is_authenticated:
            return response
        context = {
            "sign_in": reverse("admin:login"),
            "typed": list(_typed(request)),
            "files": [upload.name for upload in request.FILES.values()],
        }
        return render(request, "admin/signed_out.html", context, status=403)


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.url.partition("?")[0] == reverse("admin:login")


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if not any(word in name for word in _UNTOLD):
            yield from ((name, value) for value in values)
