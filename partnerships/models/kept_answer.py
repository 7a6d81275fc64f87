from django.contrib.postgres.functions import TransactionNow
from django.db import models


class KeptAnswer(models.Model):
    """What a write under an ``Idempotency-Key`` was answered: who repeats it is told the same again.

    Written in the transaction of the write itself, so that there is one exactly where the write took
    effect. Kept for ``settings.IDEMPOTENCY_HOURS``; no registry data, and so without a history.
    """

    holder = models.CharField(max_length=40, help_text="Whose key it is: token:5, user:3.")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, address and body.")
    status = models.PositiveSmallIntegerField(default=0)
    location = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["made_at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return f"{self.holder} {self.key}"
