"""A newer agreement takes the place of an older one."""

from django.core.exceptions import ValidationError

from partnerships.choices import RelationKind
from partnerships.models import Agreement, AgreementRelation
from partnerships.services.recording.errors import about
from partnerships.services.recording.rows import write
from partnerships.services.rules import Rule
from people.transactions import one_transaction

from .common import changing

SUPERSEDE = Rule("change")
_CHANGE = "partnerships.change_agreement"


@one_transaction
def supersede(*, agreement: Agreement, by, newer: Agreement, note: str = "", reason: str = "") -> Agreement:
    """Record that ``newer`` takes the place of ``agreement``; it counts once ``newer`` is published.

    Args:
        newer: a record that ``by`` sees and may change: the relation is a part of it.
        note: what a source says of it.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: naming ``newer``.
    """
    # Both at once and in one order, or two such acts would wait for each other.
    keys = [agreement.pk, newer.pk]
    list(Agreement.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values("pk"))
    with changing(SUPERSEDE, agreement, by, reason or f"superseded by “{newer.title}”"[:500]) as locked:
        standing = Agreement.objects.visible_to(by).filter(pk=newer.pk).first()
        if standing is None:
            raise ValidationError({"newer": "There is no such record."})
        if not by.has_perm(_CHANGE, standing):
            raise ValidationError({"newer": "The relation belongs to that record, which you may not change."})
        with about("newer"):
            columns = {"kind": RelationKind.SUPERSEDES, "target_id": locked.pk, "note": note}
            write(AgreementRelation(agreement=standing), columns)
    return agreement


def candidates(agreement: Agreement, user, limit: int = 20) -> list[Agreement]:
    """Records that may have taken the place of ``agreement``: with the same parties, newest first."""
    parties = agreement.parties.values_list("institution_id", flat=True)
    rows = Agreement.objects.visible_to(user).exclude(pk=agreement.pk)
    for key in parties[:2]:
        rows = rows.with_party([key])
    found = rows.order_by("-pk")[:limit] if parties else []
    return [row for row in found if user.has_perm(_CHANGE, row)]
