"""Roles in offices, spoken in Django's language of permissions."""

from django.contrib.auth.backends import BaseBackend

from .models import ApiToken, Office, Role, User

EDITED_APPS = {"partnerships"}
EDITED_ELSEWHERE = {"people.person", "people.personname"}
REVIEW_VERBS = {"publish", "review", "withdraw", "merge"}
RANK = {role: rank for rank, role in enumerate(Role.values)}


class OfficeRoleBackend(BaseBackend):
    """Grant permissions by the roles that a user holds.

    Without an object the best role anywhere counts; with an object that offices own, the lowest
    role in those. Viewers read, editors add and change, reviewers publish, administrators delete
    and manage people.
    """

    def get_user(self, user_id):
        """The account of a session, where a session names this backend (``force_login`` does)."""
        return User.objects.filter(pk=user_id, is_active=True).first()

    def has_perm(self, user, perm: str, obj=None) -> bool:
        if not getattr(user, "is_staff", False) or not user.is_active:
            return False
        needed = role_needed(perm)
        return needed is not None and self._rank(user, obj) >= RANK[needed]

    def has_module_perms(self, user, app_label: str) -> bool:
        return bool(user.is_active and getattr(user, "is_staff", False) and self._rank(user) >= 0)

    def _rank(self, user, obj=None) -> int:
        if not hasattr(user, "_office_roles"):
            user._office_roles = dict(user.memberships.values_list("office_id", "role"))
        ranks = {office: RANK[role] for office, role in user._office_roles.items()}
        offices = owners(obj)
        if offices is None:
            return max(ranks.values(), default=-1)
        return min((ranks.get(office, -1) for office in offices), default=-1)


def owners(obj) -> set[int] | None:
    """Ids of the offices in which one needs a role to act upon ``obj``; None where any office will do.

    An empty set means that no role is enough: only a superuser acts upon it.
    """
    if isinstance(obj, Office):
        return {obj.pk} - {None}
    if isinstance(obj, ApiToken):
        return {obj.office_id} - {None}
    if isinstance(obj, User) and obj.pk:
        # Whoever may set the password of an account holds all its roles.
        return set() if obj.is_superuser else set(obj.memberships.values_list("office_id", flat=True))
    office_id = getattr(obj, "office_id", None)
    return {office_id} if office_id else None


def role_needed(perm: str) -> str | None:
    """Return the lowest role that holds ``perm`` (``app.verb_model``), or None if no role does."""
    app, _, action = perm.partition(".")
    verb, _, model = action.partition("_")
    edited = app in EDITED_APPS or f"{app}.{model}" in EDITED_ELSEWHERE
    if not edited:
        return Role.ADMINISTRATOR if app == "people" else None
    if verb == "view":
        return Role.VIEWER
    if verb in {"add", "change"}:
        return Role.EDITOR
    if verb in REVIEW_VERBS:
        return Role.REVIEWER
    return Role.ADMINISTRATOR if verb == "delete" else None
