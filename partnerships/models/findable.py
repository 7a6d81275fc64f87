"""The index of names: rows prepared for finding, written by triggers alone (``search/sql.py``)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class FindableName(models.Model):
    """One name of one institution, person, focus area or event, as it is compared.

    Nothing here passes a gate: whoever reads it narrows to what the visitor may see.
    """

    class Kind(models.TextChoices):
        """What carries the name; values are names of the models."""

        INSTITUTION = "institution"
        PERSON = "person"
        FOCUS_AREA = "focusarea"
        EVENT = "event"

    kind = models.CharField(max_length=12, choices=Kind)
    target = models.BigIntegerField()
    #: The table and the row that hold the name.
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
