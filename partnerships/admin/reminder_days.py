"""Days before a deadline on which an office is reminded, where it wants other days than usual."""

from django import forms
from django.contrib import admin

from partnerships.models import OfficeReminders
from people.admin.base import RegistryModelAdmin
from people.authority import managed_offices


class OfficeRemindersForm(forms.ModelForm):
    class Meta:
        model = OfficeReminders
        fields = ()

    def clean_days(self) -> list[int]:
        return sorted(self.cleaned_data["days"], reverse=True)


@admin.register(OfficeReminders)
class OfficeRemindersAdmin(RegistryModelAdmin):
    """Administrators change those of their own offices."""

    form = OfficeRemindersForm
    fields = ("office", "days")
    list_display = ("office", "days")
    list_select_related = ("office",)

    def get_queryset(self, request):
        rows = OfficeReminders.objects.filter(office__in=managed_offices(request.user).values("pk"))
        return rows.order_by("office__name")

    def get_field_queryset(self, db, db_field, request):
        """Nobody sets the days of an office which they do not manage."""
        if db_field.name == "office":
            return managed_offices(request.user)
        return super().get_field_queryset(db, db_field, request)

    def has_view_permission(self, request, obj=None) -> bool:
        return self._administers(request, obj)

    def has_add_permission(self, request) -> bool:
        return self._administers(request)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._administers(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._administers(request, obj)

    def _administers(self, request, obj=None) -> bool:
        """What only an administrator of the office may do: the verb is the one of that role."""
        return request.user.has_perm("partnerships.delete_officereminders", self._record(request, obj))
