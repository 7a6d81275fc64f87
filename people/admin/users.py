"""Staff accounts: made and changed by superusers, and by administrators within their own office."""

import logging

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from people.access import sees_everything
from people.authority import colleagues, managed_offices
from people.models import Membership, User

from .base import RegistryModelAdmin, RegistryTabularInline

logger = logging.getLogger("entente.accounts")

_PERSON = ("Person", {"fields": (("first_name", "last_name"), "email")})
_RIGHTS = "What an account may do follows from its roles in offices, below."


class MembershipInline(RegistryTabularInline):
    """The offices of an account, as far as the reader manages them."""

    model = Membership
    fields = ("office", "role")
    verbose_name = "role in an office"
    verbose_name_plural = "roles in offices"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.filter(office__in=managed_offices(request.user).values("pk")).select_related("office")

    def get_field_queryset(self, db, db_field, request):
        """Nobody gives a role in an office which they do not manage."""
        if db_field.name == "office":
            return managed_offices(request.user)
        return super().get_field_queryset(db, db_field, request)

    def get_formset(self, request, obj=None, **kwargs):
        """An administrator makes accounts for their own office only, never for nobody."""
        if obj is None and not sees_everything(request.user):
            kwargs |= {"min_num": 1, "validate_min": True}
        return super().get_formset(request, obj, **kwargs)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, RegistryModelAdmin):
    # Rights are given by who may give them, never put back.
    reverting = False
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "email", "roles", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)

    def get_queryset(self, request):
        """Accounts of one's offices; a search field finds all that may get a role in them."""
        match = request.resolver_match
        if match and match.url_name == "autocomplete":
            return User.objects.filter(is_active=True).order_by("username")
        return colleagues(request.user).prefetch_related("memberships__office").order_by("username")

    def get_fieldsets(self, request, obj=None):
        boss = sees_everything(request.user)
        if obj is None:
            sign_in = ("username", "usable_password", "password1", "password2")
            rights = [("Rights", {"fields": ("is_staff", "is_superuser")})] if boss else []
            return [(None, {"fields": sign_in}), _PERSON, *rights]
        rights = ("is_active", "is_staff", "is_superuser") if boss else ("is_active",)
        return [
            (None, {"fields": ("username", "password")}),
            _PERSON,
            ("Rights", {"fields": rights, "description": _RIGHTS}),
            ("Dates", {"fields": (("last_login", "date_joined"),)}),
        ]

    def get_changeform_initial_data(self, request):
        return super().get_changeform_initial_data(request) | {"is_staff": True}

    def has_delete_permission(self, request, obj=None) -> bool:
        """Accounts are closed, not deleted: the history names them."""
        return False

    def save_model(self, request, obj, form, change) -> None:
        """Keep people from locking themselves out, and new accounts of an office on the staff."""
        if not change and not sees_everything(request.user):
            obj.is_staff = True
        if obj.pk == request.user.pk and _loses_rights(obj, request):
            raise ValidationError("You cannot take your own rights away; ask another administrator to do it.")
        super().save_model(request, obj, form, change)

    def user_change_password(self, request, id, form_url=""):
        """Note in the log who set whose password: the history keeps no passwords, so no change of one."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            logger.info("password set", extra={"user_id": request.user.pk, "account": id})
        return response

    @admin.display(description="Name", ordering="last_name")
    def full_name(self, user: User) -> str:
        """First and last name."""
        return user.get_full_name()

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        """Offices and roles, in short."""
        return ", ".join(f"{row.office}: {row.role}" for row in user.memberships.all()) or "—"


def _loses_rights(user: User, request: HttpRequest) -> bool:
    return not (user.is_active and user.is_staff) or (request.user.is_superuser and not user.is_superuser)
