"""Submitting and publishing in one step with saving, and what the record's page tells of its standing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect

from partnerships.choices import PublicationState
from partnerships.models import Agreement
from partnerships.services.lifecycle import ACTS, open_acts
from people.admin.base import typed_reason

from .acts import ActPages, change_page
from .acts.pages import DONE
from .standing import standing_of

#: Acts that a button beside “Save” performs on what was just saved.
WITH_SAVE = {"submit": "Save and submit for review", "publish": "Save and publish"}
_PREFIX = "_act_"
#: Names in the history, by the state that an act led to.
_LED_TO = {
    PublicationState.IN_REVIEW: "Submitted for review",
    PublicationState.DRAFT: "Sent back to its editors",
    PublicationState.PUBLISHED: "Published",
    PublicationState.WITHDRAWN: "Withdrawn",
}


class PublicationMixin(ActPages):
    """Buttons for the acts that go with saving; the others have pages of their own."""

    def perform(self, request, agreement: Agreement, name: str, reason: str = "") -> bool:
        """Perform an act and tell how it went; nothing that was saved before is lost if it fails."""
        try:
            ACTS[name].verb(agreement=agreement, by=request.user, reason=reason)
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
        """What the templates need to show buttons and acts."""
        names = open_acts(agreement or Agreement(), request.user)
        if agreement is None:
            names = [name for name in names if self.has_add_permission(request)]
        buttons = {
            "acts_with_save": [(_PREFIX + name, WITH_SAVE[name]) for name in names if name in WITH_SAVE]
        }
        return buttons if agreement is None else buttons | standing_of(agreement, request.user, names)


def act_between(before, after) -> str:
    """What an act that moved a record from one state to another is called in its history."""
    states = tuple(getattr(row, "publication_state", "") for row in (before, after))
    return "" if states[0] == states[1] or not states[0] else _LED_TO.get(states[1], "")
