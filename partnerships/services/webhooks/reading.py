"""As whom a subscription reads. It never reads more than its token, or than whoever made it may grant."""

from django.utils import timezone

from partnerships.models import WebhookSubscription
from people.models import ApiToken, Scope
from people.principals import TokenPrincipal


def principal_of(subscription: WebhookSubscription) -> TokenPrincipal | None:
    """Return as whom ``subscription`` reads now; None where its token opens nothing any more."""
    token = subscription.token
    if token is None:
        return principal_with(subscription.reads, subscription.office)
    expired = token.expires_at is not None and token.expires_at <= timezone.now()
    if token.revoked_at or expired or Scope.WEBHOOKS not in token.scopes:
        return None
    return TokenPrincipal(token)


def principal_with(reads: str, office) -> TokenPrincipal:
    """Return who reads as far as a token with the scope ``reads`` for ``office`` would."""
    return TokenPrincipal(ApiToken(name="webhook", scopes=[reads], office=office))
