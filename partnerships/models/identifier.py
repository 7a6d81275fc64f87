from django.db import models

from partnerships.querysets.parts import PartQuerySet
from people.history import track
from people.triggers import touch

from .agreement import Agreement
from .constraints import not_blank


@track
class AgreementIdentifier(models.Model):
    """What another register, or an office's own list, calls the agreement.

    A system gives an identifier to one agreement only: that is how an import knows a record again.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="identifiers")
    system = models.CharField(
        max_length=50, help_text="Who gives the identifier, in a short word of your own: esac."
    )
    value = models.CharField("identifier", max_length=200)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["system", "value"]
        verbose_name = "identifier of an agreement"
        verbose_name_plural = "identifiers of agreements"
        constraints = [
            models.UniqueConstraint(
                fields=["system", "value"],
                name="agreement_identifier_once",
                violation_error_message="Another agreement carries this identifier.",
            ),
            not_blank("system", "agreement_identifier_system_given"),
            not_blank("value", "agreement_identifier_given"),
        ]
        triggers = [touch("agreement")]

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"
