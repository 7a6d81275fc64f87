"""One address, several forms: which one the ``Accept`` header of a request prefers.

A browser gets the page, and so does whoever says nothing. Linked data is answered at the page's own
address; for the other forms the answer leads to where they stand (303).
"""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers

HTML = "text/html"


def preferred(request: HttpRequest, forms: Mapping[str, str]) -> str:
    """Return the address of the form that the request prefers; empty where that is the page.

    Args:
        forms: addresses by media type, the page not among them.
    """
    return forms.get(request.get_preferred_type([HTML, *forms]) or HTML, "")


def with_twins(response: HttpResponse, forms: Mapping[str, str]) -> HttpResponse:
    """Say in the header of a page which forms it has, and that the answer depends on ``Accept``."""
    if forms:
        links = (f'<{address}>; rel="alternate"; type="{kind}"' for kind, address in forms.items())
        response.headers["Link"] = ", ".join(links)
    patch_vary_headers(response, ["Accept"])
    return response


class SeeOther(HttpResponseRedirect):
    """The form that is asked for stands at another address."""

    status_code = 303
