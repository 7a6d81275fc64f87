"""The index of names: rows prepared for finding, written by triggers alone (``search/sql.py``)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q


class FindableName(models.Model):
    """One name of one institution, person, focus area, event or country, as it is compared.

    Nothing here passes a gate: whoever reads it narrows to what the visitor may see.
    """

    class Kind(models.TextChoices):
        """What carries the name; values are names of the models."""

        INSTITUTION = "institution"
        PERSON = "person"
        FOCUS_AREA = "focusarea"
        EVENT = "event"
        COUNTRY = "country"

    kind = models.CharField(max_length=12, choices=Kind)
    #: The id of the record; of a country, which has none, the number that the letters of its code make.
    target = models.BigIntegerField()
    #: The table and the row that hold the name; the column too where a row holds several.
    origin = models.CharField(max_length=40)
    origin_row = models.BigIntegerField()
    value = models.TextField()
    #: ``name`` for the one that is shown, else the kind of the further name.
    name_kind = models.CharField(max_length=10)
    language = models.CharField(max_length=35)
    folded = models.TextField()
    words = ArrayField(models.TextField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "origin_row"], name="findable_name_once")]
        indexes = [
            models.Index(OpClass("folded", "text_pattern_ops"), name="findable_name_begins"),
            # A list of pending entries would be read through at every keystroke.
            GinIndex(fields=["words"], name="findable_name_words", fastupdate=False),
            # Few among very many: they are looked up by themselves, or they would not be reached. A
            # beginning is looked for at every word of a country.
            GinIndex(
                OpClass("folded", "gin_trgm_ops"),
                condition=Q(kind="country"),
                name="findable_country_begins",
                fastupdate=False,
            ),
            GinIndex(
                fields=["words"],
                condition=Q(kind="country"),
                name="findable_country_words",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return self.value


class FindableWord(models.Model):
    """A word of any name that ever stood, with its spellings that lack one letter.

    Two words are at most a slip apart when they share one of those. The words only lead to names;
    they are never shown, so one that no name carries any more does no harm.
    """

    word = models.TextField(primary_key=True)
    variants = ArrayField(models.TextField())

    class Meta:
        # Beginnings of words are found by the index that Django makes for a key that is text.
        indexes = [GinIndex(fields=["variants"], name="findable_word_variants", fastupdate=False)]

    def __str__(self) -> str:
        return self.word
