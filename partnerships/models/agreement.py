from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from partnerships.choices import AgreementType, Binding, DurationUnit, EndKind, PublicationState, Renewal
from partnerships.fields import PartialDateField
from partnerships.querysets.agreements import AgreementQuerySet
from people.access import Visibility
from people.history import track
from people.models import Office
from people.triggers import touch
from people.uids import UidField

from .constraints import end_fits_kind, in_order, keeps_publishable, known, not_blank, voids_approval
from .country import Country
from .event import Event
from .focus_area import AgreementFocusArea, FocusArea


class Ending(models.Model):
    """How a term ends: on a date, open-ended, or not known. Three different things."""

    end_kind = models.CharField("end", max_length=10, choices=EndKind, default=EndKind.UNKNOWN)
    ends_on = PartialDateField(null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Name the field where end and date of ending disagree."""
        super().clean()
        if self.end_kind == EndKind.DATE and self.ends_on is None:
            raise ValidationError({"ends_on": "Give the date, or choose another kind of end."})
        if self.end_kind != EndKind.DATE and self.ends_on is not None:
            raise ValidationError({"ends_on": "A date of ending needs the end “on a date”."})


@track
class Agreement(Ending):
    """The instrument: what two or more institutions agreed, as its sources report it.

    Every date is null where no source states it. ``effective_from`` and the end are those of
    the first term; ``Period`` rows hold later ones. The legal status is derived (``status.py``).
    """

    uid = UidField(unique=True)
    title = models.CharField(max_length=500)
    type = models.CharField(max_length=30, choices=AgreementType)
    summary = models.TextField(blank=True, help_text="What the agreement is about, in your own words.")
    languages = ArrayField(
        models.CharField(max_length=35),
        default=list,
        blank=True,
        help_text="Languages of the instrument, as tags separated by commas: en, ko.",
    )

    announced_on = PartialDateField(null=True, blank=True)
    signed_on = PartialDateField(null=True, blank=True)
    signed_place = models.CharField("place of signing", max_length=200, blank=True)
    signed_country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="country of signing"
    )
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        help_text="The occasion of signing.",
    )
    effective_from = PartialDateField(null=True, blank=True)
    term_as_stated = models.CharField(
        max_length=300, blank=True, help_text="For example: five years from signature."
    )
    renewal = models.CharField(max_length=20, choices=Renewal, default=Renewal.NOT_STATED)
    renewal_note = models.CharField(max_length=300, blank=True)
    notice_amount = models.PositiveSmallIntegerField(
        "notice period", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    notice_unit = models.CharField("unit of notice", max_length=10, choices=DurationUnit, blank=True)
    terminated_on = PartialDateField(null=True, blank=True)
    termination_reason = models.TextField(blank=True)
    binding = models.CharField(max_length=15, choices=Binding, default=Binding.NOT_STATED)

    focus_areas = models.ManyToManyField(FocusArea, through=AgreementFocusArea, related_name="agreements")

    publication_state = models.CharField(
        max_length=10, choices=PublicationState, default=PublicationState.DRAFT, editable=False
    )
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who looks after the record and is reminded of its deadlines.",
    )
    backup = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is reminded as well.",
    )
    published_at = models.DateTimeField("first published", null=True, editable=False)
    shared_with = models.ManyToManyField(Office, through="SharedOffice", related_name="+")
    confidential_terms = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Read by members of the owning office alone: on no page, in no search, export or API.",
    )
    withdrawal_reason = models.TextField(blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    #: What has to change, in the reviewer's words; until the record is submitted again.
    sent_back_comment = models.TextField(blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = AgreementQuerySet.as_manager()

    #: Fields that only members of the owning office read (``people.access.fields_hidden_from``).
    office_only = ("confidential_terms",)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        constraints = [
            not_blank("title", "agreement_titled"),
            known("type", AgreementType, "agreement_type_known"),
            known("binding", Binding, "agreement_binding_known"),
            known("renewal", Renewal, "agreement_renewal_known"),
            known("publication_state", PublicationState, "agreement_publication_state_known"),
            known("visibility", Visibility, "agreement_visibility_known"),
            end_fits_kind("agreement_end_fits_kind"),
            in_order(
                "effective_from",
                "ends_on",
                "agreement_ends_after_start",
                "The end lies before the effective date.",
            ),
            in_order(
                "signed_on", "ends_on", "agreement_ends_after_signing", "The end lies before the signing."
            ),
            in_order(
                "signed_on",
                "terminated_on",
                "agreement_terminated_after_signing",
                "The termination lies before the signing.",
            ),
            models.CheckConstraint(
                condition=Q(termination_reason="") | Q(terminated_on__isnull=False),
                name="agreement_termination_reason_needs_date",
                violation_error_message="A reason for termination needs the date of termination.",
            ),
            models.CheckConstraint(
                condition=Q(notice_amount__isnull=True, notice_unit="")
                | Q(notice_amount__isnull=False, notice_amount__gt=0, notice_unit__in=DurationUnit.values),
                name="agreement_notice_complete",
                violation_error_message="A notice period needs a number and a unit.",
            ),
            models.CheckConstraint(
                condition=~Q(publication_state=PublicationState.WITHDRAWN)
                | ~Q(withdrawal_reason__regex=r"^\s*$"),
                name="agreement_withdrawn_with_reason",
                violation_error_message="A withdrawal needs a reason.",
            ),
            models.CheckConstraint(
                condition=~Q(publication_state=PublicationState.PUBLISHED) | Q(published_at__isnull=False),
                name="agreement_published_at_known",
            ),
            models.CheckConstraint(
                condition=Q(backup__isnull=True) | ~Q(backup=F("owner")),
                name="agreement_backup_is_another",
                violation_error_message="The backup is somebody else than the owner.",
            ),
            models.CheckConstraint(
                condition=~Q(visibility=Visibility.RESTRICTED) | Q(office__isnull=False),
                name="agreement_restricted_to_an_office",
                violation_error_message="A restricted record needs an office that may see it.",
            ),
        ]
        indexes = [
            GinIndex(OpClass(Upper("title"), "gin_trgm_ops"), name="agreement_title_trgm"),
            models.Index(
                F("signed_on").desc(nulls_last=True),
                F("id").desc(),
                name="agreement_by_signing",
            ),
            models.Index(F("updated_at").desc(), F("id").desc(), name="agreement_by_change"),
            models.Index(fields=["publication_state", "visibility"], name="agreement_by_gate"),
            # What a card lacks to say when notice is due, read without the row.
            models.Index(
                fields=["id"],
                include=["notice_amount", "notice_unit"],
                name="agreement_notice_of",
                condition=Q(notice_amount__isnull=False),
            ),
            models.Index(
                fields=["notice_unit", "notice_amount"],
                name="agreement_by_notice",
                condition=Q(notice_amount__isnull=False),
            ),
        ]
        triggers = [touch(), keeps_publishable("changed.id"), voids_approval()]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """True where everybody may see the record."""
        return self.publication_state == PublicationState.PUBLISHED and self.visibility == Visibility.PUBLIC

    def clean(self) -> None:
        """Name the field where two facts contradict each other; the constraints say the same."""
        super().clean()
        errors = {}
        for earlier, later, message in (
            ("effective_from", "ends_on", "The end lies before the effective date."),
            ("signed_on", "ends_on", "The end lies before the signing."),
            ("signed_on", "terminated_on", "The termination lies before the signing."),
        ):
            before, after = getattr(self, earlier), getattr(self, later)
            if before and after and after.last_day < before.first_day:
                errors[later] = message
        if self.termination_reason and not self.terminated_on:
            errors["terminated_on"] = "A reason for termination needs the date of termination."
        if bool(self.notice_amount) != bool(self.notice_unit):
            errors["notice_amount"] = "A notice period needs a number and a unit."
        if self.visibility == Visibility.RESTRICTED and self.office_id is None:
            errors["office"] = "A restricted record needs an office that may see it."
        if self.backup_id and self.backup_id == self.owner_id:
            errors["backup"] = "The backup is somebody else than the owner."
        if errors:
            raise ValidationError(errors)


@track
class Period(Ending):
    """A later term of an agreement, after a renewal."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="periods")
    number = models.PositiveSmallIntegerField(default=1, help_text="1 for the first renewal, and so on.")
    starts_on = PartialDateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="period_number_once",
                violation_error_message="Another period carries this number.",
            ),
            end_fits_kind("period_end_fits_kind"),
            in_order("starts_on", "ends_on", "period_ends_after_start", "The period ends before it starts."),
        ]
        triggers = [touch("agreement")]

    def __str__(self) -> str:
        return f"period {self.number}"
