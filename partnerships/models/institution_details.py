"""What belongs to an institution: names, further places, identifiers, relatives."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from partnerships.choices import IdentifierScheme, LinkKind, NameKind
from partnerships.ror import validate_ror
from people.history import track
from people.triggers import acyclic, touch

from .constraints import known, not_blank, not_merged, on_earth
from .country import Country
from .institution import Institution


def from_ror() -> models.BooleanField:
    """True for a row that ROR gave: the next import may take it away again, and no other row."""
    return models.BooleanField("given by ROR", default=False, editable=False)


@track
class InstitutionName(models.Model):
    """A name in one language, an acronym, an alias or a former name."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="names")
    value = models.CharField("name", max_length=500)
    kind = models.CharField(max_length=10, choices=NameKind, default=NameKind.LABEL)
    language = models.CharField(
        max_length=35,
        blank=True,
        help_text="Language tag such as ko or zh-Hant; empty if it does not matter.",
    )
    from_ror = from_ror()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "value", "kind", "language"],
                name="institution_name_once",
                violation_error_message="This institution carries this name already.",
            ),
            known("kind", NameKind, "institution_name_kind_known"),
            not_blank("value", "institution_name_not_empty"),
        ]
        indexes = [GinIndex(OpClass(Upper("value"), "gin_trgm_ops"), name="institution_names_trgm")]
        triggers = [touch("institution")]

    def __str__(self) -> str:
        return self.value


@track
class InstitutionLocation(models.Model):
    """A further place of an institution; the first one stands on the institution itself."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="further_locations")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    region = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    geonames_id = models.PositiveIntegerField(null=True, blank=True)
    from_ror = from_ror()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "geonames_id"], name="institution_location_once"),
            on_earth("institution_location_on_earth"),
        ]
        triggers = [touch("institution")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.country_id) if part)


@track
class InstitutionIdentifier(models.Model):
    """What another register calls the institution."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=IdentifierScheme)
    value = models.CharField(max_length=100)
    preferred = models.BooleanField(default=False)
    from_ror = from_ror()

    class Meta:
        ordering = ["scheme", "-preferred", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "scheme", "value"], name="institution_identifier_once"
            ),
            known("scheme", IdentifierScheme, "institution_identifier_scheme_known"),
            not_blank("value", "institution_identifier_not_empty"),
        ]
        indexes = [models.Index(fields=["scheme", "value"], name="institution_by_identifier")]
        triggers = [touch("institution")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@track
class InstitutionLink(models.Model):
    """An institution and another one that stands above it, before it or beside it.

    Stored once, backward: a child names its parent, a successor its predecessor.
    """

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=12, choices=LinkKind, default=LinkKind.PARENT)
    target = models.ForeignKey(Institution, models.CASCADE, related_name="inverse_links")
    from_ror = from_ror()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "target"],
                name="institution_link_once",
                violation_error_message="This relation stands already.",
            ),
            models.CheckConstraint(
                condition=~Q(institution=F("target")),
                name="institution_link_not_to_itself",
                violation_error_message="An institution cannot relate to itself.",
            ),
            known("kind", LinkKind, "institution_link_kind_known"),
        ]
        indexes = [models.Index(fields=["target", "kind"], name="institution_link_inverse")]
        triggers = [
            touch("institution"),
            acyclic(
                "institution_link_acyclic",
                "institution_id",
                "target_id",
                same="kind",
                only="parent predecessor",
            ),
            not_merged("institution_id", "target_id"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target}"


@track
class PendingInstitutionLink(models.Model):
    """A relation that ROR states to an institution which is not here yet; it waits for it."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="pending_links")
    kind = models.CharField(
        max_length=12, help_text="ROR's word: parent, child, predecessor, successor, related."
    )
    target_ror_id = models.CharField(
        "ROR id of the other", max_length=9, validators=[validate_ror], db_index=True
    )
    target_label = models.CharField("its name in ROR", max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "target_ror_id"], name="pending_institution_link_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["parent", "child", "predecessor", "successor", "related"]),
                name="pending_institution_link_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_ror_id}"
