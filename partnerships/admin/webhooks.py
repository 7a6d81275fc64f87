"""Webhooks: made with a secret that is shown once, tested, paused, and what became of each delivery."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_variables
from unfold.decorators import display
from unfold.widgets import UnfoldBooleanWidget

from partnerships.models import WebhookSubscription
from partnerships.services import webhooks
from people.admin.base import RegistryModelAdmin, typed_reason

from .webhook_forms import NewWebhookForm, WebhookForm

_STATES = {"active": "success", "failing": "warning", "paused": "info", "paused by the registry": "danger"}
#: So many of the newest deliveries stand on the page of a webhook.
_SHOWN = 10


class WebhookPermissions:
    """Mixin: whoever administers an office sees and changes what the gate lets through."""

    def _administers(self, request) -> bool:
        return request.user.has_perm("partnerships.delete_webhooksubscription")

    def has_view_permission(self, request, obj=None) -> bool:
        return self._administers(request)


@admin.register(WebhookSubscription)
class WebhookAdmin(WebhookPermissions, RegistryModelAdmin):
    list_display = ("name", "shown_address", "state", "reader", "told_of", "waiting", "dead")
    list_display_links = ("name",)
    list_before_template = "admin/partnerships/webhooksubscription/list_before.html"
    when_empty = (
        "A webhook posts what changes here to another system, within a second or two. Have the address of "
        "its receiver ready, and a place for the secret with which the deliveries are signed."
    )
    search_fields = ("name", "address")
    ordering = ("name", "pk")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related("token__office", "office").with_counts()

    def has_add_permission(self, request) -> bool:
        return self._administers(request)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._administers(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        """It is ended with a button of its own page."""
        return False

    def get_urls(self):
        def page(route: str, view: Callable, name: str):
            address = self.admin_site.admin_view(view)
            return path(f"<int:key>/{route}/", address, name=f"partnerships_webhooksubscription_{name}")

        return [page("rotate", self.rotate_view, "rotate"), page("do/<str:act>", self.act_view, "act"),
                *super().get_urls()]  # fmt: skip

    # --- pages -----------------------------------------------------------------------------------

    @method_decorator([csrf_protect, never_cache])
    def add_view(self, request, form_url="", extra_context=None):
        """Make a webhook. Its secret stands on the answer to this very request and nowhere else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewWebhookForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid() and (made := self._make(request, form)):
            return self._secret_page(request, made[0], made[1], "The webhook is made")
        return self._page(request, "new", "Make a webhook", form=form)

    @method_decorator(csrf_protect)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The webhook, how it goes, and everything that can be done with it."""
        row = self._row(request, object_id)
        form = WebhookForm(request.POST or None, initial={"name": row.name, "address": row.address})
        if request.method == "POST" and form.is_valid():
            try:
                facts = {**form.cleaned_data, "reason": typed_reason(request)}
                webhooks.revise_subscription(subscription=row, by=request.user, **facts)
            except ValidationError as error:
                form.add_told(error)
            else:
                messages.success(request, f"“{form.cleaned_data['name']}” is changed.")
                return _to(row)
        newest = row.deliveries.select_related("change").prefetch_related("log")[:_SHOWN]
        keep = UnfoldBooleanWidget().render("keep", True)
        facts = {"row": row, "form": form, "newest": newest, "state": _state(row), "keep": keep}
        return self._page(request, "webhook", row.name, **facts)

    @method_decorator([csrf_protect, never_cache])
    def rotate_view(self, request, key: int):
        """Give it another secret, shown on the answer to this very request."""
        row = self._posted(request, key)
        overlap = {} if request.POST.get("keep") else {"overlap": webhooks.NO_OVERLAP}
        secret = webhooks.rotate_secret(subscription=row, by=request.user, **overlap)
        row.refresh_from_db()
        return self._secret_page(request, row, secret, "Another secret")

    @method_decorator(csrf_protect)
    def act_view(self, request, key: int, act: str):
        """Test, pause, resume, replay what is dead, or end, whichever button was pressed."""
        acts = {name: getattr(self, f"_{name}") for name in ("test", "pause", "resume", "replay", "end")}
        if act not in acts:
            raise Http404
        row = self._posted(request, key)
        try:
            return acts[act](request, row) or _to(row)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return _to(row)

    # --- acts --------------------------------------------------------------------------------------

    def _test(self, request, row: WebhookSubscription) -> None:
        outcome = webhooks.send_test(subscription=row, by=request.user)
        answer = f" It answered: “{outcome.excerpt}”" if outcome.excerpt else ""
        if outcome.taken:
            took = f"{outcome.milliseconds} ms"
            messages.success(request, f"The test was taken with {outcome.status} in {took}.{answer}")
        else:
            messages.error(request, f"The test was not taken. {outcome.fault}.{answer}")

    def _pause(self, request, row: WebhookSubscription) -> None:
        webhooks.revise_subscription(subscription=row, by=request.user, active=False)
        messages.success(request, f"“{row}” is paused. What changes waits for it.")

    def _resume(self, request, row: WebhookSubscription) -> None:
        webhooks.revise_subscription(subscription=row, by=request.user, active=True)
        messages.success(request, f"“{row}” goes on, with all that changed meanwhile.")

    def _replay(self, request, row: WebhookSubscription) -> None:
        number = webhooks.replay_dead(subscription=row, by=request.user)
        messages.success(request, f"Dead deliveries that are sent once more: {number}.")

    def _end(self, request, row: WebhookSubscription) -> HttpResponseRedirect:
        webhooks.end_subscription(subscription=row, by=request.user, reason=typed_reason(request))
        messages.success(request, f"“{row}” is told no more.")
        return HttpResponseRedirect(reverse("admin:partnerships_webhooksubscription_changelist"))

    @sensitive_variables("made")
    def _make(self, request, form: NewWebhookForm) -> tuple[WebhookSubscription, str] | None:
        try:
            return webhooks.subscribe(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_told(error)
        except PermissionDenied as error:
            form.add_error("office", str(error))
        return None

    # --- what the pages share ------------------------------------------------------------------------

    def _row(self, request, key) -> WebhookSubscription:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=key).first() if str(key).isdecimal() else None
        if row is None:
            raise Http404
        return row

    def _posted(self, request, key: int) -> WebhookSubscription:
        row = self._row(request, key)
        if request.method != "POST":
            raise Http404
        return row

    def _secret_page(self, request, row: WebhookSubscription, secret: str, title: str) -> TemplateResponse:
        return self._page(request, "secret", title, row=row, secret=secret)

    def _page(self, request, name: str, title: str, **facts) -> TemplateResponse:
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **facts}
        return TemplateResponse(request, f"admin/partnerships/webhooksubscription/{name}.html", context)

    # --- columns of the list ---------------------------------------------------------------------

    @admin.display(description="Address", ordering="address")
    def shown_address(self, row: WebhookSubscription) -> str:
        """Broken anywhere: addresses are longer than screens are wide."""
        return format_html('<span class="long-word">{}</span>', row.address)

    @display(description="State", label=_STATES)
    def state(self, row: WebhookSubscription) -> str:
        """Whether it is told of changes."""
        return _state(row)

    @admin.display(description="Reads as")
    def reader(self, row: WebhookSubscription) -> str:
        """As whom it reads."""
        if row.token:
            return f"token {row.token}"
        reads = row.get_reads_display()
        return f"{reads}, {row.office}" if row.office else reads

    @admin.display(description="Told of")
    def told_of(self, row: WebhookSubscription) -> str:
        """Which records."""
        resources = ", ".join(row.resources)
        return f"{resources}: {row.question[:60]}" if row.question else resources

    @admin.display(description="Waiting", ordering="waiting")
    def waiting(self, row: WebhookSubscription) -> int:
        """Deliveries that wait."""
        return row.waiting

    @admin.display(description="Dead", ordering="dead")
    def dead(self, row: WebhookSubscription) -> int:
        """Deliveries that were given up."""
        return row.dead


def paused_webhooks(user) -> list[WebhookSubscription]:
    """The first few webhooks of ``user`` that the registry paused: somebody has to see to them."""
    if not user.has_perm("partnerships.delete_webhooksubscription"):
        return []
    return list(WebhookSubscription.objects.visible_to(user).exclude(paused_because="")[:_SHOWN])


def _state(row: WebhookSubscription) -> str:
    if not row.active:
        return "paused by the registry" if row.paused_because else "paused"
    return "failing" if row.failures else "active"


def _to(row: WebhookSubscription) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:partnerships_webhooksubscription_change", args=[row.pk]))
