"""Recording a new institution: whoever types one that stands already is told so, once."""

import json

from django import forms
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from partnerships.services.candidates import Candidate, candidates

from .popup import in_popup

#: Below this score nobody is stopped.
LIKELY = 85
#: What a new institution is told by, and how much of a name has to be typed before it tells anything.
_WEIGHED = ("name", "country", "ror_id")
_SHORTEST = 3
DIFFERENT = "different_institution"
_TOLD = "This may exist already. Use the one that stands, or tick that yours is a different institution."


def _likely(*, name: str, country: str, ror_id: str, user) -> list[Candidate]:
    found = candidates(name=name, user=user, country=country or None, identifier=ror_id or None)
    return [one for one in found if one.score >= LIKELY]


class NewcomerForm(forms.ModelForm):
    """Mixin of the form of an institution. ``asked_by`` is who fills it in."""

    asked_by = None

    #: What it may be, once the form was sent.
    likely: list[Candidate] = []

    def clean(self) -> dict:
        values = super().clean()
        name = (self.cleaned_data.get("name") or "").strip()
        if self.instance.pk or not name or self.data.get(DIFFERENT):
            return values
        country = self.cleaned_data.get("country")
        self.likely = _likely(
            name=name,
            country=country.pk if country else "",
            ror_id=self.cleaned_data.get("ror_id") or self.data.get(self.add_prefix("ror_id")) or "",
            user=self.asked_by,
        )
        if self.likely:
            self.add_error(None, _TOLD)
        return values


class NewcomersMixin:
    """Mixin of the model admin of institutions."""

    class Media:
        js = ("entente/admin/newcomers.js",)

    change_form_before_template = "admin/partnerships/institution/likely.html"

    def get_urls(self):
        choose = path(
            "<int:key>/choose/",
            self.admin_site.admin_view(self.choose_view),
            name="partnerships_institution_choose",
        )
        meanwhile = path(
            "candidates/",
            self.admin_site.admin_view(self.candidates_view),
            name="partnerships_institution_candidates",
        )
        return [choose, meanwhile, *super().get_urls()]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.asked_by = request.user
        return form

    def candidates_view(self, request):
        """Whom a name that is being typed may mean, as a piece of the form's page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        facts = {name: request.GET.get(name, "").replace("\x00", "")[:200] for name in _WEIGHED}
        likely = _likely(**facts, user=request.user) if len(facts["name"].strip()) >= _SHORTEST else []
        context = {
            "likely": likely,
            "is_popup": in_popup(request),
            "is_popup_var": IS_POPUP_VAR,
        }
        return TemplateResponse(request, "admin/partnerships/institution/meanwhile.html", context)

    def choose_view(self, request, key: int):
        """Take an institution that stands instead of a new one: in a popup the form behind it does."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        institution = self.get_object(request, str(key))
        if institution is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(key))
        if not in_popup(request):
            return HttpResponseRedirect(reverse("admin:partnerships_institution_change", args=[key]))
        # What Django's own popup tells the form that opened it, of a record that was just added.
        told = json.dumps({"value": str(institution.pk), "obj": str(institution)})
        return TemplateResponse(request, "admin/popup_response.html", {"popup_response_data": told})
