from django.db import models
from django.db.models import F, Q

from partnerships.choices import RelationKind
from people.history import track
from people.triggers import acyclic, touch

from .agreement import Agreement
from .constraints import known


@track
class AgreementRelation(models.Model):
    """What an agreement does to an older one. Stored once, backward; the inverse is derived."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=12, choices=RelationKind)
    target = models.ForeignKey(Agreement, models.CASCADE, related_name="inverse_relations")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "target"],
                name="relation_once",
                violation_error_message="This relation stands already.",
            ),
            models.CheckConstraint(
                condition=~Q(agreement=F("target")),
                name="relation_not_to_itself",
                violation_error_message="An agreement cannot relate to itself.",
            ),
            known("kind", RelationKind, "relation_kind_known"),
        ]
        triggers = [
            touch("agreement"),
            # Across kinds: A renews B while B amends A would be nonsense too.
            acyclic("relation_acyclic", "agreement_id", "target_id"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target}"
