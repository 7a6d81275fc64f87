from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from partnerships.choices import REPORTABLE, SuggestionState
from partnerships.querysets.suggestions import RECORDS, ContactQuerySet, SuggestionQuerySet
from people.history import track
from people.models import Person

from .agreement import Agreement
from .constraints import known, not_blank
from .event import Event
from .focus_area import FocusArea
from .institution import Institution

LONGEST_TEXT = 2_000
LONGEST_SOURCE = 1_000


def _record(model: type[models.Model]) -> models.ForeignKey:
    return models.ForeignKey(model, models.CASCADE, null=True, blank=True, related_name="suggestions")


def _one_record() -> Q:
    """The condition that a row is about one record, and about one only."""
    one = Q()
    for field in RECORDS:
        one |= Q(**{f"{other}__isnull": other != field for other in RECORDS})
    return one


@track(secret=("digest", "ticket"))
class Suggestion(models.Model):
    """What a visitor says is wrong on the page of a record, until somebody decided about it.

    Never shown to the public, told by no feed and in no export. Who wrote stands apart
    (``SuggestionContact``): the history keeps what it saw for ever.
    """

    agreement = _record(Agreement)
    institution = _record(Institution)
    person = _record(Person)
    event = _record(Event)
    focus_area = _record(FocusArea)
    #: A key of ``REPORTABLE`` for that kind of record.
    field = models.CharField("about", max_length=30)
    wrong = models.CharField("what is wrong", max_length=LONGEST_TEXT)
    right = models.CharField("what is right", max_length=LONGEST_TEXT, blank=True)
    source = models.CharField("source", max_length=LONGEST_SOURCE)
    state = models.CharField(max_length=10, choices=SuggestionState, default=SuggestionState.OPEN)
    answer = models.CharField("reason", max_length=LONGEST_TEXT, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("sent", db_default=TransactionNow(), editable=False)
    #: Of the words, however they were spaced: the same text is taken once.
    digest = models.CharField(max_length=64, editable=False)
    #: Of the form that was sent: sent twice, it is taken once.
    ticket = models.CharField(max_length=32, unique=True, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["state", "-sent_at"], name="suggestion_by_state"),
                   models.Index(fields=["digest"], name="suggestion_by_text")]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=_one_record(), name="suggestion_about_one_record"),
            known("state", SuggestionState, "suggestion_state_known"),
            not_blank("wrong", "suggestion_says_what"),
            not_blank("source", "suggestion_says_whence"),
            models.CheckConstraint(
                condition=Q(state=SuggestionState.OPEN, decided_at__isnull=True)
                | (~Q(state=SuggestionState.OPEN) & Q(decided_at__isnull=False)),
                name="suggestion_decided_once_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state=SuggestionState.DECLINED) | ~Q(answer__regex=r"^\s*$"),
                name="suggestion_declined_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wrong[:80]}…" if len(self.wrong) > 80 else self.wrong

    @property
    def kind(self) -> str:
        """Which kind of record it is about: a key of ``REPORTABLE``."""
        return next(name for name in RECORDS if getattr(self, f"{name}_id") is not None)

    @property
    def record(self) -> models.Model:
        """The record that it is about."""
        return getattr(self, self.kind)

    @property
    def field_in_words(self) -> str:
        """The part of the page that it is about."""
        return REPORTABLE[self.kind].get(self.field, self.field)

    @property
    def office_id(self) -> int | None:
        """The office whose roles decide: that of the record."""
        return getattr(self.record, "office_id", None)


class SuggestionContact(models.Model):
    """Who reported something, where they said so: without history, deleted some time after the decision."""

    suggestion = models.OneToOneField(Suggestion, models.CASCADE, primary_key=True, related_name="contact")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") | ~Q(email=""), name="contact_says_something")
        ]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.name, self.email) if part)
