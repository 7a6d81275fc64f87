"""The links by which the page of a record leads to “Report an error”."""

from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse

from partnerships.choices import REPORTABLE
from partnerships.querysets.suggestions import kind_of


def links_to_report(path: str, model: type[Model]) -> list[tuple[str, str]]:
    """Return (address of the form, part of the page) for everything that can be reported at ``path``."""
    form = reverse("partnerships:tell-us")
    return [
        (f"{form}?{urlencode({'about': path, 'field': field})}", words)
        for field, words in REPORTABLE.get(kind_of(model), {}).items()
    ]
