"""Offices and who works in them."""

from django.contrib import admin
from django.db.models import Count

from people.access import sees_everything
from people.authority import managed_offices
from people.models import Membership, Office

from .base import RegistryModelAdmin, RegistryTabularInline


class MemberInline(RegistryTabularInline):
    """The people of an office."""

    model = Membership
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    verbose_name = "member"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user").order_by("user__username")


@admin.register(Office)
class OfficeAdmin(RegistryModelAdmin):
    # Rights are given by who may give them, never put back.
    reverting = False
    list_display = ("name", "people", "tokens")
    search_fields = ("name", "separate_duties")
    fields = ("name", "separate_duties")
    inlines = (MemberInline,)

    def get_queryset(self, request):
        offices = managed_offices(request.user)
        return offices.annotate(
            member_count=Count("memberships", distinct=True), token_count=Count("tokens", distinct=True)
        ).order_by("name")

    def has_add_permission(self, request) -> bool:
        return sees_everything(request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        return sees_everything(request.user)

    @admin.display(description="Members", ordering="member_count")
    def people(self, office: Office) -> int:
        """How many people work in it."""
        return office.member_count

    @admin.display(description="API tokens", ordering="token_count")
    def tokens(self, office: Office) -> int:
        """How many tokens were issued for it, revoked ones too."""
        return office.token_count
