"""The detail page: one record, at its one address."""

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from .pages import PublicPage
from .queries import api_address


class RegistryDetail(PublicPage):
    """A page of one record. A subclass names the model, the resource and the template."""

    model: type[Model]
    #: The name of the resource in the addresses, of pages as of the API.
    resource: str

    def get_queryset(self) -> QuerySet:
        return self.model.objects.visible_to(self.user).for_detail(self.user)

    def find(self, rows: QuerySet, text: str) -> QuerySet:
        """Narrow ``rows`` to the record that ``text`` stands for."""
        return rows.filter(uid=text)

    def get(self, request: HttpRequest, uid: str, **kwargs) -> HttpResponse:
        self.object = self.find(self.get_queryset(), uid).first()
        if self.object is None:
            return self.gone(uid)
        if self.object.uid != uid:
            return HttpResponsePermanentRedirect(self.address_of(self.object.uid))
        return self.render_to_response(self.get_context_data(object=self.object))

    def gone(self, uid: str) -> HttpResponse:
        """Answer for a record that is not there, or not for this visitor."""
        raise Http404("There is no such record.")

    def address_of(self, uid: str) -> str:
        return reverse(f"partnerships:{self.resource}-detail", kwargs={"uid": uid})

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            permanent_address=self.request.build_absolute_uri(self.address_of(self.object.uid)),
            api=api_address(f"{self.resource}-detail", uid=self.object.uid),
            **kwargs,
        )
