"""The address ``/oai/``, and that of the schema of the rich format."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from lxml import etree

from partnerships.api.throttling import QuotaExceeded, spend
from partnerships.querysets.harvest import complete_until
from partnerships.standards.xml import legal
from people.statements import patience

from .answers import OAI, VERBS, Asked, stamp
from .arguments import Fault, read

#: Units of a request (``partnerships.api.costs``): up to 100 records are told at once.
COST = 4
_SCHEMA = Path(__file__).with_name("agreement.xsd")
#: Faults that leave nothing of the request to be repeated.
_UNREADABLE = {"badVerb", "badArgument"}


@method_decorator(csrf_exempt, name="dispatch")
class Oai(View):
    """A repository of OAI-PMH 2.0. It reads nothing of who asks: everybody is given what is public."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request, request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        # Whoever posts may be patient elsewhere; a harvester is a reader.
        with patience(settings.STATEMENT_TIMEOUT_MS):
            return self.answer(request, request.POST)

    def answer(self, request: HttpRequest, query) -> HttpResponse:
        try:
            spend(request, AnonymousUser(), cost=COST)
        except QuotaExceeded as error:
            # As the protocol has it for a harvester that asks too fast.
            headers = {"Retry-After": str(error.wait)}
            return HttpResponse(str(error.detail), status=503, content_type="text/plain", headers=headers)
        origin = f"{request.scheme}://{request.get_host()}"
        address = origin + reverse("oai")
        # Asked first: what is read after this moment holds everything up to it.
        moment = complete_until()
        root = OAI.root("OAI-PMH")
        OAI.add(root, "responseDate", stamp(moment))
        try:
            if request.method == "POST" and request.GET:
                raise Fault("badArgument", "What is posted stands in the body, and nothing in the address.")
            asked = read(query)
        except Fault as fault:
            known = {} if fault.code in _UNREADABLE else _repeated(query)
            OAI.add(root, "request", address, **known)
            return _told(root, fault)
        OAI.add(root, "request", address, **_repeated(query))
        body = etree.Element(f"{{{OAI.uri}}}{asked.verb}", nsmap={None: OAI.uri})
        try:
            VERBS[asked.verb](Asked(asked, address, origin), body)
        except Fault as fault:
            return _told(root, fault)
        root.append(body)
        return _answered(root)


def _repeated(query) -> dict[str, str]:
    return {name: legal(query[name]) for name in query}


def _told(root: etree._Element, fault: Fault) -> HttpResponse:
    OAI.add(root, "error", str(fault), code=fault.code)
    return _answered(root)


def _answered(root: etree._Element) -> HttpResponse:
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return HttpResponse(body, content_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-cache"})


class Schema(View):
    """The schema of the rich format."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(_SCHEMA.read_bytes(), content_type="application/xml; charset=utf-8")
