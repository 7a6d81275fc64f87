"""A page for each act: GET shows what it does and asks what it needs, POST performs it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_protect

from partnerships.models import Agreement
from partnerships.services.lifecycle import ACTS
from people.admin.forms import add_errors
from people.admin.locking.pages import moment_of
from people.transactions import ties_told

from .base import ActForm
from .legal import AmendForm, ExtendForm, SupersedeForm, TerminateForm
from .review import ApproveForm, DuplicateForm, PublishForm, SendBackForm, SubmitForm, WithdrawForm
from .signing import SignForm

FORMS: dict[str, type[ActForm]] = {
    "submit": SubmitForm,
    "approve": ApproveForm,
    "send_back": SendBackForm,
    "publish": PublishForm,
    "withdraw": WithdrawForm,
    "sign": SignForm,
    "extend": ExtendForm,
    "renew": ExtendForm,
    "amend": AmendForm,
    "terminate": TerminateForm,
    "supersede": SupersedeForm,
    "duplicate": DuplicateForm,
}
#: What is told when an act is done.
DONE = {
    "submit": "“%s” waits for review now.",
    "approve": "You approved “%s”.",
    "send_back": "“%s” went back to its editors.",
    "publish": "“%s” is published.",
    "withdraw": "“%s” is withdrawn.",
    "sign": "The signature of “%s” is recorded.",
    "extend": "“%s” is extended.",
    "renew": "This draft renews the earlier agreement. Complete “%s” and submit it.",
    "amend": "The amendment of “%s” is recorded.",
    "terminate": "The termination of “%s” is recorded.",
    "supersede": "“%s” is superseded by the newer agreement.",
    "duplicate": "This is the copy. Complete “%s” and submit it.",
}


class ActPages:
    """Mixin of the agreement's admin: ``<record>/act/<name>/``."""

    def get_urls(self):
        act = path(
            "<path:object_id>/act/<str:name>/",
            self.admin_site.admin_view(self.act_view),
            name="partnerships_agreement_act",
        )
        return [act, *super().get_urls()]

    @method_decorator(csrf_protect)
    def act_view(self, request, object_id: str, name: str):
        """Show the form of an act, or perform it on the record as it stands."""
        agreement = self.get_object(request, object_id)
        if agreement is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if name not in ACTS or not ACTS[name].rule.allows(agreement, request.user):
            raise PermissionDenied
        if closed := self._why_closed(request, agreement, name):
            messages.error(request, closed)
            return HttpResponseRedirect(change_page(agreement))
        given = {"initial": {"how": name}, "agreement": agreement, "user": request.user}
        if request.method != "POST":
            return self._act_page(request, name, FORMS[name](**given))
        form = FORMS[name](request.POST, request.FILES, **given)
        if form.is_valid() and (done := self._performed(request, form, name)):
            return HttpResponseRedirect(change_page(done))
        return self._act_page(request, name, form)

    def _why_closed(self, request, agreement: Agreement, name: str) -> str:
        act = ACTS[name]
        words = act.rule.closed(agreement)
        return words or (act.hindrance(agreement, request.user) if act.judges else "")

    def _performed(self, request, form: ActForm, page: str) -> Agreement | None:
        """Perform what the form says; the record to go on with, or None where the form tells why not."""
        name = form.act() or page
        try:
            with ties_told(), transaction.atomic():
                self._hold_against_others(request, form)
                done = ACTS[name].verb(agreement=form.agreement, by=request.user, **form.facts())
        except ValidationError as error:
            add_errors(form, error)
            return None
        messages.success(request, DONE[name] % done)
        return done

    def _hold_against_others(self, request, form: ActForm) -> None:
        """Refuse once where the record changed since the page was opened: one acts on what one saw."""
        opened = form.cleaned_data.get("opened_at")
        rows = Agreement.objects.select_for_update().filter(pk=form.agreement.pk)
        stands = rows.values_list("updated_at", flat=True).first()
        if not opened or stands is None or moment_of(opened) == stands:
            return
        form.data = form.data.copy()
        form.data["opened_at"] = stands.isoformat()
        address = reverse("admin:partnerships_agreement_history", args=[form.agreement.pk])
        raise ValidationError(
            format_html(
                "This record changed since you opened this page. Nothing was done yet, and what you typed "
                'stands below. Read the <a href="{}" target="_blank" class="underline">history</a>, then '
                "confirm again.",
                address,
            )
        )

    def _act_page(self, request, name: str, form: ActForm) -> TemplateResponse:
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": form.heading,
            "opts": self.opts,
            "original": form.agreement,
            "form": form,
            "media": self.media + form.media,
            "back": change_page(form.agreement),
        }
        return TemplateResponse(request, "admin/partnerships/agreement/act.html", context)


def change_page(agreement: Agreement) -> str:
    """Address of the record's change page."""
    return reverse("admin:partnerships_agreement_change", args=[agreement.pk])
