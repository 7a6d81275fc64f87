"""The Atom feed (RFC 4287) of any question about agreements, read on part by part (RFC 5005)."""

from datetime import UTC, datetime
from hashlib import blake2s
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from lxml import etree

from partnerships.choices import AgreementType
from partnerships.filtersets import AgreementFilterSet
from partnerships.filtersets.base import SHAPE_PARAMETERS
from partnerships.filtersets.reading import Misread, Stretch, read
from partnerships.models import Agreement, IndexCard
from partnerships.search.answers import CardList
from partnerships.standards.xml import Namespace

from .pages import PublicPage
from .queries import from_the_beginning, moved, question_alone
from .shown import agreements_on

MEDIA_TYPE = "application/atom+xml"
SIZE = 50
_ATOM = Namespace("http://www.w3.org/2005/Atom")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def address_of_feed(query: QueryDict) -> str:
    """Return where the feed of a question about agreements stands."""
    asked = question_alone(query)
    for name in (*SHAPE_PARAMETERS, "ordering"):
        asked.pop(name, None)
    path = reverse("partnerships:agreement-feed")
    return f"{path}?{asked.urlencode()}" if asked else path


class AgreementFeed(PublicPage):
    """What changed last of the public agreements that answer a question. Everybody is given the same."""

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.copy()
        query.setdefault("cursor", "")
        try:
            page = _page(query)
        except Misread as error:
            return HttpResponse(
                f"{error.field}: {error}", status=400, content_type="text/plain; charset=utf-8"
            )
        rows = agreements_on(page.rows, AnonymousUser())
        body = _feed(request, rows, page)
        newest = rows[0].updated_at if rows else _NEVER
        etag = f'"{blake2s(body, digest_size=12).hexdigest()}"'
        kept = {"ETag": etag, "Last-Modified": http_date(newest.timestamp()), "Cache-Control": "no-cache"}
        unchanged = get_conditional_response(request, etag=etag)
        return unchanged or HttpResponse(body, content_type=f"{MEDIA_TYPE}; charset=utf-8", headers=kept)


def _page(query: QueryDict) -> Stretch:
    """The agreements that the question finds, those that changed last first.

    Raises:
        Misread: something of the question makes no sense.
    """
    for name in (SHAPE_PARAMETERS - {"cursor"}) | {"ordering"}:
        if name in query:
            raise Misread(name, "A feed has its own order and shape.", "unknown_parameter")
    stranger = AnonymousUser()
    cards = IndexCard.objects.visible_to(stranger)
    asked = query.copy()
    asked["ordering"] = "-updated_at"
    questions = AgreementFilterSet(asked, cards, user=stranger, only_asked=True)
    for name in questions.unknown_parameters:
        raise Misread(name, "This is not a filter of agreements.", "unknown_parameter")
    if not questions.is_valid():
        [name, messages] = next(iter(questions.form.errors.items()))
        raise Misread(name, messages[0], "invalid")
    return read(CardList(questions.question, questions.qs, None), query, number=1, size=SIZE)


def _feed(request: HttpRequest, rows: list[Agreement], page: Stretch) -> bytes:
    origin = f"{request.scheme}://{request.get_host()}"
    root = etree.Element(f"{{{_ATOM.uri}}}feed", nsmap={None: _ATOM.uri})
    question = from_the_beginning(request.GET)
    first = origin + address_of_feed(question)
    listed = origin + reverse("partnerships:agreement-list")
    _ATOM.add(root, "id", f"{_tag()}{address_of_feed(question)}")
    _ATOM.add(root, "title", f"{settings.REGISTRY_NAME}: agreements")
    _ATOM.add(root, "updated", _moment(rows[0].updated_at if rows else _NEVER))
    _ATOM.add(_ATOM.add(root, "author"), "name", settings.REGISTRY_PUBLISHER or settings.REGISTRY_NAME)
    if settings.DATA_LICENSE:
        _ATOM.add(root, "link", rel="license", href=settings.DATA_LICENSE)
    links = {"self": request.build_absolute_uri(), "first": first}
    links["alternate"] = f"{listed}?{question.urlencode()}" if question else listed
    for name, found in (("previous", page.previous), ("next", page.next)):
        if found:
            query = moved(request.GET, *found).urlencode()
            links[name] = f"{origin}{reverse('partnerships:agreement-feed')}?{query}"
    for rel, address in links.items():
        kind = "text/html" if rel == "alternate" else MEDIA_TYPE
        _ATOM.add(root, "link", rel=rel, type=kind, href=address)
    for row in rows:
        _entry(root, row, origin)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _entry(root: etree._Element, row: Agreement, origin: str) -> None:
    entry = _ATOM.add(root, "entry")
    page = reverse("partnerships:agreement-detail", args=[row.uid])
    _ATOM.add(entry, "id", f"{_tag()}{page}")
    _ATOM.add(entry, "title", row.title)
    _ATOM.add(entry, "updated", _moment(row.updated_at))
    if row.published_at:
        _ATOM.add(entry, "published", _moment(row.published_at))
    _ATOM.add(entry, "link", rel="alternate", type="text/html", href=origin + page)
    _ATOM.add(entry, "category", term=row.type, label=AgreementType(row.type).in_words)
    for subject in row.subjects.all():
        _ATOM.add(entry, "category", term=subject.focus_area.uid, label=subject.focus_area.name)
    _ATOM.add(entry, "summary", _in_a_line(row))
    if row.summary:
        _ATOM.add(entry, "content", row.summary)


def _in_a_line(row: Agreement) -> str:
    between = "; ".join(party.institution.name for party in row.parties.all())
    signed = f" Signed {row.signed_on}." if row.signed_on else ""
    return f"{AgreementType(row.type).in_words} between {between}.{signed}"


def _tag() -> str:
    """The beginning of identifiers that stay, wherever the registry moves to (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_ADDRESS).hostname or 'localhost'},2026:"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
