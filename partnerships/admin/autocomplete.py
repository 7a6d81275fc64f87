"""Answers of the search-as-you-type fields, with enough said to tell namesakes apart."""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse


class LabelledAutocompleteView(AutocompleteJsonView):
    """Django's view; a model admin with ``autocomplete_label(obj, term)`` words its own answers.

    The gate holds here too: rows come from the model admin's ``get_queryset``.
    """

    def serialize_result(self, obj, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        label = getattr(self.model_admin, "autocomplete_label", None)
        return result | {"text": label(obj, self.term)} if label else result


def install() -> None:
    """Let the admin site answer with ``LabelledAutocompleteView``."""

    def view(request: HttpRequest) -> HttpResponse:
        return LabelledAutocompleteView.as_view(admin_site=admin.site)(request)

    admin.site.autocomplete_view = view
