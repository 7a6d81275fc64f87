"""Questions about people that need their agreements (``people`` itself knows of none)."""

from django.db.models import Prefetch, Q

from partnerships.models import Agreement, Signatory, Statement


def agreements_naming(people, user):
    """Agreements that ``user`` may see and that one of ``people`` signed or spoke about.

    Args:
        people: ids or a queryset of persons.
    """
    signed = Signatory.objects.filter(person__in=people).values("party__agreement")
    spoken = Statement.objects.filter(person__in=people).values("agreement")
    return Agreement.objects.visible_to(user).filter(Q(pk__in=signed) | Q(pk__in=spoken))


def appearances(person, user, cards=None) -> dict[str, list]:
    """What a person did in agreements that ``user`` may see: ``signatures`` and ``statements``.

    Args:
        cards: of agreements; what was done in others is left out.
    """
    visible = Agreement.objects.visible_to(user)
    if cards is not None:
        visible = visible.filter(pk__in=cards.values("pk"))
    return {
        "signatures": list(
            Signatory.objects.filter(person=person, party__agreement__in=visible)
            .select_related("party__agreement", "party__institution")
            .order_by("-party__agreement__signed_on", "pk")
        ),
        "statements": list(
            Statement.objects.filter(person=person, agreement__in=visible)
            .select_related("agreement", "institution")
            .order_by("-agreement__signed_on", "pk")
        ),
    }


def with_appearances(people, user):
    """Fetch with ``people`` what each signed and said in agreements that ``user`` may see."""
    visible = Agreement.objects.visible_to(user).values("pk")
    signatures = Signatory.objects.filter(party__agreement__in=visible)
    statements = Statement.objects.filter(agreement__in=visible)
    return people.prefetch_related(
        Prefetch(
            "signatures",
            signatures.select_related("party__agreement", "party__institution").order_by("-pk"),
        ),
        Prefetch("statements", statements.select_related("agreement", "institution").order_by("-pk")),
    )
