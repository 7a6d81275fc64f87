from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from partnerships.choices import DocumentKind
from partnerships.querysets.parts import DocumentQuerySet
from people.access import Visibility
from people.history import track
from people.triggers import touch
from people.uids import UidField

from .agreement import Agreement
from .constraints import known, not_blank


def stored_at(document: "Document", filename: str) -> str:
    """Where a file is kept: under the document's uid, so that no name of the outside world matters."""
    return f"documents/{document.uid}"


@track
class Document(models.Model):
    """A file that belongs to an agreement. Its digest is taken when it is stored."""

    uid = UidField(unique=True)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=15, choices=DocumentKind, default=DocumentKind.AGREEMENT)
    title = models.CharField(max_length=300)
    file = models.FileField(upload_to=stored_at)
    filename = models.CharField(max_length=255, editable=False)
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveBigIntegerField("size (bytes)", editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    version = models.CharField(max_length=50, blank=True)
    language = models.CharField(max_length=35, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.INTERNAL)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            known("kind", DocumentKind, "document_kind_known"),
            known("visibility", Visibility, "document_visibility_known"),
            not_blank("title", "document_titled"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_sha256_form"),
        ]
        triggers = [touch("agreement")]

    def __str__(self) -> str:
        return self.title
