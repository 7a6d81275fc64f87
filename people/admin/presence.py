"""A discreet hint on the change page: who else has the same form open."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.timesince import timesince
from django.views.decorators.csrf import csrf_protect

from people.services.presence import end_presence, note_presence, others_present

#: Seconds between two signs of a browser.
BEAT = 25


class PresenceHints:
    """Mixin of a model admin: opening a form that one may save is noted, and told to the others.

    ``presence.js`` gives further signs; without scripts the first holds for some minutes.
    """

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_presence"
        view = self.admin_site.admin_view(self.presence_view)
        return [path("<path:object_id>/presence/", view, name=name), *super().get_urls()]

    @method_decorator(csrf_protect)
    def presence_view(self, request, object_id: str):
        """Take a sign of a browser: still there, or (``leave``) gone; answer who else is there."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.get_object(request, unquote(object_id))
        if record is None or not self.has_view_permission(request, record):
            raise PermissionDenied
        if request.POST.get("leave"):
            end_presence(user=request.user, record=record)
            return HttpResponse(status=204)
        if self.has_change_permission(request, record):
            note_presence(user=request.user, record=record)
        return JsonResponse({"told": told_of_others(request.user, record)})

    def presence_context(self, request, record) -> dict:
        """What the change page needs; notes that its form is open when it is asked for."""
        if record is None or not self.has_change_permission(request, record):
            return {}
        if request.method == "GET":
            note_presence(user=request.user, record=record)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_presence"
        return {
            "presence_url": reverse(name, args=[record.pk]),
            "presence_beat": BEAT,
            "presence_told": told_of_others(request.user, record),
        }

    def response_change(self, request, obj):
        """Saved: the form is no longer open; where it opens again, that is noted anew."""
        end_presence(user=request.user, record=obj)
        return super().response_change(request, obj)


def told_of_others(user, record) -> str:
    """“Kim Minji opened this 2 minutes ago”, or nothing."""
    told = [
        f"{row.user.get_full_name() or row.user.get_username()} opened this {_ago(row.since)}"
        for row in others_present(user=user, record=record)
    ]
    return "; ".join(told)


def _ago(moment) -> str:
    words = timesince(moment, depth=1)
    return "just now" if words.startswith("0") else f"{words} ago"
