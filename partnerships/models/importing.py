"""A spreadsheet on its way into the registry: the file, its rows as they stand in it, what each would do.

Working papers, not registry data: what an import writes into the registry is in the history there.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models

from partnerships.choices import ImportKind, ImportState, PartyDecision, RowKind
from partnerships.querysets.imports import OfImportingOffice
from people.history import track
from people.models import Office
from people.uids import UidField

from .agreement import Agreement
from .constraints import known, not_blank
from .institution import Institution


@track
class ImportProfile(models.Model):
    """How an office reads the columns of one kind of spreadsheet, kept under a name."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=ImportKind, default=ImportKind.AGREEMENTS)
    headers = ArrayField(models.TextField(), default=list)
    mapping = models.JSONField(default=dict)

    objects = OfImportingOffice.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="import_profile_once",
                violation_error_message="The office has a profile of this name already.",
            ),
            known("kind", ImportKind, "import_profile_kind_known"),
            not_blank("name", "import_profile_named"),
        ]

    def __str__(self) -> str:
        return self.name


def stored_at(batch: "ImportBatch", filename: str) -> str:
    """Where an uploaded file is kept; nothing that the outside world named matters."""
    return f"imports/{batch.uid}"


class ImportBatch(models.Model):
    """One file and what became of it."""

    uid = UidField(unique=True)
    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="by",
        help_text="In whose name it reads and writes.",
    )
    kind = models.CharField("of", max_length=10, choices=ImportKind, default=ImportKind.AGREEMENTS)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READING)
    file = models.FileField(upload_to=stored_at)
    filename = models.CharField("file", max_length=255)
    #: How the file is read: ``encoding``, ``delimiter``, ``sheet``; empty where it was found out.
    reading = models.JSONField(default=dict)
    #: Of each column: ``header``, ``samples``, ``guess`` and, for dates, ``orders`` that occur.
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    #: How many rows of each kind.
    counts = models.JSONField(default=dict)
    #: What keeps an undo from being complete: row, record and why.
    obstacles = models.JSONField(default=list)
    leave_out = models.BooleanField("leave changed records out of the undo", default=False)
    error = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField("uploaded", db_default=TransactionNow())
    ran_at = models.DateTimeField("imported", null=True)
    undone_at = models.DateTimeField("undone", null=True)

    objects = OfImportingOffice.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "import"
        constraints = [
            known("kind", ImportKind, "import_kind_known"),
            known("state", ImportState, "import_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["state"],
                name="import_under_way",
                condition=models.Q(state__in=ImportState.under_way()),
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def headers(self) -> list[str]:
        return [column["header"] for column in self.columns]


class ImportParty(models.Model):
    """An institution as a file names it, once for all rows that name it so, and who is meant."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="parties")
    key = models.TextField(help_text="What makes it another one: its ROR id, or name and country.")
    name = models.TextField()
    country = models.CharField(max_length=2, blank=True)
    ror_id = models.CharField(max_length=9, blank=True)
    decision = models.CharField(max_length=10, choices=PartyDecision)
    institution = models.ForeignKey(Institution, models.SET_NULL, null=True, related_name="+")
    score = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    #: Who else could be meant: ``institution``, ``score``, ``reason``.
    candidates = models.JSONField(default=list)
    by_person = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    created = models.BooleanField(default=False, help_text="The import created the institution.")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "key"], name="import_party_once"),
            known("decision", PartyDecision, "import_party_decision_known"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """A row of the file, what it does or did, and what it takes to undo that."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As a spreadsheet counts: the headings stand in row 1.")
    cells = ArrayField(models.TextField(), default=list)
    kind = models.CharField(max_length=10, choices=RowKind, default=RowKind.WAITING)
    title = models.TextField(blank=True)
    #: Why it is refused: ``column``, ``value``, ``message``.
    reasons = models.JSONField(default=list)
    #: What it changes: ``field``, ``old``, ``new``.
    changes = models.JSONField(default=list)
    #: Keys of the ``ImportParty`` rows that it names, in their order.
    parties = ArrayField(models.BigIntegerField(), default=list)
    agreement = models.ForeignKey(Agreement, models.SET_NULL, null=True, related_name="+")
    #: What was written, for the undo (``services.importing.journal``).
    journal = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once"),
            known("kind", RowKind, "import_row_kind_known"),
        ]
        indexes = [models.Index(fields=["batch", "kind", "number"], name="import_rows_by_kind")]

    def __str__(self) -> str:
        return f"row {self.number}"
