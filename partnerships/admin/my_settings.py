"""The page on which each person says how to be reminded, and finds the address of their calendar."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from unfold.widgets import UnfoldAdminSelectWidget

from partnerships.models import Frequency, StaffSettings
from partnerships.services.reminders.preferences import (
    calendar_address,
    choose_reminders,
    close_calendar,
    renew_calendar,
)


class RemindersForm(forms.Form):
    reminders = forms.ChoiceField(
        label="Reminders by e-mail",
        choices=Frequency,
        widget=UnfoldAdminSelectWidget(choices=Frequency),
        help_text="Of the ends and notice deadlines of the records that you look after.",
    )


@never_cache
def my_settings(request: HttpRequest) -> HttpResponse:
    """Show and change the settings of whoever is signed in."""
    kept = StaffSettings.objects.filter(user=request.user).first() or StaffSettings(user=request.user)
    form = RemindersForm(initial={"reminders": kept.reminders})
    if request.method == "POST":
        if "renew" in request.POST or "close" in request.POST:
            _change_calendar(request)
            return HttpResponseRedirect(reverse("my-settings"))
        form = RemindersForm(request.POST)
        if form.is_valid():
            choose_reminders(user=request.user, frequency=form.cleaned_data["reminders"])
            messages.success(request, "Your settings are saved.")
            return HttpResponseRedirect(reverse("my-settings"))
    context = admin.site.each_context(request) | {
        "title": "My settings",
        "form": form,
        "calendar": calendar_address(kept),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/my_settings.html", context)


def _change_calendar(request: HttpRequest) -> None:
    if "close" in request.POST:
        close_calendar(user=request.user)
        messages.success(request, "Your calendar is closed: its address opens nothing any more.")
    else:
        renew_calendar(user=request.user)
        messages.success(request, "Your calendar has a new address. An earlier one opens nothing any more.")
