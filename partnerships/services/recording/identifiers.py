"""Knowing a record again by what another system calls it."""

from collections.abc import Iterable

from django.db import connection

from partnerships.models import Agreement, AgreementIdentifier, Institution, InstitutionIdentifier
from partnerships.ror import parse_ror
from people.models import Person
from people.orcid import parse_orcid

ROR, ORCID = "ror", "orcid"


def hold_identifiers(resource: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Let whoever writes the same identifiers wait until the transaction at hand is over.

    Args:
        resource: whose identifiers they are: ``agreement``.
        pairs: system and value of each.
    """
    # Always in the same order, so that two who hold several do not wait for each other.
    words = sorted({f"{resource} {system} {value}" for system, value in pairs})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(word, 0))"
            " FROM (SELECT unnest(%s::text[]) AS word) AS held",
            [words],
        )


def agreements_called(system: str, value: str):
    """The agreement that carries an identifier, whoever may see it; at most one."""
    found = AgreementIdentifier.objects.filter(system=system, value=value)
    return Agreement.objects.filter(pk__in=found.values("agreement"))


def institutions_called(system: str, value: str):
    """Institutions with an identifier: ``ror``, or one of the schemes; several where a register errs.

    One that was merged is not among them: what it was called is given to the survivor.
    """
    if system == ROR:
        return Institution.objects.by_identifier(value) if parse_ror(value) else Institution.objects.none()
    found = InstitutionIdentifier.objects.filter(scheme=system, value=value)
    return Institution.objects.filter(pk__in=found.values("institution"), merged_into=None)


def people_called(system: str, value: str):
    """The person with an ORCID iD."""
    known = system == ORCID and parse_orcid(value)
    return Person.objects.by_identifier(value) if known else Person.objects.none()
