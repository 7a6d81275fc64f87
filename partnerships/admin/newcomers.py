"""Recording a new institution: whoever types one that stands already is told so, once."""

import json

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from partnerships.services.candidates import Candidate, candidates

from .popup import in_popup

#: Below this score nobody is stopped.
LIKELY = 85
DIFFERENT = "different_institution"
_TOLD = "This may exist already. Use the one that stands, or tick that yours is a different institution."


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
        found = candidates(
            name=name,
            user=self.asked_by,
            country=country and country.pk,
            identifier=self.cleaned_data.get("ror_id") or self.data.get(self.add_prefix("ror_id")),
        )
        self.likely = [one for one in found if one.score >= LIKELY]
        if self.likely:
            self.add_error(None, _TOLD)
        return values


class NewcomersMixin:
    """Mixin of the model admin of institutions."""

    change_form_before_template = "admin/partnerships/institution/likely.html"

    def get_urls(self):
        choose = path(
            "<int:key>/choose/",
            self.admin_site.admin_view(self.choose_view),
            name="partnerships_institution_choose",
        )
        return [choose, *super().get_urls()]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.asked_by = request.user
        return form

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
