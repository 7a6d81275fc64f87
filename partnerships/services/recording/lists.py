"""The lists of an agreement: their tables, and how facts of one list name rows of another."""

from typing import Any

from partnerships.models import (
    Activity,
    AgreementFocusArea,
    AgreementIdentifier,
    AgreementRelation,
    Party,
    Period,
    Signatory,
    Source,
    Statement,
)

from .rows import Rows, misplaced

Facts = dict[str, Any]

PARTIES = Rows("parties", Party, key=("institution",))
SIGNATORIES = Rows("signatories", Signatory, key=("party", "name_as_printed"), within="party")
SOURCES = Rows("sources", Source, key=("kind", "title"))
STATEMENTS = Rows("statements", Statement, key=("person", "language"))
SUBJECTS = Rows("focus_areas", AgreementFocusArea, key=("focus_area",))
ACTIVITIES = Rows("activities", Activity, key=("kind", "direction", "from_party", "to_party"))
PERIODS = Rows("periods", Period, key=("number",))
IDENTIFIERS = Rows("identifiers", AgreementIdentifier, key=("system", "value"))
RELATIONS = Rows("relations", AgreementRelation, key=("kind", "target"))
LISTS = {
    "parties", "signatories", "sources", "statements", "focus_areas", "activities", "periods", "relations",
    "identifiers",
}  # fmt: skip


def signatory_rows(facts: Facts, parties: dict[int, Party]) -> list[Facts]:
    """Signatories, each with the party that it signed for.

    Args:
        parties: the parties by the key of their institution.

    Raises:
        ValidationError: naming the one that signed for somebody else.
    """
    return [
        {"party": _party(parties, "signatories", index, "institution", row.pop("institution")), **row}
        for index, row in enumerate(_copied(facts["signatories"]))
    ]


def activity_rows(facts: Facts, parties: dict[int, Party]) -> list[Facts]:
    """Activities, each with the parties that it leads from and to; errors as for signatories."""
    rows = _copied(facts["activities"])
    for index, row in enumerate(rows):
        for end in ("from", "to"):
            institution = row.pop(f"{end}_institution")
            row[f"{end}_party"] = institution and _party(
                parties, "activities", index, f"{end}_institution", institution
            )
    return rows


def statement_rows(facts: Facts, labels: dict[str, Source]) -> list[Facts]:
    """Statements, each with its source.

    Args:
        labels: the sources by the id that a statement may name them by.

    Raises:
        ValidationError: naming the statement whose source is none of these.
    """
    rows = _copied(facts["statements"])
    for index, row in enumerate(rows):
        row["source"] = _source(labels, index, row.get("source"))
    return rows


def labels_of(facts: Facts, sources: list[Source]) -> dict[str, Source]:
    """Sources by the id that a statement may name them by: their own, or the one given in the list."""
    labels = {row.uid: row for row in sources}
    for given, row in zip(facts["sources"], sources, strict=True):
        labels.setdefault(given.get("id"), row)
    return labels


def _party(parties: dict[int, Party], name: str, index: int, field: str, institution) -> Party:
    if institution.pk not in parties:
        raise misplaced(name, index, field, f"{institution} is no party of this agreement.")
    return parties[institution.pk]


def _source(labels: dict[str, Source], index: int, label: str | None) -> Source | None:
    if not label:
        return None
    if label not in labels:
        raise misplaced("statements", index, "source", f"“{label}” is no source of this agreement.")
    return labels[label]


def _copied(rows: list[Facts]) -> list[Facts]:
    return [dict(row) for row in rows]
