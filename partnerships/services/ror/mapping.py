"""A ROR v2 record in the registry's words.

Source: ROR schema 2.1 (https://ror.readme.io/docs/ror-data-structure). What the registry has no
room for (domains, links to Wikipedia, codes of continents and subdivisions) is left out.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from partnerships.choices import IdentifierScheme, InstitutionState, InstitutionType, NameKind
from partnerships.ror import parse_ror
from people.access import Disclosure

from .values import Refused, day, degrees, inner, integer, listed, member, objects, required_text, text

RELATIONS = frozenset({"parent", "child", "predecessor", "successor", "related"})
_TYPES = frozenset(InstitutionType.values)
_STATES = frozenset(InstitutionState.values)
_SCHEMES = frozenset(IdentifierScheme.values)
_NAME_TYPES = frozenset({NameKind.LABEL, NameKind.ACRONYM, NameKind.ALIAS, "ror_display"})
_KINDS = (NameKind.LABEL, NameKind.ACRONYM, NameKind.ALIAS)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_WEBSITE = re.compile(r"https?://[^\s/]+", re.IGNORECASE)
_GEONAMES_LIMIT = 2_147_483_647

#: Further rows of a record: what makes a row unlike another one, and what it says besides.
Rows = dict[tuple, tuple]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as ROR words it: ``ror_id`` is the record's ``kind``."""

    kind: str
    ror_id: str
    label: str


@dataclass(slots=True)
class Record:
    """What a record says, ready to be compared with what is stored."""

    ror_id: str
    facts: dict[str, Any]
    names: Rows = field(default_factory=dict)
    identifiers: Rows = field(default_factory=dict)
    locations: Rows = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    refused_relations: list[str] = field(default_factory=list)
    position: int = 0


def claimed_id(raw: Any) -> str | None:
    """Return what a record gives as its id, short enough to print; None if it gives none."""
    found = raw.get("id") if isinstance(raw, dict) else None
    return found[:60] if isinstance(found, str) else None


def map_record(raw: Any, countries: frozenset[str]) -> Record:
    """Translate one element of a ROR v2 dump.

    Args:
        countries: the codes of the countries that the registry knows.

    Raises:
        Refused: a value is missing, malformed or unknown.
    """
    if not isinstance(raw, dict):
        raise Refused("is not an object")
    ror_id = parse_ror(claimed_id(raw) or "")
    if ror_id is None:
        raise Refused("its id is no ROR id, or the check digits do not fit")
    if "names" not in raw and "name" in raw:
        raise Refused("is a record of ROR schema 1")
    display, names = _names(raw)
    first, locations = _locations(raw, countries)
    types = (member(kind, _TYPES, "the type") for kind in listed(raw, "types"))
    facts = first | {
        "name": display,
        "types": list(dict.fromkeys(types)),
        "website": _website(raw),
        "established": integer(raw.get("established"), "established", 1, 2999),
        "state": member(raw.get("status"), _STATES, "the status"),
        "ror_modified_on": day(
            inner(inner(raw, "admin"), "last_modified").get("date"), "the date of the last change"
        ),
        "visibility": Disclosure.PUBLIC.value,
    }
    record = Record(ror_id, facts, names, _identifiers(raw), locations)
    _relate(record, raw)
    return record


