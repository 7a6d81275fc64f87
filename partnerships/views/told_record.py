"""Which record an address of this site stands for, as far as the visitor may see it."""

from urllib.parse import urlsplit

from django.db.models import Model
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils import translation

from partnerships.addresses import language_of
from partnerships.models import Country
from partnerships.querysets.suggestions import kind_of

from .details import RegistryDetail

LONGEST_ADDRESS = 500


class Derived(Exception):
    """The page shows what was worked out from records; an error lies in one of those."""


def record_at(address: str, user) -> Model:
    """Return the record of the page at ``address``.

    Args:
        address: the path of a page, in any language; what follows a question mark is left out.

    Raises:
        Derived: a partnership's page, or a country's; whatever it shows, and whether there is one.
        Http404: no page of a record, no such record, or none that ``user`` may see: all alike.
    """
    path = urlsplit(address).path if address.startswith("/") and "\x00" not in address else ""
    if not path or address.startswith("//") or len(address) > LONGEST_ADDRESS:
        raise Http404("There is no such record.")
    try:
        with translation.override(language_of(path)):
            found = resolve(path)
    except Resolver404 as error:
        raise Http404("There is no such record.") from error
    view_class = getattr(found.func, "view_class", None)
    if view_class is None or not issubclass(view_class, RegistryDetail):
        raise Http404("There is no such record.")
    if view_class.resource == "partnership" or view_class.model is Country:
        raise Derived
    if not kind_of(view_class.model):
        raise Http404("There is no such record.")
    rows = view_class.model.objects.visible_to(user)
    record = view_class().find(rows, found.kwargs["uid"]).first()
    if record is None:
        raise Http404("There is no such record.")
    return record
