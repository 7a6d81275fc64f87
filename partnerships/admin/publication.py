"""The acts of publication as buttons of the change page."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from partnerships.choices import PublicationState
from partnerships.models import Agreement
from partnerships.services.publication import ACTS, open_acts
from people.admin.base import typed_reason

#: What is told when an act is done.
DONE = {
    "submit": "“%s” waits for review now.",
    "send_back": "“%s” went back to its editors.",
    "publish": "“%s” is published.",
    "withdraw": "“%s” is withdrawn.",
}
#: Acts that a button beside “Save” performs on what was just saved.
WITH_SAVE = {"submit": "Save and submit for review", "publish": "Save and publish"}
#: Acts that need a reason and so have a form of their own.
WITH_REASON = {"send_back", "withdraw"}
_PREFIX = "_act_"
#: Names in the history, by the state that an act led to.
_LED_TO = {
    PublicationState.IN_REVIEW: "Submitted for review",
    PublicationState.DRAFT: "Sent back to its editors",
    PublicationState.PUBLISHED: "Published",
    PublicationState.WITHDRAWN: "Withdrawn",
}


class PublicationMixin:
    """Buttons for the acts that are open to the user; each calls its service."""

    def get_urls(self):
        act = path(
            "<path:object_id>/act/<str:name>/",
            self.admin_site.admin_view(self.act_view),
            name="partnerships_agreement_act",
        )
        return [act, *super().get_urls()]

    @method_decorator(csrf_protect)
    def act_view(self, request, object_id: str, name: str):
        """Perform an act on the record as it was last saved."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        agreement = self.get_object(request, object_id)
        if agreement is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if name not in ACTS:
            raise PermissionDenied
        if name == "withdraw" and not request.POST.get("confirm"):
            messages.error(request, "Confirm that the record shall be taken back from its public page.")
        else:
            self.perform(request, agreement, name, request.POST.get("reason", ""))
        return HttpResponseRedirect(change_page(agreement))

    def perform(self, request, agreement: Agreement, name: str, reason: str = "") -> bool:
        """Perform an act and tell how it went; nothing that was saved before is lost if it fails."""
        verb: Callable = ACTS[name][0]
        try:
            verb(agreement=agreement, by=request.user, reason=reason)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return False
        messages.success(request, DONE[name] % agreement)
        return True

    def act_after_saving(self, request, agreement: Agreement) -> bool:
        """Perform the act whose button was pressed beside “Save”, if one was."""
        for name in WITH_SAVE:
            if _PREFIX + name in request.POST:
                self.perform(request, agreement, name, typed_reason(request))
                return True
        return False

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(change_page(obj)) if self.act_after_saving(request, obj) else response

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        return HttpResponseRedirect(change_page(obj)) if self.act_after_saving(request, obj) else response

    def publication_context(self, request, agreement: Agreement | None) -> dict:
        """What the templates need to show the buttons."""
        names = open_acts(agreement or Agreement(), request.user)
        if agreement is None:
            names = [name for name in names if self.has_add_permission(request)]
        return {
            "acts_with_save": [(_PREFIX + name, WITH_SAVE[name]) for name in names if name in WITH_SAVE],
            "acts_with_reason": [name for name in names if name in WITH_REASON],
        }


def act_between(before, after) -> str:
    """What an act that moved a record from one state to another is called in its history."""
    states = tuple(getattr(row, "publication_state", "") for row in (before, after))
    return "" if states[0] == states[1] or not states[0] else _LED_TO.get(states[1], "")


def change_page(agreement: Agreement) -> str:
    """Address of the record's change page."""
    return reverse("admin:partnerships_agreement_change", args=[agreement.pk])