def _names(raw: dict) -> tuple[str, Rows]:
    """Return the display name and the rows of names, in the order of the file.

    The display name has a row too when its language is known, because the institution itself has
    no room for the language. “Alias” says nothing that “label” or “acronym” does not say better,
    so a name that is both has one row.
    """
    display, rows = "", {}
    for entry in objects(raw, "names"):
        value = required_text(entry.get("value"), "a name", limit=500)
        language = text(entry.get("lang"), "the language of a name", limit=35)
        if language and not _LANGUAGE.fullmatch(language):
            raise Refused(f"the language “{language}” of a name is no language tag")
        types = {member(kind, _NAME_TYPES, "the type of a name") for kind in listed(entry, "types")}
        if not types:
            raise Refused("a name has no type")
        if "ror_display" in types:
            if display and display != value:
                raise Refused("has two display names")
            display = value
            types |= {NameKind.LABEL} if language and types <= {"ror_display", NameKind.ALIAS} else set()
        kinds = [kind for kind in _KINDS if kind in types]
        if len(kinds) > 1 and NameKind.ALIAS in kinds:
            kinds.remove(NameKind.ALIAS)
        rows |= {(value, kind.value, language): () for kind in kinds}
    if not display:
        raise Refused("has no display name")
    for kind in (NameKind.LABEL, NameKind.ALIAS):
        rows.pop((display, kind.value, ""), None)
    return display, rows


def _locations(raw: dict, countries: frozenset[str]) -> tuple[dict[str, Any], Rows]:
    """Return the first place as facts of the institution, the others as rows."""
    keys = ("country_id", "region", "city", "latitude", "longitude")
    places: dict[int | None, tuple] = {}
    for row in objects(raw, "locations"):
        places.setdefault(*_place(row, countries))
    (geonames_id, first), *others = places.items() or [(None, (None, "", "", None, None))]
    facts = dict(zip(keys, first, strict=True)) | {"geonames_id": geonames_id}
    return facts, {(key,): values for key, values in others}


def _place(row: dict, countries: frozenset[str]) -> tuple[int, tuple]:
    geonames_id = integer(row.get("geonames_id"), "a GeoNames id", 1, _GEONAMES_LIMIT)
    if geonames_id is None:
        raise Refused("a location has no GeoNames id")
    details = inner(row, "geonames_details")
    country = details.get("country_code")
    if country is not None:
        member(country, countries, "the country code")
    latitude = degrees(details.get("lat"), "a latitude", 90)
    longitude = degrees(details.get("lng"), "a longitude", 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    region = text(details.get("country_subdivision_name"), "a region", limit=200)
    city = text(details.get("name"), "the name of a place", limit=200)
    return geonames_id, (country, region, city, latitude, longitude)


def _website(raw: dict) -> str:
    for link in objects(raw, "links"):
        if link.get("type") == "website":
            address = text(link.get("value"), "the website", limit=500)
            if address and not _WEBSITE.match(address):
                raise Refused(f"the website “{address[:60]}” is no http address")
            return address
    return ""


def _identifiers(raw: dict) -> Rows:
    rows: Rows = {}
    for entry in objects(raw, "external_ids"):
        scheme = member(entry.get("type"), _SCHEMES, "the scheme of an identifier")
        preferred = text(entry.get("preferred"), "an identifier", limit=100)
        values = [required_text(value, "an identifier", limit=100) for value in listed(entry, "all")]
        # What is preferred belongs to the whole, also where ROR forgot to repeat it there.
        for value in dict.fromkeys([*values, *([preferred] if preferred else [])]):
            rows[scheme, value] = (value == preferred,)
    return rows


def _relate(record: Record, raw: dict) -> None:
    """Read the relations. A relation that cannot be taken is refused alone, not with its record."""
    found: dict[tuple[str, str], Relation] = {}
    for row in listed(raw, "relationships"):
        try:
            relation = _relation(row, record.ror_id)
        except Refused as refusal:
            record.refused_relations.append(str(refusal))
        else:
            found.setdefault((relation.kind, relation.ror_id), relation)
    record.relations = list(found.values())


def _relation(row: Any, own: str) -> Relation:
    if not isinstance(row, dict):
        raise Refused("a relation is not an object")
    kind = member(row.get("type"), RELATIONS, "the relation")
    other = parse_ror(claimed_id(row) or "")
    if other is None:
        raise Refused(f"{kind}: “{claimed_id(row) or ''}” is no ROR id, or the check digits do not fit")
    if other == own:
        raise Refused(f"{kind}: relates to itself")
    return Relation(kind, other, text(row.get("label"), "the label of a relation", limit=500))
