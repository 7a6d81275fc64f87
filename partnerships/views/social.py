"""Pictures that stand beside links to a page where people share it, as Open Graph names them.

A card shows what everybody may see, whoever asks: it is fetched by the services where a link is posted.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views import View

from partnerships.pictures.card import Card, png
from partnerships.querysets.readers_names import name_for_reader

from .details import RegistryDetail

#: Seconds for which a card may be kept by caches: who shares a link does so many times.
KEPT = 3600


class SiteCard(View):
    """The card of the registry itself, for every page that is not of one record."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return drawn(request, Card(_("Registry of partnerships"), "Entente"))


class RecordCard(View):
    """The card of a record.

    Args:
        page: the detail page of which it is the card.
    """

    http_method_names = ["get", "head"]
    page: type[RegistryDetail] = RegistryDetail

    def get(self, request: HttpRequest, uid: str) -> HttpResponse:
        page = self.page()
        request.user = AnonymousUser()
        page.setup(request, uid=uid)
        if "\x00" in uid or not page.load(uid):
            raise Http404("There is no such record.")
        name_for_reader(page.object)
        return drawn(request, page.card())


def drawn(request: HttpRequest, card: Card) -> HttpResponse:
    response = HttpResponse(png(card, request.get_host()), content_type="image/png")
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
