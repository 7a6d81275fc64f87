from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from partnerships.choices import TextState
from partnerships.fields import LexemesField
from partnerships.querysets.document_texts import DocumentTextQuerySet

from .constraints import known
from .document import Document


class DocumentText(models.Model):
    """What stands in a document's file, read by a job, so that a search finds words inside.

    No registry data of its own: it can be read from the file again at any time, and has no history.
    """

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="contents")
    state = models.CharField(max_length=10, choices=TextState, default=TextState.WAITING)
    text = models.TextField(blank=True)
    #: What a person is told of it; empty where there is nothing to tell.
    message = models.CharField(max_length=300, blank=True)
    #: The file that was read, or waits to be.
    sha256 = models.CharField("SHA-256", max_length=64)
    #: How often reading was begun and not ended.
    tries = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    #: The lexemes of the text; and these behind those of the agreement's card, so that words of both
    #: are found together.
    own = LexemesField()
    words = LexemesField()

    objects = DocumentTextQuerySet.as_manager()

    class Meta:
        constraints = [known("state", TextState, "document_text_state_known")]
        indexes = [
            GinIndex(fields=["words"], name="document_words", fastupdate=False),
            models.Index(
                fields=["tries", "document"], name="document_text_waiting", condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
