"""Sitemaps (https://www.sitemaps.org/protocol.html) of what everybody may see, and ``robots.txt``.

A part holds the records of a stretch of primary keys: none can hold more than may stand in one, and a
new record changes the last part alone.
"""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, IntegerField, Max, QuerySet
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from partnerships.addresses import twins
from partnerships.filtersets import AgreementFilterSet
from partnerships.filtersets.base import SHAPE_PARAMETERS
from partnerships.models import Event, FocusArea, IndexCard, Institution
from people.models import Person

from .pages import PublicPage

#: So many addresses stand in one part.
SIZE = 50_000
_TYPE = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_KINDS = {
    "agreement": (IndexCard, "agreement__uid"),
    "institution": (Institution, "uid"),
    "person": (Person, "uid"),
    "event": (Event, "uid"),
    "focus-area": (FocusArea, "uid"),
}


class SitemapIndex(PublicPage):
    """All parts; with filters of agreements, the parts of those that answer them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kinds = ["agreement"] if request.GET else list(_KINDS)
        try:
            found = [(kind, *part) for kind in kinds for part in _parts(_rows(kind, request.GET))]
        except ValueError as error:
            return _refused(error)
        origin, asked = _origin(request), f"?{request.GET.urlencode()}" if request.GET else ""
        lines = []
        for kind, number, changed in found:
            path = reverse("partnerships:sitemap-part", args=[kind, number])
            address = (origin + path + asked).replace("&", "&amp;")
            lines.append(f"<sitemap><loc>{address}</loc><lastmod>{_moment(changed)}</lastmod></sitemap>\n")
        body = f'{_HEAD}<sitemapindex xmlns="{_SPACE}">\n{"".join(lines)}</sitemapindex>\n'
        return HttpResponse(body, content_type=_TYPE)


class SitemapPart(PublicPage):
    """The addresses of one part."""

    def get(self, request: HttpRequest, kind: str, number: int) -> HttpResponse:
        if kind not in _KINDS or (request.GET and kind != "agreement") or number > 2**31 // SIZE:
            raise Http404("There is no such sitemap.")
        try:
            rows = _rows(kind, request.GET)
        except ValueError as error:
            return _refused(error)
        rows = rows.filter(pk__gte=number * SIZE, pk__lt=(number + 1) * SIZE).order_by("pk")
        listed = rows.values_list(_KINDS[kind][1], "updated_at")
        if not listed.exists():
            raise Http404("There is no such sitemap.")
        return StreamingHttpResponse(_urls(kind, listed, _origin(request)), content_type=_TYPE)


def _urls(kind: str, listed: QuerySet, origin: str) -> Iterator[str]:
    # Made from one address: reversing each takes longer than reading it.
    before, after = reverse(f"partnerships:{kind}-detail", args=["0"]).rsplit("0", 1)
    yield f'{_HEAD}<urlset xmlns="{_SPACE}" xmlns:xhtml="{_XHTML}">\n'
    languages = [(twin.tag, twin.address.rsplit("0", 1)[0]) for twin in twins(f"{before}0{after}")]
    for uid, changed in listed.iterator(chunk_size=2000):
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{origin}{begun}{uid}{after}"/>'
            for tag, begun in languages
        )
        moment = _moment(changed)
        yield f"<url><loc>{origin}{before}{uid}{after}</loc>{links}<lastmod>{moment}</lastmod></url>\n"
    yield "</urlset>\n"


def _rows(kind: str, query) -> QuerySet:
    """What everybody may see of a kind, narrowed by a question.

    Raises:
        ValueError: the question makes no sense.
    """
    stranger = AnonymousUser()
    rows = _KINDS[kind][0].objects.visible_to(stranger)
    if not query:
        return rows
    questions = AgreementFilterSet(query, rows, user=stranger, only_asked=True)
    strange = [*questions.unknown_parameters, *(name for name in query if name in SHAPE_PARAMETERS)]
    if strange:
        raise ValueError(f"“{strange[0]}” is not a filter of agreements.")
    if not questions.is_valid():
        [name, messages] = next(iter(questions.form.errors.items()))
        raise ValueError(f"{name}: {messages[0]}")
    return questions.narrowed(rows)


def _parts(rows: QuerySet) -> QuerySet:
    """Pairs of the number of a part and of its last change."""
    grouped = rows.order_by().annotate(part=Cast(F("pk") / SIZE, IntegerField())).values("part")
    return grouped.annotate(changed=Max("updated_at")).order_by("part").values_list("part", "changed")


def _refused(error: ValueError) -> HttpResponse:
    return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _moment(moment) -> str:
    return moment.isoformat(timespec="seconds")


class Robots(PublicPage):
    """What crawlers are asked to leave alone: questions without end, and what is for programs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        sitemap = _origin(request) + reverse("partnerships:sitemap")
        lines = [
            "User-agent: *",
            "Disallow: /admin/",
            "Disallow: /api/",
            "Disallow: /*?",
            f"Sitemap: {sitemap}",
        ]
        return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
