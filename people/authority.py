"""Who manages accounts, offices and tokens: a superuser all, an administrator those of their office."""

from django.db.models import QuerySet

from .access import sees_everything
from .models import ApiToken, Office, Role, User
from .principals import WRITABLE


def managed_offices(user) -> QuerySet:
    """Offices of which ``user`` is an administrator; all of them for a superuser."""
    if sees_everything(user):
        return Office.objects.all()
    if not (user.is_active and user.is_staff):
        return Office.objects.none()
    return Office.objects.filter(memberships__user=user.pk, memberships__role=Role.ADMINISTRATOR)


def colleagues(user) -> QuerySet:
    """Accounts with a part in an office that ``user`` manages; all of them for a superuser."""
    if sees_everything(user):
        return User.objects.all()
    return User.objects.filter(memberships__office__in=managed_offices(user)).distinct()


def managed_tokens(user) -> QuerySet:
    """Tokens that act for an office which ``user`` manages; all of them for a superuser."""
    if sees_everything(user):
        return ApiToken.objects.all()
    return ApiToken.objects.filter(office__in=managed_offices(user))


def may_issue(user, office: Office | None, scopes: list[str]) -> bool:
    """True if ``user`` may hand out these scopes: only what they may do themselves in that office.

    A token bound to no office reaches into all of them; only a superuser makes one.
    """
    token = ApiToken(office=office)
    if not user.has_perm("people.add_apitoken", token):
        return False
    written = {model for scope in scopes for model in WRITABLE.get(scope, ())}
    return all(user.has_perm("{}.change_{}".format(*model.split(".")), token) for model in written)
