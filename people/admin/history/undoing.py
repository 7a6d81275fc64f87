"""Reverting one change from its place in the history: shown first, done when agreed to."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from people.errors import check_now
from people.services.reverting import CHANGED_SINCE, revert

from ..forms import MAX_REASON
from .entries import Actors
from .plans import Planned, plan
from .reading import Group
from .words import Words

NO_REASON = "Say why: the reason stands in the history."
NOT_OPEN = "You could not see this record yourself afterwards."


class RevertPages:
    """Mixin of a model admin: the page ``…/history/revert/``.

    ``reverting`` is False where what a form gives (rights) must not come back by another way.
    """

    reverting = True
    revert_template = "admin/registry/revert.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_revert"
        view = self.admin_site.admin_view(self.revert_view)
        return [path("<path:object_id>/history/revert/", view, name=name), *super().get_urls()]

    def may_revert(self, request, record: Model) -> bool:
        """Whoever may change the record may put a change back."""
        return self.reverting and self.has_change_permission(request, record)

    def settle_record(self, record: Model) -> None:
        """End an edit that no form made: let the rules speak. A domain that has more of them adds its own."""
        check_now()

    @method_decorator(csrf_protect)
    def revert_view(self, request, object_id: str):
        """Show what will become what; after agreement, do it."""
        record = self.record_to_read(request, object_id)
        if not isinstance(record, self.model):
            return record
        if not self.may_revert(request, record):
            raise PermissionDenied
        group = self._group_meant(request, record)
        hidden, only = self.hidden_fields(request.user, record), request.GET.get("field", "")
        words = Words([group], request.user, hidden)
        steps = plan(group, only=only, words=words, user=request.user, hidden=hidden)
        context = {
            "title": "Revert this change",
            "told": self._told(group),
            "steps": steps,
            "stale": any(planned.stale for planned in steps),
            "impossible": any(planned.impossible for planned in steps),
            "reason": request.POST.get("reason", ""),
            "errors": [],
        }
        if request.method == "POST" and steps:
            context["errors"] = self._reverted(request, record, group, steps)
            if not context["errors"]:
                messages.success(request, "The change is reverted; the history tells it.")
                info = (self.opts.app_label, self.opts.model_name)
                return HttpResponseRedirect(
                    reverse("admin:{}_{}_history".format(*info), args=[quote(record.pk)])
                )
        return self.history_response(request, record, self.revert_template, context)

    def _group_meant(self, request, record: Model) -> Group:
        """The group that the address names, or the one row of it that it names."""
        try:
            moment = datetime.fromisoformat(request.GET.get("at", ""))
            context = request.GET.get("context")
            key = (moment, UUID(context) if context else None)
        except ValueError as error:
            raise Http404("No such change.") from error
        if timezone.is_naive(moment):
            raise Http404("No such change.")
        for group in self.open_groups(request, record, [key]):
            model, _, number = request.GET.get("event", "").partition(":")
            if model:
                group.changes = [
                    change
                    for change in group.changes
                    if change.trail.model._meta.model_name == model and str(change.event.pgh_id) == number
                ]
            if group.changes:
                return group
        raise Http404("No such change.")

    def _reverted(self, request, record: Model, group: Group, steps: list[Planned]) -> list[str]:
        """Do it; return what stands in the way, nothing if it is done."""
        reason = request.POST.get("reason", "").replace("\x00", "").strip()
        if not reason:
            return [NO_REASON]
        if refusals := [planned.impossible for planned in steps if planned.impossible]:
            return refusals
        moment = f"{timezone.localtime(group.moment):%Y-%m-%d %H:%M}"
        who = Actors([group]).name(group.facts)
        try:
            revert(
                record=record,
                steps=[planned.step for planned in steps],
                by=request.user,
                reason=f"reverts change of {moment} by {who}: {reason}"[:MAX_REASON],
                overwrite=bool(request.POST.get("overwrite")),
                settle=lambda settled: self._settled(request, settled),
            )
        except ValidationError as error:
            if getattr(error, "code", "") == CHANGED_SINCE:
                return [*error.messages, "Tick “overwrite” if the older value shall stand all the same."]
            return error.messages
        return []

    def _settled(self, request, record: Model) -> None:
        self.settle_record(record)
        if not self.get_queryset(request).filter(pk=record.pk).exists():
            raise ValidationError(NOT_OPEN)

    def _told(self, group: Group) -> str:
        moment = f"{timezone.localtime(group.moment):%Y-%m-%d %H:%M}"
        reason = str((group.facts or {}).get("reason", ""))
        told = f"{Actors([group]).name(group.facts)}, {moment}"
        return f"{told}. Reason: {reason}" if reason else told
