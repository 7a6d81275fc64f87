"""``include``: full records of what records name, in the same answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from rest_framework.exceptions import ErrorDetail, ValidationError

from partnerships.models import (
    AgreementFocusArea,
    Event,
    FocusArea,
    Institution,
    InstitutionLink,
    Party,
    Signatory,
    Statement,
)
from partnerships.querysets.people import with_appearances
from people.models import Person

from . import serializers
from .errors import unknown_parameters
from .selection import listed


@dataclass(frozen=True)
class Inclusion:
    """A kind of records that may stand beside those that name them.

    Args:
        named: gives for the ids of rows the condition of the records that they name.
        rows: gives the records that a user may see, with what a record shows.
    """

    named: Callable[[Sequence[int]], QuerySet]
    rows: Callable[[object], QuerySet]
    serializer: type

    def records(self, ids: Sequence[int], context: dict) -> list[dict]:
        """The records named by the rows ``ids``, each once, in a fixed number of SQL statements."""
        rows = self.rows(context["request"].user).filter(pk__in=self.named(ids)).order_by("pk")
        return self.serializer(rows, many=True, context=context).data


def asked(parameters, known: Mapping[str, Inclusion]) -> list[str]:
    """Return the kinds of records that a query string asks for; repeated, or separated by commas.

    Raises:
        ValidationError: naming ``include``: one of them is not offered here, or nothing is.
    """
    if "include" in parameters and not known:
        raise ValidationError(unknown_parameters(["include"]))
    names = list(dict.fromkeys(listed(parameters, "include")))
    bad = [name for name in names if name not in known]
    if bad:
        offered = ", ".join(known)
        raise ValidationError(
            {"include": [ErrorDetail(f"“{name}” is not offered: {offered}.", "unknown") for name in bad]}
        )
    return names


def _institutions(user) -> QuerySet:
    return Institution.objects.visible_to(user).for_detail(user)


def _people(user) -> QuerySet:
    return with_appearances(Person.objects.visible_to(user).with_names(), user)


def _linked(kind: str, *, backward: bool) -> Callable[[Sequence[int]], QuerySet]:
    near, far = ("target", "institution") if backward else ("institution", "target")
    links = InstitutionLink.objects.filter(kind=kind)
    return lambda ids: links.filter(**{f"{near}__in": ids}).values(far)


def _parties(ids: Iterable[int]) -> QuerySet:
    spoken_for = Statement.objects.filter(agreement__in=ids, institution__isnull=False)
    return (
        Party.objects.filter(agreement__in=ids).values("institution").union(spoken_for.values("institution"))
    )


def _persons(ids: Iterable[int]) -> QuerySet:
    signed = Signatory.objects.filter(party__agreement__in=ids, person__isnull=False)
    return signed.values("person").union(Statement.objects.filter(agreement__in=ids).values("person"))


def _subjects(ids: Iterable[int]) -> QuerySet:
    return AgreementFocusArea.objects.filter(agreement__in=ids).values("focus_area")


#: Beside agreements: institutions that are parties or are spoken for, those who signed or spoke, …
OF_AGREEMENTS = {
    "institutions": Inclusion(_parties, _institutions, serializers.InstitutionSerializer),
    "people": Inclusion(_persons, _people, serializers.PersonSerializer),
    "events": Inclusion(
        lambda ids: Event.objects.filter(agreements__in=ids).values("pk"),
        lambda user: Event.objects.visible_to(user).for_detail(user),
        serializers.EventSerializer,
    ),
    "focus_areas": Inclusion(
        _subjects,
        lambda user: FocusArea.objects.visible_to(user).for_detail(user),
        serializers.FocusAreaSerializer,
    ),
}
#: Beside institutions: those that they name.
OF_INSTITUTIONS = {
    "parents": Inclusion(_linked("parent", backward=False), _institutions, serializers.InstitutionSerializer),
    "children": Inclusion(_linked("parent", backward=True), _institutions, serializers.InstitutionSerializer),
    "predecessors": Inclusion(
        _linked("predecessor", backward=False), _institutions, serializers.InstitutionSerializer
    ),
    "successors": Inclusion(
        _linked("predecessor", backward=True), _institutions, serializers.InstitutionSerializer
    ),
}
