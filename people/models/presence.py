from django.conf import settings
from django.db import models


class Presence(models.Model):
    """Somebody has a record's form open. A hint that ends by itself: no history, no lock.

    ``label`` is the model (``people.person``), ``key`` the record's primary key as text.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    label = models.CharField(max_length=100)
    key = models.CharField(max_length=40)
    since = models.DateTimeField(help_text="When the form was opened.")
    seen_at = models.DateTimeField(help_text="The last sign of it.")

    class Meta:
        verbose_name_plural = "presences"
        constraints = [models.UniqueConstraint(fields=["label", "key", "user"], name="presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_by_age")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.label} {self.key}"
