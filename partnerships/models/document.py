import secrets

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partnerships.choices import DocumentKind
from partnerships.language_tags import TAG
from partnerships.querysets.parts import DocumentQuerySet
from people.access import Visibility
from people.history import track
from people.triggers import touch
from people.uids import UidField

from .agreement import Agreement
from .constraints import known, not_blank


def stored_at(document: "Document", filename: str) -> str:
    """Where a file is kept: under the document's uid, so that no name of the outside world matters.

    Each file has an address of its own, on every kind of store: a new one never lands on an old one.
    """
    return f"documents/{document.uid}/{secrets.token_hex(8)}"


#: A file that gives way to another stays, as an earlier version, whatever code path replaced it.
_KEEP_EARLIER = pgtrigger.Trigger(
    name="keep_earlier",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__file__df=pgtrigger.F("new__file")),
    func="""
    INSERT INTO partnerships_documentversion
           (document_id, number, file, filename, media_type, size, sha256, version, note,
            filed_at, filed_by_id, replaced_at)
    SELECT OLD.id, coalesce(max(number), 0) + 1, OLD.file, OLD.filename, OLD.media_type, OLD.size, OLD.sha256,
           OLD.version, OLD.note, coalesce(OLD.filed_at, OLD.created_at), OLD.filed_by_id, now()
      FROM partnerships_documentversion WHERE document_id = OLD.id;
    NEW.filed_at = now();
    RETURN NEW;
    """,
)

#: The words of a new file, or of one whose language is another now, wait to be read; the old ones are
#: found no longer.
_TEXT_WAITS = pgtrigger.Trigger(
    name="text_waits",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
    IF TG_OP = 'UPDATE' AND (OLD.file, OLD.sha256, OLD.language) IS NOT DISTINCT FROM
                            (NEW.file, NEW.sha256, NEW.language) THEN
        RETURN NULL;
    END IF;
    INSERT INTO partnerships_documenttext AS standing
           (document_id, state, text, message, sha256, tries, own, words)
    VALUES (NEW.id, 'waiting', '', '', NEW.sha256, 0, '', '')
        ON CONFLICT (document_id) DO UPDATE
       SET state = excluded.state, text = '', message = '', sha256 = excluded.sha256, tries = 0,
           own = '', words = '', read_at = NULL;
    RETURN NULL;
    """,
)


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
    note = models.CharField("note on this file", max_length=300, blank=True)
    language = models.CharField(max_length=35, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.INTERNAL)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    #: When the file took the place of an earlier one; null while it is the first.
    filed_at = models.DateTimeField(null=True, blank=True, editable=False)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            known("kind", DocumentKind, "document_kind_known"),
            known("visibility", Visibility, "document_visibility_known"),
            not_blank("title", "document_titled"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_sha256_form"),
        ]
        triggers = [touch("agreement"), _KEEP_EARLIER, _TEXT_WAITS]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a language that is no tag of one."""
        super().clean()
        if self.language and not TAG.fullmatch(self.language):
            raise ValidationError({"language": "Give the language as a tag: en, ko, pt-BR, zh-Hant."})
