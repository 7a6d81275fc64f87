from django.db import models

from partnerships.choices import PartyRole
from people.history import track
from people.models import Person
from people.triggers import touch

from .agreement import Agreement
from .constraints import keeps_publishable, known, not_blank, not_merged
from .institution import Institution


@track
class Party(models.Model):
    """An institution's part in one agreement."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="parties")
    role = models.CharField(max_length=15, choices=PartyRole, default=PartyRole.PARTY)
    reference = models.CharField(max_length=100, blank=True, help_text="The party's own reference number.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "institution"],
                name="party_once",
                violation_error_message="This institution is a party already.",
            ),
            known("role", PartyRole, "party_role_known"),
        ]
        triggers = [
            touch("agreement"),
            keeps_publishable("changed.agreement_id"),
            not_merged("institution_id"),
        ]

    def __str__(self) -> str:
        return str(self.institution)


@track
class Signatory(models.Model):
    """A person who signed for a party, with name and title as printed at signing.

    The printed name and title are text of their own: editing the person never rewrites them.
    """

    party = models.ForeignKey(Party, models.CASCADE, related_name="signatories")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="signatures")
    name_as_printed = models.CharField(max_length=200)
    title_as_printed = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "signatories"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "person"],
                name="signatory_once",
                violation_error_message="This person signs for this party already.",
            ),
            not_blank("name_as_printed", "signatory_named"),
        ]
        triggers = [
            touch("party", through="agreement"),
            keeps_publishable("(SELECT agreement_id FROM partnerships_party WHERE id = changed.party_id)"),
        ]

    def __str__(self) -> str:
        return self.name_as_printed
