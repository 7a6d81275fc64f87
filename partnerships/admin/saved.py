"""Saved filters above the list of agreements, and the page on which they are named, shared and removed."""

from copy import copy

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from unfold import widgets

from partnerships.models import SavedFilter, StaffSettings
from partnerships.services.reminders.preferences import calendar_address
from partnerships.services.saved_filters import (
    delete_filter,
    may_change,
    normal_question,
    revise_filter,
    save_filter,
)
from people.models import Office

from .offices import offices_of

_LIST = "admin:partnerships_agreement_changelist"


class SavedFilterForm(forms.Form):
    """A filter's name, and the office that sees it too."""

    name = forms.CharField(max_length=80, widget=widgets.UnfoldAdminTextInputWidget)
    office = forms.ModelChoiceField(
        Office.objects.none(),
        required=False,
        label="Shared with",
        empty_label="nobody: only me",
        widget=widgets.UnfoldAdminSelectWidget,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices_of(user)


class SavedFilters:
    """Mixin of the agreements' model admin."""

    def get_urls(self):
        def address(route: str, view, name: str):
            return path(f"filters/{route}", self.admin_site.admin_view(view), name=f"savedfilter_{name}")

        mine = [
            address("", self.filters_view, "list"),
            address("new/", require_POST(self.new_filter_view), "new"),
            address("<str:uid>/", self.open_filter_view, "open"),
            address("<str:uid>/change/", require_POST(self.change_filter_view), "change"),
        ]
        return [*mine, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """Put the filters above the list; the one that it shows bears its name."""
        if request.method == "GET":
            asked = normal_question(request.GET.urlencode())
            saved = list(_visible(request))
            shown = next((one for one in saved if one.question == asked), None)
            context = {"saved_filters": saved, "shown_filter": shown, "question": asked}
            if asked and shown is None:
                context["save_form"] = SavedFilterForm(user=request.user, prefix="saved")
            extra_context = context | (extra_context or {})
        return super().changelist_view(request, extra_context)

    def open_filter_view(self, request, uid: str):
        """Lead to the list with the filter's question, if the list still knows it."""
        saved = get_object_or_404(_visible(request), uid=uid)
        try:
            asking = _asking(request, saved.question)
            changelist = self.get_changelist_instance(asking)
            changelist.get_queryset(asking)
        except IncorrectLookupParameters:
            messages.error(
                request,
                f"“{saved}” asks something that this list does not know any more. "
                "Choose the filters anew, save them, and remove this one.",
            )
            return HttpResponseRedirect(reverse("admin:savedfilter_list"))
        return HttpResponseRedirect(f"{reverse(_LIST)}?{saved.question}")

    def filters_view(self, request):
        """All filters that the user sees, each with its form where they may change it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._filters_page(request)

    def new_filter_view(self, request):
        """Save the question of the list; what is refused comes back with everything that was typed."""
        form = SavedFilterForm(request.POST, user=request.user, prefix="saved")
        question = normal_question(request.POST.get("question", ""))
        if form.is_valid():
            try:
                saved = save_filter(by=request.user, question=question, **form.cleaned_data)
            except ValidationError as error:
                _add(form, error)
            else:
                messages.success(request, f"The filter is saved as “{saved}”.")
                return HttpResponseRedirect(f"{reverse(_LIST)}?{saved.question}")
        return self._filters_page(request, new=form, question=question)

    def change_filter_view(self, request, uid: str):
        """Rename, share or delete a filter, whichever button was pressed."""
        saved = get_object_or_404(_visible(request), uid=uid)
        here = HttpResponseRedirect(reverse("admin:savedfilter_list"))
        if "delete" in request.POST:
            delete_filter(saved=saved, by=request.user)
            messages.success(request, f"The filter “{saved}” is removed; no record is.")
            return here
        form = SavedFilterForm(request.POST, user=request.user, prefix=saved.uid)
        if form.is_valid():
            try:
                revise_filter(saved=saved, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                _add(form, error)
            else:
                messages.success(request, f"“{form.cleaned_data['name']}” is changed.")
                return here
        return self._filters_page(request, changed={saved.uid: form})

    def _filters_page(self, request, *, new=None, question: str = "", changed: dict | None = None):
        own = StaffSettings.objects.filter(user=request.user).first() or StaffSettings(user=request.user)
        rows = [
            {
                "saved": saved,
                "form": (changed or {}).get(saved.uid) or self._form_of(request, saved),
                "calendar": calendar_address(own, saved),
            }
            for saved in _visible(request)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Saved filters",
            "opts": self.opts,
            "rows": rows,
            "new_form": new,
            "question": question,
        }
        refused = bool(new or changed)
        page = "admin/partnerships/agreement/filters.html"
        return TemplateResponse(request, page, context, status=400 if refused else 200)

    def _form_of(self, request, saved: SavedFilter) -> SavedFilterForm | None:
        if not may_change(saved, request.user):
            return None
        initial = {"name": saved.name, "office": saved.office_id}
        return SavedFilterForm(user=request.user, prefix=saved.uid, initial=initial)


def _visible(request):
    if not request.user.has_perm("partnerships.view_agreement"):
        raise Http404
    return SavedFilter.objects.visible_to(request.user).select_related("office", "owner")


def _asking(request, question: str):
    """The request as it would be if the list were asked ``question``."""
    asking = copy(request)
    asking.GET = QueryDict(question)
    return asking


def _add(form: forms.Form, error: ValidationError) -> None:
    told = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, complaints in told.items():
        form.add_error(name if name in form.fields else None, complaints)
