"""The catalogue of the data: ``/catalog.ttl``, ``.jsonld`` and ``.rdf``; ``/catalog/`` leads to them."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from partnerships.models import Event, FocusArea, IndexCard, Institution
from partnerships.standards.catalogue import Dataset, catalogue
from people.models import Person

from .negotiation import SeeOther, with_twins
from .pages import PublicPage

#: By the ending of the address: media type, and what the RDF library calls the form.
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "pretty-xml"),
}
_OTHERS = (
    (Institution, "institution", "Institutions", "Organisations that are parties, with their ROR ids."),
    (Person, "person", "People", "Who signed agreements, and who spoke about them."),
    (Event, "event", "Events", "Occasions at which agreements were signed or announced."),
    (FocusArea, "focus-area", "Focus areas", "The subjects of the agreements, in a small tree."),
)


class Catalogue(PublicPage):
    """Leads to the form that the request prefers, or to Turtle."""

    def get(self, request: HttpRequest) -> HttpResponse:
        forms = {kind: reverse("partnerships:catalogue-form", args=[end]) for end, (kind, _) in FORMS.items()}
        wanted = request.get_preferred_type(list(forms)) or FORMS["ttl"][0]
        return with_twins(SeeOther(forms[wanted]), forms)


class CatalogueForm(PublicPage):
    """The catalogue. It tells of what everybody may see, to everybody."""

    def get(self, request: HttpRequest, form: str) -> HttpResponse:
        if form not in FORMS:
            raise Http404("The catalogue has no such form.")
        kind, name = FORMS[form]
        graph = catalogue(f"{request.scheme}://{request.get_host()}", datasets())
        return HttpResponse(graph.serialize(format=name), content_type=f"{kind}; charset=utf-8")


def datasets() -> list[Dataset]:
    """Return what the registry offers, with the dates of its public part."""
    stranger = AnonymousUser()
    cards = IndexCard.objects.visible_to(stranger)
    signed = cards.filter(signed_on__isnull=False).values_list("signed_on", flat=True)
    found = [
        Dataset(
            "agreement",
            "Agreements",
            "Memoranda of understanding and other agreements between institutions.",
            changed=_latest(cards),
            first=signed.order_by("signed_on").first(),
            last=signed.order_by("-signed_on").first(),
        )
    ]
    for model, resource, title, description in _OTHERS:
        found.append(Dataset(resource, title, description, _latest(model.objects.visible_to(stranger))))
    return found


def _latest(rows):
    return rows.order_by("-updated_at").values_list("updated_at", flat=True).first()
