from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from partnerships.querysets.beside import NoteQuerySet
from people.access import Visibility
from people.history import track
from people.triggers import touch

from .agreement import Agreement
from .constraints import not_blank


class Readers(models.TextChoices):
    """Who of the staff reads a note; the values are those of a record's visibility."""

    STAFF = Visibility.INTERNAL.value, "Everybody on the staff who sees the record"
    OFFICE = Visibility.RESTRICTED.value, "Members of the record’s office only"


@track
class Note(models.Model):
    """What staff write beside a record: dated, internal, never public, never found by the public search.

    It is no part of the record: writing one moves neither its ``updated_at`` nor its public page.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="notes")
    text = models.TextField()
    about_on = models.DateField(
        "day it is about", null=True, blank=True, help_text="Of the call, the letter, the visit."
    )
    visibility = models.CharField("who reads it", max_length=10, choices=Readers, default=Readers.STAFF)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    written_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            not_blank("text", "note_says_something"),
            models.CheckConstraint(condition=Q(visibility__in=Readers.values), name="note_never_public"),
        ]
        triggers = [touch()]

    def __str__(self) -> str:
        return f"{self.text[:60]}…" if len(self.text) > 60 else self.text

    @property
    def office_id(self) -> int | None:
        """The office whose roles decide: that of the record."""
        return self.agreement.office_id if self.agreement_id else None
