from django.conf import settings
from django.db import models
from django.db.models import Q

from partnerships.querysets.parts import DocumentVersionQuerySet
from people.history import track

from .document import Document, stored_at


@track
class DocumentVersion(models.Model):
    """A file that a document held before; written by the database when another takes its place.

    Numbers count from 1; the file that the document holds now has the next one.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.FileField(upload_to=stored_at)
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64)
    version = models.CharField(max_length=50, blank=True)
    note = models.CharField(max_length=300, blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    replaced_at = models.DateTimeField()

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="document_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"
