"""Flat tables of records: which columns each resource has in CSV and XLSX.

A column is made from the JSON record itself, so that a table can say nothing that the record does
not. Columns follow ``fields`` and ``omit`` through the key that they are made from.
"""

from collections.abc import Callable
from typing import Any

from partnerships.services.tables import Column


def plain(*names: str) -> list[Column]:
    """Columns that are keys of the record as they stand."""
    return [Column(name, name) for name in names]


def dates(*names: str) -> list[Column]:
    """The same for keys that hold a partial date or a moment."""
    return [Column(name, name, dated=True) for name in names]


def each(name: str, key: str, value: Callable[[Any], Any]) -> Column:
    """A column that lists something of every row under ``key``, separated by ``; ``.

    A row without it keeps its place, so that columns made from the same key stay in step.
    """

    def joined(rows: list) -> str:
        parts = [str(value(row) or "") for row in rows]
        return "; ".join(parts) if any(parts) else ""

    return Column(name, key, joined)


def _inner(name: str) -> Callable[[dict], Any]:
    return lambda found: found[name]


def _institution(name: str) -> Callable[[dict], Any]:
    return lambda party: party["institution"][name]


AGREEMENTS = [
    *plain("id", "html_url", "title", "type", "status", "status_reason", "visibility", "summary"),
    each("languages", "languages", str),
    *dates("announced_on", "signed_on"),
    *plain("signed_place", "signed_country"),
    *dates("effective_from"),
    Column("end_kind", "end", _inner("kind")),
    Column("ends_on", "end", _inner("on"), dated=True),
    Column("current_end_kind", "current_end", _inner("kind")),
    Column("current_ends_on", "current_end", _inner("on"), dated=True),
    *plain("term_as_stated"),
    Column("renewal", "renewal", _inner("rule")),
    Column("notice", "notice", lambda notice: f"{notice['amount']} {notice['unit']}"),
    Column("terminated_on", "termination", _inner("on"), dated=True),
    *plain("binding"),
    Column("event", "event", _inner("name")),
    each("parties", "parties", _institution("name")),
    each("party_ids", "parties", _institution("id")),
    each("party_ror_ids", "parties", _institution("ror_id")),
    each("party_countries", "parties", _institution("country")),
    each("signatories", "signatories", _inner("name_as_printed")),
    each("speakers", "statements", lambda statement: statement["person"]["name"]),
    each("focus_areas", "focus_areas", _inner("name")),
    each("activities", "activities", _inner("kind")),
    each("source_titles", "sources", _inner("title")),
    each("source_urls", "sources", _inner("url")),
    *dates("created_at", "updated_at"),
]

#: What a table for staff says as well.
FOR_STAFF = [*plain("publication_state"), Column("office", "office", _inner("name"))]

PARTNERSHIPS = [
    *plain("id", "html_url"),
    each("institutions", "institutions", _inner("name")),
    each("ror_ids", "institutions", _inner("ror_id")),
    each("countries", "institutions", _inner("country")),
    *plain("agreement_count", "in_force", "first_on", "latest_on"),
    each("types", "types", str),
    each("focus_areas", "focus_areas", _inner("name")),
]

INSTITUTIONS = [
    *plain("id", "html_url", "name", "ror_id"),
    each("names", "names", _inner("value")),
    each("types", "types", str),
    *plain("country", "region", "city", "latitude", "longitude", "website", "established", "state"),
    each("parents", "parents", _inner("name")),
    each("parent_ids", "parents", _inner("id")),
    *plain("agreement_count", "created_at", "updated_at"),
]

PEOPLE = [
    *plain("id", "html_url", "name", "orcid"),
    each("names", "names", _inner("value")),
    each("signed", "signatures", lambda row: row["agreement"]["id"]),
    each("spoke_about", "statements", lambda row: row["agreement"]["id"]),
    *plain("created_at", "updated_at"),
]

EVENTS = plain(
    "id", "html_url", "name", "starts_on", "ends_on", "place", "country", "website", "agreement_count",
    "created_at", "updated_at",
)  # fmt: skip

FOCUS_AREAS = [
    *plain("id", "html_url", "name", "description"),
    Column("parent", "parent", _inner("name")),
    Column("parent_id", "parent", _inner("id")),
    each("mappings", "mappings", lambda row: f"{row['scheme']}:{row['code']}"),
    *plain("agreement_count", "created_at", "updated_at"),
]

COUNTRIES = plain("id", "html_url", "name", "official_name", "agreement_count", "institution_count")

_AGREEMENT = [
    Column("agreement", "agreement", _inner("title")),
    Column("agreement_id", "agreement", _inner("id")),
]

ACTIVITIES = [
    *plain("id", "kind", "direction"),
    Column("from_institution", "from_institution", _inner("name")),
    Column("to_institution", "to_institution", _inner("name")),
    *plain("quota", "quota_note", "starts_on", "ends_on", "description"),
    *_AGREEMENT,
]

SOURCES = [
    *plain("id", "kind", "title", "url", "publisher", "published_on", "retrieved_on", "language"),
    each("supports", "supports", str),
    *plain("quote", "note"),
    *_AGREEMENT,
]

DOCUMENTS = [
    *plain("id", "kind", "title", "version", "language", "filename", "media_type", "size", "sha256"),
    *plain("download_url", "created_at"),
    *_AGREEMENT,
]
