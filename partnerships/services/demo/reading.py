"""From TOML files to facts. What is misspelt, missing or points nowhere is refused by name."""

import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

from .facts import AgreementFacts, EventFacts, Facts, FocusAreaFacts, InstitutionFacts, PersonFacts

#: The demo record of the project itself.
DEMO = Path(__file__).parents[2] / "demo"

T = TypeVar("T")


class FactsError(Exception):
    """A facts file says something that cannot be taken; the message names file and key."""


def read_facts(folder: Path = DEMO) -> Facts:
    """Read ``institutions.toml``, ``people.toml``, ``events.toml``, ``focus_areas.toml`` and
    ``agreements/*.toml`` of a folder.

    Raises:
        FactsError: a file is missing or not TOML; a key is unknown or missing; a value does not
            fit; a reference points to nothing.
    """
    facts = Facts(
        institutions=_tables(folder / "institutions.toml", InstitutionFacts),
        people=_tables(folder / "people.toml", PersonFacts),
        events=_tables(folder / "events.toml", EventFacts),
        focus_areas=_tables(folder / "focus_areas.toml", FocusAreaFacts),
        agreements={
            path.stem: _build(AgreementFacts, _toml(path), path.name, key=path.stem)
            for path in sorted((folder / "agreements").glob("*.toml"))
        },
    )
    for where, word, key, known in _references(facts):
        if key not in known:
            raise FactsError(f"{where}: {word} “{key}” is not described in any file.")
    _refuse_circles("institutions.toml", {key: row.parents for key, row in facts.institutions.items()})
    areas = facts.focus_areas.items()
    _refuse_circles("focus_areas.toml", {key: (row.parent,) if row.parent else () for key, row in areas})
    return facts


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FactsError(f"{path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise FactsError(f"{path.name} is no valid TOML: {error}.") from error


def _tables(path: Path, of: type[T]) -> dict[str, T]:
    """Read a file of tables; a table's name is the record's key."""
    return {key: _build(of, table, f"{path.name}, [{key}]", key=key) for key, table in _toml(path).items()}


def _build(of: type[T], table: Any, where: str, **given: str) -> T:
    """Return ``of`` filled from a table, after a check of every key and value."""
    if not isinstance(table, dict):
        raise FactsError(f"{where}: is not a table.")
    known = {entry.name: entry for entry in fields(of) if entry.metadata}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise FactsError(f"{where}: the key “{key}” is not known.")
    for name, entry in known.items():
        if name not in table and entry.default is MISSING:
            raise FactsError(f"{where}: the key “{name}” is missing.")
    return of(**given, **{key: _value(known[key], value, where) for key, value in table.items()})


def _value(entry: Any, value: Any, where: str) -> Any:
    if inner := entry.metadata.get("tables"):
        if not isinstance(value, list):
            raise FactsError(f"{where}: {entry.name} is not a list of tables.")
        return tuple(
            _build(inner, table, f"{where}, {entry.name} {number}") for number, table in enumerate(value, 1)
        )
    try:
        return entry.metadata["convert"](value)
    except ValueError as error:
        raise FactsError(f"{where}: {entry.name} “{value}”: {error}") from error


def _references(facts: Facts) -> Iterator[tuple[str, str, str, Any]]:
    """Yield every key that one record says of another: where, as what, which, among which."""
    for key, institution in facts.institutions.items():
        for parent in institution.parents:
            yield f"institutions.toml, [{key}]", "parent", parent, facts.institutions
    for key, area in facts.focus_areas.items():
        if area.parent:
            yield f"focus_areas.toml, [{key}]", "parent", area.parent, facts.focus_areas
    for key, agreement in facts.agreements.items():
        for word, other, known in _said_by(agreement, facts):
            yield f"{key}.toml", word, other, known


def _refuse_circles(where: str, parents: dict[str, tuple[str, ...]]) -> None:
    try:
        tuple(TopologicalSorter(parents).static_order())
    except CycleError as error:
        raise FactsError(f"{where}: the parents close a circle: {', '.join(error.args[1])}.") from error


def _said_by(agreement: AgreementFacts, facts: Facts) -> Iterator[tuple[str, str, Any]]:
    parties = {party.institution for party in agreement.parties}
    if agreement.event:
        yield "event", agreement.event, facts.events
    for party in agreement.parties:
        yield "institution", party.institution, facts.institutions
        for signatory in party.signatories:
            yield "person", signatory.person, facts.people
    for statement in agreement.statements:
        yield "person", statement.person, facts.people
        if statement.institution:
            yield "institution", statement.institution, facts.institutions
    for subject in agreement.focus_areas:
        yield "focus area", subject.area, facts.focus_areas
    for activity in agreement.activities:
        for party_key in filter(None, (activity.from_party, activity.to_party)):
            yield "party", party_key, parties
    for relation in agreement.relations:
        yield "agreement", relation.agreement, facts.agreements
