"""The log of webhook deliveries: every attempt with its outcome, and a button to send once more."""

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from unfold import admin as unfold
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from partnerships.models import WebhookAttempt, WebhookDelivery, WebhookSubscription
from partnerships.services.webhooks import replay_delivery
from people.admin.base import ReadOnly, RegistryModelAdmin

from .filters import ClosedFilter
from .webhooks import WebhookPermissions

_COLOURS = {"waiting": "info", "delivered": "success", "dead": "danger"}


class WebhookFilter(ClosedFilter):
    title = "webhook"
    parameter_name = "webhook"

    def lookups(self, request, model_admin):
        rows = WebhookSubscription.objects.visible_to(request.user)
        return [(str(key), name) for key, name in rows.values_list("pk", "name")[:200]]

    def queryset(self, request, queryset):
        return queryset.filter(subscription=self.value()) if self.value() else queryset


class AttemptInline(WebhookPermissions, ReadOnly, unfold.TabularInline):
    model = WebhookAttempt
    fields = ("begun", "outcome", "took", "answer")
    readonly_fields = fields
    extra = 0
    hide_title = True
    verbose_name_plural = "attempts, the newest first (UTC)"

    def has_add_permission(self, request, obj=None) -> bool:
        """Attempts are made, not written."""
        return False

    @admin.display(description="Begun")
    def begun(self, attempt: WebhookAttempt) -> str:
        """To the second: the first attempts follow each other quickly."""
        return f"{attempt.started_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="Outcome")
    def outcome(self, attempt: WebhookAttempt) -> str:
        """What came of it."""
        return attempt.outcome

    @admin.display(description="Took")
    def took(self, attempt: WebhookAttempt) -> str:
        """How long the receiver needed."""
        return "–" if attempt.milliseconds is None else f"{attempt.milliseconds:,} ms"

    @admin.display(description="Its answer began")
    def answer(self, attempt: WebhookAttempt) -> str:
        """Of use to whoever looks after the receiver."""
        return attempt.excerpt or "empty"


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(WebhookPermissions, ReadOnly, RegistryModelAdmin):
    list_display = (
        "message_id", "subscription", "type", "record", "shown_state", "attempts", "last_outcome",
        "created_at",
    )  # fmt: skip
    list_select_related = ("subscription", "change")
    list_filter = (("state", ChoicesDropdownFilter), WebhookFilter)
    list_before_template = "admin/partnerships/webhookdelivery/list_before.html"
    when_empty = "Once a webhook is made, each change that it is told of stands here with what became of it."
    ordering = ("-pk",)
    inlines = (AttemptInline,)
    change_form_outer_before_template = "admin/partnerships/webhookdelivery/replay.html"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related("subscription", "change").prefetch_related("log")

    def get_fields(self, request, obj=None):
        """What waits has a next attempt, what is finished an end."""
        when = "finished_at" if obj and obj.finished_at else "next_at"
        return (("message_id", "type"), ("subscription", "record"), ("shown_state", when), "created_at")

    def get_readonly_fields(self, request, obj=None):
        """All that is shown."""
        return flatten(self.get_fields(request, obj))

    def get_urls(self):
        view = self.admin_site.admin_view(self.replay_view)
        return [
            path("<int:key>/replay/", view, name="partnerships_webhookdelivery_replay"),
            *super().get_urls(),
        ]

    @method_decorator(csrf_protect)
    def replay_view(self, request, key: int):
        """Have it sent once more."""
        delivery = self.get_object(request, str(key))
        if delivery is None or request.method != "POST":
            raise Http404
        try:
            replay_delivery(delivery=delivery, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "It is sent once more, under the same id.")
        return HttpResponseRedirect(reverse("admin:partnerships_webhookdelivery_change", args=[delivery.pk]))

    @admin.display(description="Record")
    def record(self, delivery: WebhookDelivery) -> str:
        """The id of the record."""
        return f"{delivery.resource} {delivery.change.uid}"

    @display(description="State", label=_COLOURS)
    def shown_state(self, delivery: WebhookDelivery) -> str:
        """Whether it was delivered."""
        return delivery.state

    @admin.display(description="Last outcome")
    def last_outcome(self, delivery: WebhookDelivery) -> str:
        """What came of the last attempt."""
        newest = next(iter(delivery.log.all()), None)
        return newest.outcome if newest else "–"
