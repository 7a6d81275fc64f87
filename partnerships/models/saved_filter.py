from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models

from partnerships.querysets.beside import SavedFilterQuerySet
from people.history import track
from people.models import Office
from people.triggers import touch
from people.uids import UidField

from .constraints import not_blank

#: The longest question that is kept, in characters.
LONGEST_QUESTION = 2000


@track
class SavedFilter(models.Model):
    """A question to the list of agreements under a name: one's own, or shared with an office.

    It keeps the question and no answer: whoever opens it sees what the gate shows to them.
    """

    uid = UidField(unique=True)
    name = models.CharField(max_length=80)
    question = models.CharField(
        max_length=LONGEST_QUESTION, help_text="The query string of the list, without its page."
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    office = models.ForeignKey(
        Office,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_filters",
        verbose_name="shared with",
        help_text="Members of this office see it too.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name", "pk"]
        constraints = [
            not_blank("name", "saved_filter_named"),
            not_blank("question", "saved_filter_asks"),
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_filter_name_once",
                violation_error_message="You have a filter of this name already.",
            ),
        ]
        triggers = [touch()]

    def __str__(self) -> str:
        return self.name
