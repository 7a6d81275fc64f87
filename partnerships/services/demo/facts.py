"""What a facts file may say. A field that a file leaves out is not known.

``key`` names a record inside the files: the table's name, or the file's for an agreement. It never
changes, because the record's public id is made from it (``stable_uid``).
"""

# ruff: noqa: RUF009 -- fact() and tables() return dataclass fields

import hashlib
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field
from typing import Any

from partnerships.choices import (
    ActivityKind,
    AgreementType,
    Binding,
    Direction,
    EndKind,
    InstitutionType,
    NameKind,
    PartyRole,
    RelationKind,
    SourceKind,
    SubjectScheme,
    Supported,
)
from partnerships.partial_dates import PartialDate
from people.models.person import PersonName
from people.uids import ALPHABET, LENGTH

from .values import degrees, each, flag, one_of, partial_date, prose, ror_id, text, whole


def stable_uid(kind: str, key: str) -> str:
    """Return the public id of a demo record: the same in every registry, so that links survive.

    The digits of SHA-256 of ``entente demo <kind> <key>`` in the alphabet of uids. About 47 bits,
    so it collides neither with another demo record nor, in practice, with a random uid.
    """
    number = int.from_bytes(hashlib.sha256(f"entente demo {kind} {key}".encode()).digest())
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)


def fact(convert: Callable[[Any], Any], default: Any = MISSING) -> Any:
    """A field that the file gives as ``convert`` takes it; without ``default`` it must be given."""
    return field(default=default, metadata={"convert": convert})


def tables(of: type) -> Any:
    """A list of tables, each with the fields of ``of``."""
    return field(default=(), metadata={"tables": of})


@dataclass(frozen=True, kw_only=True)
class NameFacts:
    value: str = fact(text)
    kind: str = fact(one_of(NameKind), NameKind.LABEL)
    language: str = fact(text, "")


@dataclass(frozen=True, kw_only=True)
class InstitutionFacts:
    key: str
    name: str = fact(text)
    ror: str | None = fact(ror_id, None)
    types: tuple[str, ...] = fact(each(one_of(InstitutionType)), ())
    description: str = fact(prose, "")
    country: str | None = fact(text, None)
    region: str = fact(text, "")
    city: str = fact(text, "")
    latitude: float | None = fact(degrees, None)
    longitude: float | None = fact(degrees, None)
    geonames: int | None = fact(whole, None)
    website: str = fact(text, "")
    established: int | None = fact(whole, None)
    parents: tuple[str, ...] = fact(each(text), ())
    names: tuple[NameFacts, ...] = tables(NameFacts)


@dataclass(frozen=True, kw_only=True)
class PersonNameFacts:
    value: str = fact(text)
    kind: str = fact(one_of(PersonName.Kind), PersonName.Kind.ALIAS)
    language: str = fact(text, "")


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    key: str
    name: str = fact(text)
    names: tuple[PersonNameFacts, ...] = tables(PersonNameFacts)


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    key: str
    name: str = fact(text)
    starts_on: PartialDate | None = fact(partial_date, None)
    ends_on: PartialDate | None = fact(partial_date, None)
    place: str = fact(text, "")
    country: str | None = fact(text, None)


@dataclass(frozen=True, kw_only=True)
class MappingFacts:
    scheme: str = fact(one_of(SubjectScheme))
    code: str = fact(text)
    label: str = fact(text, "")


@dataclass(frozen=True, kw_only=True)
class FocusAreaFacts:
    key: str
    name: str = fact(text)
    parent: str | None = fact(text, None)
    description: str = fact(prose, "")
    mappings: tuple[MappingFacts, ...] = tables(MappingFacts)


@dataclass(frozen=True, kw_only=True)
class SignatoryFacts:
    person: str = fact(text)
    name_as_printed: str = fact(text)
    title_as_printed: str = fact(text, "")


@dataclass(frozen=True, kw_only=True)
class PartyFacts:
    institution: str = fact(text)
    role: str = fact(one_of(PartyRole), PartyRole.PARTY)
    signatories: tuple[SignatoryFacts, ...] = tables(SignatoryFacts)


@dataclass(frozen=True, kw_only=True)
class StatementFacts:
    person: str = fact(text)
    capacity: str = fact(text, "")
    institution: str | None = fact(text, None)
    summary: str = fact(prose)


@dataclass(frozen=True, kw_only=True)
class SubjectFacts:
    area: str = fact(text)
    emphasised: bool = fact(flag, False)


@dataclass(frozen=True, kw_only=True)
class ActivityFacts:
    """``from_party`` and ``to_party`` name the institutions of an activity that goes one way."""

    kind: str = fact(one_of(ActivityKind))
    direction: str = fact(one_of(Direction), Direction.NOT_STATED)
    from_party: str | None = fact(text, None)
    to_party: str | None = fact(text, None)
    quota: int | None = fact(whole, None)
    quota_note: str = fact(prose, "")
    starts_on: PartialDate | None = fact(partial_date, None)
    ends_on: PartialDate | None = fact(partial_date, None)
    description: str = fact(prose, "")


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    kind: str = fact(one_of(SourceKind), SourceKind.PRESS_RELEASE)
    title: str = fact(text)
    url: str = fact(text, "")
    publisher: str = fact(text, "")
    published_on: PartialDate | None = fact(partial_date, None)
    language: str = fact(text, "")
    supports: tuple[str, ...] = fact(each(one_of(Supported)), ())
    note: str = fact(prose, "")


@dataclass(frozen=True, kw_only=True)
class RelationFacts:
    kind: str = fact(one_of(RelationKind))
    agreement: str = fact(text)
    note: str = fact(prose, "")


@dataclass(frozen=True, kw_only=True)
class AgreementFacts:
    key: str
    title: str = fact(text)
    type: str = fact(one_of(AgreementType))
    summary: str = fact(prose, "")
    announced_on: PartialDate | None = fact(partial_date, None)
    signed_on: PartialDate | None = fact(partial_date, None)
    signed_place: str = fact(text, "")
    signed_country: str | None = fact(text, None)
    effective_from: PartialDate | None = fact(partial_date, None)
    end: str = fact(one_of(EndKind), EndKind.UNKNOWN)
    ends_on: PartialDate | None = fact(partial_date, None)
    binding: str = fact(one_of(Binding), Binding.NOT_STATED)
    event: str | None = fact(text, None)
    parties: tuple[PartyFacts, ...] = tables(PartyFacts)
    statements: tuple[StatementFacts, ...] = tables(StatementFacts)
    focus_areas: tuple[SubjectFacts, ...] = tables(SubjectFacts)
    activities: tuple[ActivityFacts, ...] = tables(ActivityFacts)
    sources: tuple[SourceFacts, ...] = tables(SourceFacts)
    relations: tuple[RelationFacts, ...] = tables(RelationFacts)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that a folder of facts files says, each kind by its keys."""

    institutions: dict[str, InstitutionFacts]
    people: dict[str, PersonFacts]
    events: dict[str, EventFacts]
    focus_areas: dict[str, FocusAreaFacts]
    agreements: dict[str, AgreementFacts]
