"""What every model admin of the registry stands on.

Permissions are asked of the very record, rows pass the gate, every change runs in one transaction
under the name and the reason of whoever makes it, and what the database refuses comes back as a
message on the form with everything that was typed.
"""

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.http import HttpResponseRedirect
from unfold import admin as unfold

from people.errors import check_now, clear_message
from people.history import acting
from people.transactions import ties_told

from .access import GatedRecords, PartOfRecord, allowed
from .deletion import CountedDeletion
from .faults import faults_of
from .forms import EXTRA_FIELDS, MAX_REASON, OPENED, REASON, RegistryForm
from .history import HistoryPages, is_tracked
from .locking import SharedEditing
from .presence import PresenceHints

NONSENSE = "The address asks something that this list does not know. Choose a filter, or press “Show all”."
REFUSALS = (IntegrityError, DataError, ValidationError)


class RegistryModelAdmin(
    GatedRecords, SharedEditing, PresenceHints, HistoryPages, CountedDeletion, unfold.ModelAdmin
):
    """The base of every model admin.

    ``history_of`` names what belongs to a record besides its inlines (see ``HistoryPages``).
    """

    change_form_before_template = "admin/registry/faults.html"
    change_form_after_template = "admin/registry/change_form_end.html"
    delete_confirmation_template = "admin/registry/delete_confirmation.html"
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    #: What an empty list says: what stands here, and what to do for it.
    when_empty = ""
    list_per_page = 50

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Put ``RegistryForm`` in front of the form class, with what this request knows."""
        facts = {"refusal": getattr(request, "_refusal", None) or self.open_questions(request)}
        if change and self.has_change_permission(request, obj):
            facts["token"] = self.token_of
        base = kwargs.pop("form", self.form)
        kwargs["form"] = type(base.__name__, (RegistryForm, base), facts)
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        """The record's own fields; the reason has its place at the end of the page."""
        return [name for name in super().get_fields(request, obj) if name not in EXTRA_FIELDS]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if object_id and OPENED in request.POST and self.get_object(request, unquote(object_id)) is None:
            return self.lost_view(request, object_id)
        try:
            with ties_told(), transaction.atomic(), self.acting(request):
                if object_id:
                    self.bring_in_step(request, object_id)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as error:
            request._refusal = as_validation_error(error)
        for upload in request.FILES.values():
            upload.seek(0)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["faults"] = faults_of(context["adminform"].form, context["inline_admin_formsets"])
        context |= self.locking_context(request, context, obj if change else None)
        context |= self.presence_context(request, obj if change else None)
        if not is_tracked(self.model):
            context["show_history"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_changelist_instance(self, request):
        """A list that leaves nothing out offers no way to “all” of it; one asked nonsense shows nothing.

        Django answers an unknown question by leading to the bare list with a flag, and not one word.
        """
        changelist = super().get_changelist_instance(request)
        if ERROR_FLAG in request.GET:
            messages.error(request, NONSENSE)
            changelist.result_list, changelist.result_count = changelist.result_list.none(), 0
        elif not (changelist.query or changelist.has_active_filters):
            changelist.full_result_count = changelist.result_count
        return changelist

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        try:
            with ties_told(), transaction.atomic(), self.acting(request):
                return super().delete_view(request, object_id, extra_context)
        except REFUSALS as error:
            for message in as_validation_error(error).messages:
                messages.error(request, message)
        return HttpResponseRedirect(request.get_full_path())

    def acting(self, request):
        """The history context of a request: who, and the reason that was typed."""
        return acting(user=request.user, reason=typed_reason(request))

    def save_model(self, request, obj, form, change) -> None:
        """Ask once more: the values that were typed may have moved the record to another office."""
        if not allowed(request.user, "change" if change else "add", self.model, obj):
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def delete_model(self, request, obj) -> None:
        super().delete_model(request, obj)
        check_now()

    def log_addition(self, request, obj, message):
        """Last step of saving: let the database have its say. The history needs no second log."""
        check_now()

    def log_change(self, request, obj, message):
        check_now()
        self.tell_of_merge(request)

    def log_deletions(self, request, queryset):
        """The history of the database keeps what is deleted."""


class ReadOnly:
    """Mixin of a model admin whose rows nobody writes by hand."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class RegistryInline(PartOfRecord):
    """Mixin for inlines: ``class Names(RegistryInline, unfold.admin.TabularInline)``."""

    extra = 0


class RegistryTabularInline(RegistryInline, unfold.TabularInline):
    """Rows side by side in a table."""


class RegistryStackedInline(RegistryInline, unfold.StackedInline):
    """Rows below each other, for those with more than a few fields."""


def typed_reason(request) -> str:
    """The reason that came with the form, fit for the history."""
    return request.POST.get(REASON, "").replace("\x00", "").strip()[:MAX_REASON]


def as_validation_error(error: Exception) -> ValidationError:
    """What to tell about an exception of ``REFUSALS``."""
    return error if isinstance(error, ValidationError) else ValidationError(clear_message(error))
