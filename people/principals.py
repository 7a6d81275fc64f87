"""Who acts, when it is not a person with an account."""

from functools import cached_property

from django.core.exceptions import PermissionDenied

from .models import ApiToken, Scope

#: Models that a scope lets a token write, by Django app label and model name.
WRITABLE = {
    Scope.WRITE_AGREEMENTS: {"partnerships.agreement", "partnerships.document"},
    Scope.WRITE_INSTITUTIONS: {
        "partnerships.institution",
        "partnerships.event",
        "partnerships.focusarea",
        "people.person",
    },
}


#: What a writing scope allows. Whoever may change a public record can spoil it as well as withdraw it,
#: and a withdrawal can be taken back; to publish is to disclose, and for that a person answers.
_VERBS = {"add", "change", "delete", "withdraw"}


class MissingScope(PermissionDenied):
    """A token lacks the scope that the act needs.

    Args:
        scopes: each of which would be enough.
    """

    def __init__(self, *scopes: str):
        self.scopes = scopes
        named = " or ".join(f"“{scope}”" for scope in scopes)
        super().__init__(f"This needs a token with the scope {named}.")


def require_scope(user, scope: str) -> None:
    """Raise ``MissingScope`` where a token without ``scope`` asks; people have permissions instead."""
    if isinstance(user, TokenPrincipal) and scope not in user.token.scopes:
        raise MissingScope(scope)


def scopes_that_write(model: str) -> tuple[Scope, ...]:
    """Scopes with which a token writes ``model`` (app label and model name)."""
    return tuple(scope for scope, models in WRITABLE.items() if model in models)


class TokenPrincipal:
    """What stands in ``request.user`` for a request with an API token."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_staff = False
    is_superuser = False
    pk = id = None

    def __init__(self, token: ApiToken):
        self.token = token

    def __str__(self) -> str:
        return f"token {self.token.name}"

    @property
    def sees_internal(self) -> bool:
        # Whoever records must see what stands already, or records it twice.
        reading = {Scope.READ_INTERNAL, Scope.WRITE_AGREEMENTS, Scope.WRITE_INSTITUTIONS}
        return not reading.isdisjoint(self.token.scopes)

    @property
    def sees_drafts(self) -> bool:
        return Scope.WRITE_AGREEMENTS in self.token.scopes

    @cached_property
    def office_ids(self) -> frozenset[int]:
        return frozenset({self.token.office_id} if self.token.office_id else ())

    def has_perm(self, perm: str, obj=None) -> bool:
        """Answer for ``app.action_model``: reading is the gate's business, writing the scopes'."""
        app, _, action = perm.partition(".")
        verb, _, model = action.partition("_")
        if verb == "view":
            return True
        if verb not in _VERBS:
            return False
        granted = any(f"{app}.{model}" in WRITABLE.get(scope, ()) for scope in self.token.scopes)
        return granted and self._owns(obj)

    def has_perms(self, perms, obj=None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def history_facts(self) -> dict:
        return {"token": self.token.pk}

    def _owns(self, obj) -> bool:
        office_id = getattr(obj, "office_id", None)
        return office_id is None or self.token.office_id is None or office_id == self.token.office_id
