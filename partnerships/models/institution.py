from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from partnerships.choices import InstitutionState, InstitutionType
from partnerships.querysets.institutions import InstitutionQuerySet
from partnerships.ror import parse_ror, ror_url, validate_ror
from people.access import Disclosure
from people.history import track
from people.triggers import never_hidden_again, touch
from people.uids import UidField

from .constraints import known, not_blank, on_earth
from .country import Country


@track
class Institution(models.Model):
    """An organisation that can be a party; a faculty or graduate school is one with a parent."""

    uid = UidField(unique=True)
    name = models.CharField(
        max_length=500,
        help_text="The name to show. Further names, acronyms and scripts have a list of their own.",
    )
    ror_id = models.CharField(
        "ROR id",
        max_length=9,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_ror],
        help_text="For example 035dkdb55; a full address is understood too.",
    )
    types = ArrayField(models.CharField(max_length=20, choices=InstitutionType), default=list, blank=True)
    description = models.TextField(
        blank=True, help_text="What a source says of the institution, in your words."
    )
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="institutions", db_index=False
    )
    region = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    geonames_id = models.PositiveIntegerField(null=True, blank=True)
    website = models.URLField(max_length=500, blank=True)
    established = models.PositiveSmallIntegerField("established (year)", null=True, blank=True)
    state = models.CharField(max_length=10, choices=InstitutionState, default=InstitutionState.ACTIVE)
    ror_modified_on = models.DateField("last modified in ROR", null=True, blank=True, editable=False)
    visibility = models.CharField(
        max_length=10,
        choices=Disclosure,
        default=Disclosure.INTERNAL,
        help_text="Becomes public when a public agreement that names the institution is published.",
    )
    links_to = models.ManyToManyField(
        "self", through="InstitutionLink", symmetrical=False, related_name="links_from"
    )
    #: Where it was merged into another one: that one, and never one that was merged itself.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="absorbed", db_index=False
    )
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = InstitutionQuerySet.as_manager()

    #: The name in the reader's language, where a page has asked for it and it differs.
    local_name = ""

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            not_blank("name", "institution_named"),
            known("visibility", Disclosure, "institution_visibility_known"),
            known("state", InstitutionState, "institution_state_known"),
            models.CheckConstraint(
                condition=Q(types__contained_by=InstitutionType.values), name="institution_types_known"
            ),
            models.CheckConstraint(
                condition=Q(ror_id__isnull=True) | Q(ror_id__regex=r"^0[a-hj-km-np-tv-z0-9]{6}\d{2}$"),
                name="institution_ror_form",
            ),
            on_earth("institution_place_on_earth"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="institution_merged_into_another",
            ),
        ]
        indexes = [
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="institution_name_trgm"),
            models.Index(fields=["name", "id"], name="institution_by_name"),
            models.Index(fields=["country", "name", "id"], name="institution_by_country"),
            models.Index(fields=["updated_at", "id"], name="institution_by_change"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="institutions_merged",
            ),
        ]
        triggers = [touch(), never_hidden_again()]

    def __str__(self) -> str:
        return self.local_name or self.name

    @property
    def ror_url(self) -> str | None:
        return ror_url(self.ror_id)

    def is_called(self, text: str) -> bool:
        """Whether ``text`` is the id of this very institution: its uid, or its ROR id in any written form."""
        text = text.strip()
        return text == self.uid or bool(self.ror_id and parse_ror(text) == self.ror_id)

    def clean_fields(self, exclude=None) -> None:
        """Accept a ROR id in any written form before the field's own check sees it."""
        if self.ror_id:
            self.ror_id = parse_ror(self.ror_id) or self.ror_id
        self.ror_id = self.ror_id or None
        super().clean_fields(exclude=exclude)
