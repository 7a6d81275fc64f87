"""What a token may not write is said before its body is read."""

from people.principals import MissingScope, TokenPrincipal, scopes_that_write

_WRITES = {"create", "update", "partial_update", "destroy"}


def missing_scope(user, model) -> MissingScope | None:
    """The scopes that a token would need to write ``model``, where it has none of them."""
    if not isinstance(user, TokenPrincipal) or model is None:
        return None
    enough = scopes_that_write(model._meta.label_lower)
    return MissingScope(*enough) if enough and not set(enough) & set(user.token.scopes) else None


def require_writing_scope(request, view) -> None:
    """Refuse a token that may not write what ``view`` writes.

    Raises:
        MissingScope: naming the scopes that would do.
    """
    writes = getattr(view, "action", None) in _WRITES
    if writes and (missing := missing_scope(request.user, getattr(view, "model", None))):
        raise missing
