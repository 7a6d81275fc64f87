"""Mails with reminders: sent, or waiting because the mail server refused them. To be read only."""

from django.contrib import admin
from django.db.models import Count
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from partnerships.models import ReminderMail
from people.admin.base import ReadOnly, RegistryModelAdmin
from people.authority import colleagues

from .filters import ClosedFilter


class SentFilter(ClosedFilter):
    title = "sent"
    parameter_name = "sent"

    def lookups(self, request, model_admin):
        return [("yes", "Sent"), ("no", "Waits, or was refused")]

    def queryset(self, request, queryset):
        return queryset.filter(sent_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(ReminderMail)
class ReminderMailAdmin(ReadOnly, RegistryModelAdmin):
    """Mails to colleagues, without the titles that they tell."""

    list_display = ("recipient", "planned_on", "frequency", "deadlines", "sent_at", "attempts", "outcome")
    list_select_related = ("recipient",)
    list_filter = (SentFilter, ("frequency", ChoicesDropdownFilter))
    fields = list_display
    readonly_fields = list_display

    def get_queryset(self, request):
        rows = ReminderMail.objects.filter(recipient__in=colleagues(request.user).values("pk"))
        return rows.annotate(number=Count("reminders")).order_by("-pk")

    @admin.display(description="Deadlines told")
    def deadlines(self, mail: ReminderMail) -> int:
        """How many deadlines the mail tells."""
        return mail.number

    def has_view_permission(self, request, obj=None) -> bool:
        """Only an administrator of some office: the verb is the one of that role."""
        return request.user.has_perm("partnerships.delete_remindermail")
