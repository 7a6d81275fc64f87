"""Telling that a part of the API will go: in the description, and in the headers of whoever still uses it.

A view says it in ``deprecated``, by the part:

* ``"list"``, ``"retrieve"``, ``"get"``, …: an operation, by its action or method,
* ``"?name"``: a parameter,
* ``".name"``: a key of the record, where it is answered or sent.

    class ThingViewSet(RegistryViewSet):
        deprecated = {"?colour": Deprecated(date(2027, 1, 1), sunset=date(2028, 1, 1), instead="`shade`")}
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.http import http_date

#: Where clients read what to do; a page may be named for each deprecation.
POLICY = "/api/docs/"


@dataclass(frozen=True)
class Deprecated:
    """A part that will go.

    Args:
        since: the day from which nobody should take it up.
        sunset: the day from which it may be gone (at the earliest); None while nobody knows.
        instead: what to use, in words; Markdown.
        page: the address where it is explained.
    """

    since: date
    sunset: date | None = None
    instead: str = ""
    page: str = POLICY

    def in_words(self) -> str:
        """What the description says beside ``deprecated``."""
        until = f", and may be gone from {self.sunset.isoformat()} on" if self.sunset else ""
        other = f" Use {self.instead}." if self.instead else ""
        return f"Deprecated since {self.since.isoformat()}{until}.{other}"

    def mark(self, part: dict) -> None:
        """Mark an operation, a parameter or a schema of the description."""
        part["deprecated"] = True
        part["description"] = " ".join(filter(None, [part.get("description"), self.in_words()]))
        if self.sunset:
            part["x-sunset"] = self.sunset.isoformat()


class TellsDeprecations:
    """Mixin of a view: says in headers which deprecated parts a request has used."""

    deprecated: Mapping[str, Deprecated] = {}

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.deprecated:
            tell(
                response, [one for part, one in self.deprecated.items() if self._uses(request, part)], request
            )
        return response

    def _uses(self, request, part: str) -> bool:
        if part.startswith("?"):
            return part[1:] in request.query_params
        if part.startswith("."):
            return self._shows(part[1:]) or part[1:] in _sent(request)
        return part in {getattr(self, "action", None), request.method.lower()}

    def _shows(self, key: str) -> bool:
        selection = getattr(self, "selection", None)
        return selection is None or key in selection


def _sent(request) -> Mapping[str, Any]:
    # What could not be read as JSON was refused; asking again would raise that again.
    body = getattr(request, "_full_data", None)
    return body if isinstance(body, Mapping) else {}


def tell(response, used: Iterable[Deprecated], request) -> None:
    """Add ``Deprecation`` (RFC 9745), ``Sunset`` (RFC 8594) and a link to what explains them.

    Several are told together: the earliest of each day counts, every page is linked.
    """
    used = list(used)
    if not used:
        return
    response.headers["Deprecation"] = f"@{_moment(min(one.since for one in used))}"
    if sunsets := [one.sunset for one in used if one.sunset]:
        response.headers["Sunset"] = http_date(_moment(min(sunsets)))
    links = [
        f'<{request.build_absolute_uri(page)}>; rel="deprecation"; type="text/html"'
        for page in dict.fromkeys(one.page for one in used)
    ]
    known = response.headers.get("Link")
    response.headers["Link"] = ", ".join([known, *links] if known else links)


def _moment(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
