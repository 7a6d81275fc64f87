"""The read model: one index card an agreement, and what is counted and prepared beside it.

Triggers alone write these tables (``search/cards/``), in the transaction of the change. They hold
agreements of any visibility: whoever reads a card narrows to what the visitor may see.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q

from partnerships.choices import PublicationState, Status
from partnerships.fields import LexemesField, PartialDateField
from partnerships.querysets.cards import IndexCardQuerySet
from people.access import Visibility

from .agreement import Agreement

#: What everybody may see: the condition of the indexes that strangers' questions enter.
PUBLIC = Q(publication_state=PublicationState.PUBLISHED, visibility=Visibility.PUBLIC)


class Facet(models.TextChoices):
    """What agreements are counted by."""

    COUNTRY = "country", "Country"
    INSTITUTION = "institution", "Institution"
    PERSON = "person", "Person"
    TYPE = "type", "Type"
    STATUS = "status", "Status today"
    FOCUS_AREA = "focus_area", "Focus area"
    ACTIVITY = "activity", "Activity"
    EVENT = "event", "Event"
    YEAR = "year", "Year"


class Heading(models.Model):
    """A value of a facet under a small number: what stands in the keys of a card."""

    id = models.AutoField(primary_key=True)
    facet = models.CharField(max_length=15, choices=Facet)
    #: A code, or the primary key of the row that is named.
    value = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facet", "value"], name="heading_once")]

    def __str__(self) -> str:
        return f"{self.facet}: {self.value}"


class Card(models.Model):
    """What lists and searches ask of one agreement, on one narrow row."""

    publication_state = models.CharField(max_length=10)
    visibility = models.CharField(max_length=10)
    office_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    title = models.CharField(max_length=500)
    announced_on = PartialDateField(null=True)
    signed_on = PartialDateField(null=True)
    effective_from = PartialDateField(null=True)
    #: The end of the last term.
    ends_on = PartialDateField(null=True)
    #: The first day of signing, else of announcement, else of effect; year 1 where none is known.
    dated_on = models.DateField()
    #: The status as everybody sees it: ``statuses[n]`` from ``status_days[n]`` on.
    status_days = ArrayField(models.DateField())
    statuses = ArrayField(models.CharField(max_length=12))
    #: Ids of headings.
    keys = ArrayField(models.IntegerField())
    parties = ArrayField(models.BigIntegerField())
    #: The topmost institutions above the parties.
    roots = ArrayField(models.BigIntegerField())
    #: Lexemes of title and parties; of these and of the topics; of everything. Each includes the
    #: one before, so that what a search finds in names is read without looking at text.
    names = LexemesField()
    topics = LexemesField()
    words = LexemesField()

    objects = IndexCardQuerySet.as_manager()

    class Meta:
        abstract = True


class IndexCard(Card):
    """The card of an agreement."""

    agreement = models.OneToOneField(
        Agreement, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="card"
    )

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            # A list of pending entries would be read through by every question.
            GinIndex(fields=["keys"], name="card_keys", fastupdate=False),
            GinIndex(fields=["names"], name="card_names", fastupdate=False),
            GinIndex(fields=["topics"], name="card_topics", fastupdate=False),
            GinIndex(fields=["words"], name="card_words", fastupdate=False),
            models.Index(
                models.F("updated_at").desc(),
                models.F("agreement").desc(),
                name="card_by_change",
                condition=PUBLIC,
            ),
            models.Index(
                models.F("dated_on").desc(),
                models.F("agreement").desc(),
                name="card_by_date",
                condition=PUBLIC,
            ),
            models.Index(
                models.F("signed_on").desc(nulls_last=True),
                models.F("agreement").desc(),
                name="card_by_signing",
                condition=PUBLIC,
            ),
            # What staff ask: of every publication state, of their office, of what ends.
            models.Index(
                models.F("updated_at").desc(),
                models.F("agreement").desc(),
                name="card_by_change_for_staff",
                # What the gate asks: a page far behind is reached without reading the cards before it.
                include=["publication_state", "visibility", "office_id"],
            ),
            models.Index(
                models.F("dated_on").desc(), models.F("agreement").desc(), name="card_by_date_for_staff"
            ),
            models.Index(
                models.F("signed_on").desc(nulls_last=True),
                models.F("agreement").desc(),
                name="card_by_signing_for_staff",
            ),
            models.Index(fields=["title", "agreement"], name="card_by_title"),
            models.Index(fields=["signed_on", "agreement"], name="card_by_first_signing"),
            models.Index(fields=["ends_on", "agreement"], name="card_by_end"),
            models.Index(
                models.F("ends_on").desc(nulls_last=True),
                models.F("agreement").desc(),
                name="card_by_last_end",
            ),
            models.Index(Func("ends_on", function="lower"), name="card_by_first_day_of_end"),
            models.Index(
                fields=["office_id", "-updated_at", "-agreement"],
                name="card_of_office",
                condition=Q(office_id__isnull=False),
            ),
            models.Index(
                fields=["publication_state", "-updated_at", "-agreement"],
                name="card_unpublished",
                include=["visibility", "office_id"],
                condition=~Q(publication_state=PublicationState.PUBLISHED),
            ),
            models.Index(
                fields=["visibility", "-updated_at", "-agreement"],
                name="card_not_public",
                condition=~Q(visibility=Visibility.PUBLIC),
            ),
            models.Index(
                fields=["-updated_at", "-agreement"],
                name="card_terminated",
                condition=Q(statuses__contains=[Status.TERMINATED]),
            ),
            models.Index(
                fields=["-updated_at", "-agreement"],
                name="card_superseded",
                condition=Q(statuses__contains=[Status.SUPERSEDED]),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SampledCard(Card):
    """A random sixteenth of the cards, kept in step: counts are estimated on it."""

    agreement = models.OneToOneField(
        Agreement, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], name="sample_keys", fastupdate=False),
            GinIndex(fields=["names"], name="sample_names", fastupdate=False),
            GinIndex(fields=["topics"], name="sample_topics", fastupdate=False),
            GinIndex(fields=["words"], name="sample_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.title


class Tally(models.Model):
    """How many public cards stand under a heading: the sum of the changes up to today.

    Changes are added, never updated, so that two writers do not wait for each other; they are drawn
    together now and then. Heading 0 counts all. A change of status counts from its day.
    """

    heading = models.IntegerField()
    day = models.DateField()
    change = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["heading", "day"], include=["change"], name="tally_by_heading")]

    def __str__(self) -> str:
        return f"{self.heading} {self.change:+}"


class StaleCard(models.Model):
    """A card that waits to be written anew, because too many changed at once."""

    agreement_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.agreement_id)


class PreparedRecord(models.Model):
    """What an answer says of one agreement, ready to be sent.

    ``version`` moves with every change. A body is kept only while the version that its maker saw
    still stands, and holds until the day on which the status changes by itself.
    """

    agreement = models.OneToOneField(
        Agreement, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="prepared"
    )
    version = models.BigIntegerField()
    #: The texts of the card: lists of place, kind, holder and value.
    passages = models.JSONField()
    #: The record in JSON as everybody sees it; null until somebody has asked for it.
    body = models.TextField(null=True)  # noqa: DJ001
    good_until = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.agreement_id)
