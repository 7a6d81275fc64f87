from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from people.access import DisclosedQuerySet, Disclosure
from people.history import track
from people.orcid import parse_orcid, validate_orcid
from people.triggers import never_hidden_again, touch
from people.uids import UidField


class PersonQuerySet(DisclosedQuerySet):
    def by_identifier(self, text: str):
        """Persons whose uid or ORCID iD (in any written form) is ``text``; at most one."""
        orcid = parse_orcid(text)
        return self.filter(orcid=orcid) if orcid else self.filter(uid=text.strip())

    def by_identifiers(self, texts) -> dict:
        """Persons of many ids, by the id as it was written."""
        orcids = {text: parse_orcid(text) for text in texts}
        uids = {text.strip() for text, orcid in orcids.items() if not orcid}
        rows = self.filter(models.Q(uid__in=uids) | models.Q(orcid__in=set(filter(None, orcids.values()))))
        known = {}
        for row in rows:
            known |= {row.uid: row, row.orcid: row}
        found = {text: known.get(orcid or text.strip()) for text, orcid in orcids.items()}
        return {text: row for text, row in found.items() if row}

    def with_names(self):
        return self.prefetch_related("names")


@track
class Person(models.Model):
    """A human being. Titles and offices held belong to the records that report them, not here."""

    uid = UidField(unique=True)
    name = models.CharField(max_length=200, help_text="As you would address an envelope, without titles.")
    orcid = models.CharField(
        "ORCID iD",
        max_length=19,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_orcid],
        help_text="For example 0000-0002-1825-0097; a full address is understood too.",
    )
    visibility = models.CharField(
        max_length=10,
        choices=Disclosure,
        default=Disclosure.INTERNAL,
        help_text="Becomes public when a public agreement that names the person is published.",
    )
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = PersonQuerySet.as_manager()

    #: The name in the reader's language, where a page has asked for it and it differs.
    local_name = ""

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(condition=~models.Q(name__regex=r"^\s*$"), name="person_named"),
            models.CheckConstraint(
                condition=models.Q(orcid__isnull=True) | models.Q(orcid__regex=r"^(\d{4}-){3}\d{3}[\dX]$"),
                name="person_orcid_form",
            ),
            models.CheckConstraint(
                condition=models.Q(visibility__in=Disclosure.values), name="person_visibility_known"
            ),
        ]
        indexes = [GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="person_name_trgm")]
        triggers = [touch(), never_hidden_again()]

    def __str__(self) -> str:
        return self.local_name or self.name

    def clean_fields(self, exclude=None) -> None:
        """Accept an ORCID iD in any written form before the field's own check sees it."""
        if self.orcid:
            self.orcid = parse_orcid(self.orcid) or self.orcid
        self.orcid = self.orcid or None
        super().clean_fields(exclude=exclude)


@track
class PersonName(models.Model):
    """Another form of a person's name: native script, romanised, alias or former."""

    class Kind(models.TextChoices):
        NATIVE = "native", _("Native script")
        ROMANISED = "romanised", _("Romanised")
        ALIAS = "alias", _("Also known as")
        FORMER = "former", _("Former name")

    person = models.ForeignKey(Person, models.CASCADE, related_name="names")
    value = models.CharField("name", max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ALIAS)
    language = models.CharField(
        max_length=35,
        blank=True,
        help_text="Language tag such as ko or zh-Hant; empty if it does not matter.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "value", "kind", "language"],
                name="person_name_once",
                violation_error_message="This person carries this name already.",
            ),
            models.CheckConstraint(condition=~models.Q(value__regex=r"^\s*$"), name="person_name_not_empty"),
        ]
        indexes = [GinIndex(OpClass(Upper("value"), "gin_trgm_ops"), name="person_names_trgm")]
        triggers = [touch("person")]

    def __str__(self) -> str:
        return self.value
