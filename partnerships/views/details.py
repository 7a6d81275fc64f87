"""The detail page: one record, at its one address."""

import json

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property

from partnerships.addresses import permanent
from partnerships.filtersets import AgreementFilterSet
from partnerships.models import IndexCard
from partnerships.pictures.card import Card
from partnerships.standards import linked_data
from partnerships.templatetags.registry import counted

from .negotiation import SeeOther, preferred, with_twins
from .pages import PublicPage
from .queries import api_address, with_query
from .reporting import links_to_report


class RegistryDetail(PublicPage):
    """A page of one record. A subclass names the model, the resource and the template."""

    model: type[Model]
    #: The name of the resource in the addresses, of pages as of the API.
    resource: str
    #: What the record is, on its card.
    kind: str | Promise = ""

    def get_queryset(self) -> QuerySet:
        return self.model.objects.visible_to(self.user).for_detail(self.user)

    def load(self, uid: str) -> bool:
        """Fetch the record that ``uid`` stands for as ``object``; False where this visitor has none."""
        self.object = self.find(self.get_queryset(), uid).first()
        return self.object is not None

    def find(self, rows: QuerySet, text: str) -> QuerySet:
        """Narrow ``rows`` to the record that ``text`` stands for."""
        return rows.filter(uid=text)

    def get(self, request: HttpRequest, uid: str, **kwargs) -> HttpResponse:
        if not self.load(uid):
            return self.gone(uid)
        if self.uid != uid:
            return HttpResponsePermanentRedirect(with_query(self.address_of(self.uid), request.GET))
        return self.in_preferred_form()

    @property
    def uid(self) -> str:
        """The id of the record, as its address has it."""
        return self.object.uid

    def in_preferred_form(self) -> HttpResponse:
        """Answer with the page, or with the form of the record that the request would rather have."""
        forms = self.forms()
        wanted = preferred(self.request, forms)
        if wanted and wanted == forms.get(linked_data.MEDIA_TYPE):
            body = json.dumps(self.graph, ensure_ascii=False)
            response = HttpResponse(body, content_type=linked_data.MEDIA_TYPE)
        elif wanted:
            response = SeeOther(wanted)
        else:
            response = self.render_to_response(self.get_context_data(object=self.object))
        return with_twins(response, forms)

    @cached_property
    def graph(self) -> dict | None:
        """The record as linked data; nothing where not everybody may see it."""
        return linked_data.graph_of(self.object, f"{self.request.scheme}://{self.request.get_host()}")

    def forms(self) -> dict[str, str]:
        """Addresses of the record in other forms, by media type."""
        forms = {}
        if self.graph:
            forms[linked_data.MEDIA_TYPE] = self.permanent_address_of(self.object.uid)
        if api := api_address(f"{self.resource}-detail", uid=self.object.uid):
            forms["application/json"] = api
        return forms

    def card(self) -> Card:
        """Return what stands beside links to the record where people share it."""
        named = self.resource.replace("-", "_")
        cards = IndexCard.objects.visible_to(self.user)
        asked = AgreementFilterSet({named: self.object.uid}, cards, user=self.user, only_asked=True)
        asked.is_valid()
        number = counted(asked.question.count, "agreement")
        return Card(str(self.kind), str(self.object), facts=[number])

    def gone(self, uid: str) -> HttpResponse:
        """Answer for a record that is not there, or not for this visitor."""
        raise Http404("There is no such record.")

    def address_of(self, uid: str) -> str:
        return reverse(f"partnerships:{self.resource}-detail", kwargs={"uid": uid})

    def permanent_address_of(self, uid: str) -> str:
        """Return the address by which the record is cited and named, without a language."""
        return permanent(f"partnerships:{self.resource}-detail", kwargs={"uid": uid})

    def addresses(self, uid: str) -> dict[str, str]:
        """Return whole addresses of a record: the one to cite, this page of it, and its card."""
        whole = self.request.build_absolute_uri
        return {
            "permanent_address": whole(self.permanent_address_of(uid)),
            "canonical": whole(self.address_of(uid)),
            "social_card": whole(reverse(f"partnerships:{self.resource}-card", kwargs={"uid": uid})),
        }

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            **self.addresses(self.object.uid),
            api=api_address(f"{self.resource}-detail", uid=self.object.uid),
            reportable=links_to_report(self.request.path, self.model),
            linked_data=linked_data.for_page(self.graph) if self.graph else "",
            **kwargs,
        )
