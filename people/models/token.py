from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils import timezone

from people.clients import validate_network
from people.history import track

from .office import Office


class Scope(models.TextChoices):
    READ_PUBLIC = "read:public", "Read what is public"
    READ_INTERNAL = "read:internal", "Read what is published internally"
    WRITE_AGREEMENTS = "write:agreements", "Write agreements"
    WRITE_INSTITUTIONS = "write:institutions", "Write institutions, people, events and focus areas"
    WEBHOOKS = "webhooks", "Be told of changes by webhooks, as far as it may read"


class TokenState(models.TextChoices):
    """Derived from dates, never stored."""

    USABLE = "usable", "Usable"
    EXPIRING = "expires soon", "Expires soon"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


#: So long before it expires, whoever looks after a token is told.
EXPIRES_SOON = timedelta(days=14)


class TokenQuerySet(models.QuerySet):
    def usable(self, now: datetime | None = None):
        """Tokens that are neither revoked nor expired at ``now`` (default: this moment)."""
        expired = models.Q(expires_at__isnull=False, expires_at__lte=now or timezone.now())
        return self.filter(revoked_at__isnull=True).exclude(expired)

    def in_state(self, state: str, now: datetime | None = None):
        """Tokens in a ``TokenState`` at ``now``; those that expire soon are usable, too."""
        now = now or timezone.now()
        if state == TokenState.REVOKED:
            return self.filter(revoked_at__isnull=False)
        if state == TokenState.EXPIRED:
            return self.filter(revoked_at__isnull=True, expires_at__lte=now)
        if state == TokenState.EXPIRING:
            return self.usable(now).filter(expires_at__lte=now + EXPIRES_SOON)
        return self.usable(now)


@track(secret=("digest", "old_digest", "last_used_at", "last_used_from", "old_used_at"))
class ApiToken(models.Model):
    """A named system's key to the API. Only a keyed digest of the secret is kept.

    While it is rotated it has two secrets: the new one, and the old one until ``old_works_until``.
    """

    name = models.CharField(max_length=200, unique=True, help_text="The system that uses it.")
    prefix = models.CharField(
        max_length=12, editable=False, help_text="How the token begins, to recognise it."
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope))
    # CASCADE: a token that outlived its office would be one for all offices.
    office = models.ForeignKey(Office, models.CASCADE, null=True, blank=True, related_name="tokens")
    contact = models.CharField(
        max_length=200, blank=True, help_text="Who looks after the system: a name, an address."
    )
    notes = models.TextField(max_length=2000, blank=True)
    networks = ArrayField(
        models.CharField(max_length=43, validators=[validate_network]),
        default=list,
        blank=True,
        size=50,
        verbose_name="allowed networks",
        help_text="As CIDR writes them; none: it may be used from everywhere.",
    )
    rate_limit = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Units a minute; 0: no limit; unknown: as the installation is set.",
    )
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="To within ten minutes."
    )
    last_used_from = models.GenericIPAddressField(null=True, blank=True, editable=False)
    old_prefix = models.CharField(max_length=12, blank=True, editable=False)
    old_digest = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    old_works_until = models.DateTimeField(null=True, blank=True, editable=False)
    old_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="To within ten minutes."
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "API token"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values, scopes__len__gt=0),
                name="token_scopes_known",
            ),
            models.CheckConstraint(
                condition=models.Q(old_digest__isnull=True, old_works_until__isnull=True, old_prefix="")
                | (
                    models.Q(old_digest__isnull=False, old_works_until__isnull=False)
                    & ~models.Q(old_prefix="")
                ),
                name="token_old_secret_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_at(self, now: datetime | None = None) -> TokenState:
        """Whether it opens anything at ``now`` (default: this moment)."""
        now = now or timezone.now()
        if self.revoked_at:
            return TokenState.REVOKED
        if self.expires_at is None:
            return TokenState.USABLE
        if self.expires_at <= now:
            return TokenState.EXPIRED
        return TokenState.EXPIRING if self.expires_at <= now + EXPIRES_SOON else TokenState.USABLE

    def old_works(self, now: datetime | None = None) -> bool:
        """True while the secret before the last rotation is still accepted."""
        return self.old_works_until is not None and self.old_works_until > (now or timezone.now())
