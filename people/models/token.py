from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils import timezone

from people.history import track

from .office import Office


class Scope(models.TextChoices):
    READ_PUBLIC = "read:public", "Read what is public"
    READ_INTERNAL = "read:internal", "Read what is published internally"
    WRITE_AGREEMENTS = "write:agreements", "Write agreements"
    WRITE_INSTITUTIONS = "write:institutions", "Write institutions, people, events and focus areas"
    WEBHOOKS = "webhooks", "Be told of changes by webhooks, as far as it may read"


class TokenQuerySet(models.QuerySet):
    def usable(self, now=None):
        """Tokens that are neither revoked nor expired at ``now`` (default: this moment)."""
        now = now or timezone.now()
        expired = models.Q(expires_at__isnull=False, expires_at__lte=now)
        return self.filter(revoked_at__isnull=True).exclude(expired)


@track(secret=("digest", "last_used_at"))
class ApiToken(models.Model):
    """A named system's key to the API. Only a keyed digest of the secret is kept."""

    name = models.CharField(max_length=200, unique=True, help_text="The system that uses it.")
    prefix = models.CharField(
        max_length=12, editable=False, help_text="How the token begins, to recognise it."
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope))
    office = models.ForeignKey(Office, models.CASCADE, null=True, blank=True, related_name="tokens")
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(
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
        ]

    def __str__(self) -> str:
        return self.name
