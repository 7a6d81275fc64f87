"""Suggestions under a search box, while somebody types.

The API's ``/api/v1/suggest/`` is for programs; this is for the boxes of the pages: grouped, in the
reader's words, with the number of agreements, and without a rate limit that a typing hand would hit.
"""

from collections.abc import Iterable

from django import forms
from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.filtersets.base import AnyOfField, overfull
from partnerships.models import Country, Facet
from partnerships.querysets.readers_names import name_for_reader
from partnerships.search.answers import Count
from partnerships.search.numbers import agreements_under
from partnerships.search.suggestions import MAX_LENGTH, RESOURCES, Suggestion, suggest
from partnerships.templatetags.registry import counted

from .meant import NAME_KINDS, address_of
from .pages import PublicPage

MOST = 10
#: The heading of each group, and the facet under which its records are counted.
_GROUPS = {
    "institutions": (gettext_lazy("Institutions"), Facet.INSTITUTION),
    "people": (gettext_lazy("People"), Facet.PERSON),
    "focus-areas": (gettext_lazy("Focus areas"), Facet.FOCUS_AREA),
    "events": (gettext_lazy("Events"), Facet.EVENT),
    "countries": (gettext_lazy("Countries"), Facet.COUNTRY),
}


class _Question(forms.Form):
    q = forms.CharField(max_length=MAX_LENGTH, required=False)
    resource = AnyOfField(choices=[(name, name) for name in RESOURCES], required=False)


class Suggestions(PublicPage):
    """At most ten records that may be meant, in groups; the likeliest group and record first."""

    def get(self, request: HttpRequest) -> JsonResponse:
        form = _Question(request.GET)
        errors = [
            {"field": name, "message": str(message)}
            for name, messages in form.errors.items()
            for message in messages
        ]
        errors += [
            {"field": name, "message": _("There is no such parameter.")}
            for name in sorted(set(request.GET) - set(form.fields))
        ]
        errors += [
            {"field": name, "message": _("Too many values.")} for name in overfull(request.GET, form.fields)
        ]
        if errors:
            return JsonResponse({"errors": errors}, status=400)
        asked = form.cleaned_data
        found = (
            suggest(asked["q"], user=self.user, resources=asked["resource"] or RESOURCES, limit=MOST)
            if asked["q"]
            else []
        )
        answer = JsonResponse({"groups": self.groups(found), "said": _said(len(found))})
        # For the same words typed again; never kept for others.
        patch_cache_control(answer, private=True, max_age=60)
        return answer

    def groups(self, found: list[Suggestion]) -> list[dict]:
        """Return what was found by resource, in the order of the best of each."""
        counts = agreements_under([_heading(one) for one in found], self.user) if found else {}
        countries = _countries(found)
        name_for_reader([one.record for one in found], countries)
        return [
            {
                "resource": resource,
                "title": str(_GROUPS[resource][0]),
                "items": [
                    _item(one, counts[_heading(one)], countries) for one in found if one.resource == resource
                ],
            }
            for resource in dict.fromkeys(one.resource for one in found)
        ]


def _heading(found: Suggestion) -> tuple[str, str]:
    return _GROUPS[found.resource][1], str(found.record.pk)


def _countries(found: Iterable[Suggestion]) -> dict[str, Country]:
    """The countries in which records lie, with one statement."""
    codes = {one.country for one in found if one.resource != "countries" and one.country}
    return Country.objects.in_bulk(codes) if codes else {}


def _item(found: Suggestion, count: Count, countries: dict[str, Country]) -> dict:
    other = found.name_kind != "name"
    # A code is what one types, not what something is called.
    what = [NAME_KINDS[found.name_kind]] if other else []
    if found.resource != "countries" and found.country in countries:
        what.append(countries[found.country])
    return {
        "id": found.record.uid,
        "name": str(found.record),
        "address": address_of(found),
        "number": counted(count, "agreement"),
        "what": " · ".join(str(part) for part in what),
        "found_as": {"name": found.name, "language": found.language} if other else None,
    }


def _said(number: int) -> str:
    """What a screen reader is told."""
    if not number:
        return _("No suggestions")
    words = ngettext("%(number)s suggestion", "%(number)s suggestions", number)
    return words % {"number": number}
